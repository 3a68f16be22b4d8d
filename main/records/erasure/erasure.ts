import type { AuditLog } from '../../audit/index.ts';
import { type Clock, newId, SottoError } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { SubjectReference } from '../contract.ts';
import type { Holds } from '../retention/holds.ts';
import type { Subjects } from '../subjects.ts';
import type { RecordTables } from '../tables.ts';
import type { Words } from '../words.ts';

/** What is kept about a subject, for the review before an erasure: counts, no content. */
export interface SubjectReview {
  readonly subjectId: string;
  readonly conversations: number;
  readonly turns: number;
  readonly toolCalls: number;
  readonly recordedSeconds: number;
  readonly first: number | null;
  readonly last: number | null;
  /** A legal hold stands against it: it cannot be carried out until that is lifted. */
  readonly held: boolean;
}

export interface ErasureRequest {
  readonly id: string;
  readonly subjectId: string;
  readonly requestedAt: number;
  readonly requestedBy: string;
  readonly state: 'requested' | 'withdrawn' | 'done';
  readonly decidedAt: number | null;
  readonly decidedBy: string | null;
  /** A signed note of what was erased, when and by whom; names nobody. */
  readonly certificate: string | null;
}

export interface ErasureParts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly tables: RecordTables;
  readonly words: Words;
  readonly subjects: Subjects;
  readonly holds: Holds;
  readonly clock: Clock;
}

const COLUMNS = `id, subject_id AS subjectId, requested_at AS requestedAt, requested_by AS requestedBy, state,
  decided_at AS decidedAt, decided_by AS decidedBy, certificate`;

/**
 * Erasure of a subject: searched for, reviewed, asked for by one member, confirmed by another. It destroys the keys, and
 * with them every copy in backups whose keyring is renewed; and the rows and the index, overwritten where they lay.
 */
export class Erasure {
  readonly #parts: ErasureParts;

  constructor(parts: ErasureParts) {
    this.#parts = parts;
  }

  /** Null when nobody is known by this. The search is itself an entry of the log. */
  find(reference: SubjectReference, memberId: string): SubjectReview | null {
    const { audit, subjects } = this.#parts;
    const subjectId = subjects.find(reference);
    const detail = { kind: reference.kind, found: subjectId !== null };
    const target = subjectId === null ? 'records' : `subject:${subjectId}`;
    audit.append({ action: 'record.search', actor: memberId, target, outcome: 'success', detail });
    return subjectId === null ? null : this.review(subjectId);
  }

  /** @throws SottoError `erasure/no-subject`. */
  review(subjectId: string): SubjectReview {
    const { vault, holds } = this.#parts;
    const known = vault.db.prepare('SELECT 1 FROM subjects WHERE id = ?').get(subjectId);
    const counts = vault.db
      .prepare<[string], Omit<SubjectReview, 'subjectId' | 'held'>>(
        `SELECT count(*) AS conversations, min(c.started_at) AS first, max(c.started_at) AS last,
           coalesce(sum((SELECT count(*) FROM turns t WHERE t.conversation_id = c.id)), 0) AS turns,
           coalesce(sum((SELECT count(*) FROM tool_calls t WHERE t.conversation_id = c.id)), 0) AS toolCalls,
           coalesce(sum((SELECT sum(duration_ms) FROM recordings r WHERE r.conversation_id = c.id)), 0) / 1000
             AS recordedSeconds
         FROM conversations c WHERE c.subject_id = ?`,
      )
      .get(subjectId);
    if (known === undefined || counts === undefined) throw noSubject();
    return { subjectId, ...counts, held: holds.standsAgainst(subjectId) };
  }

  /** @throws SottoError `erasure/no-subject`, `erasure/requested`. */
  request(subjectId: string, memberId: string): ErasureRequest {
    const { vault, audit, clock } = this.#parts;
    return vault.transaction(() => {
      this.review(subjectId);
      const pending = vault.db
        .prepare("SELECT 1 FROM erasures WHERE subject_id = ? AND state = 'requested'")
        .get(subjectId);
      if (pending !== undefined)
        throw new SottoError('erasure/requested', 'This erasure has been asked for already.', {
          remedy: 'Another member confirms it in the list of erasures.',
        });
      const id = newId();
      vault.db
        .prepare(
          `INSERT INTO erasures (id, subject_id, requested_at, requested_by, state) VALUES (?, ?, ?, ?, 'requested')`,
        )
        .run(id, subjectId, clock.now(), memberId);
      audit.append(event('erasure.request', memberId, subjectId, { erasure: id }));
      return this.#get(id);
    });
  }

  /** @throws SottoError `erasure/not-pending`. */
  withdraw(id: string, memberId: string): void {
    const { vault, audit } = this.#parts;
    vault.transaction(() => {
      const { subjectId } = this.#pending(id);
      this.#decide(id, 'withdrawn', memberId, null);
      audit.append(event('erasure.withdraw', memberId, subjectId, { erasure: id }));
    });
  }

  /**
   * Carries it out. Confirmed by another member than the one who asked; not against a hold.
   * @throws SottoError `erasure/not-pending`, `erasure/second-person`, `erasure/held`.
   */
  confirm(id: string, memberId: string): ErasureRequest {
    const { vault, audit, clock } = this.#parts;
    const refusal = this.#refusal(id, memberId);
    if (refusal !== null) {
      audit.append({
        ...event('erasure.refuse', memberId, refusal.subjectId, { erasure: id }),
        outcome: 'failure',
      });
      throw refusal.error;
    }
    const done = vault.transaction(() => {
      const { subjectId, requestedBy } = this.#pending(id);
      const { held: _none, ...erased } = this.review(subjectId);
      this.#destroy(subjectId);
      const entry = audit.append(event('erasure.complete', memberId, subjectId, { erasure: id }));
      const certificate = audit.certify('erasure certificate', {
        erasure: id,
        ...erased,
        requestedBy,
        confirmedBy: memberId,
        at: clock.now(),
        log: audit.origin,
        entry: entry.seq,
        backups: 'Unreadable once the keyring beside them is renewed: sotto vault keyring.',
      });
      this.#decide(id, 'done', memberId, certificate);
      return this.#get(id);
    });
    // What was overwritten in the database still stands in its write-ahead log until that is folded in and cut.
    vault.db.pragma('wal_checkpoint(TRUNCATE)');
    return done;
  }

  /** The newest first. */
  list(): readonly ErasureRequest[] {
    return this.#parts.vault.db
      .prepare<[], ErasureRequest>(`SELECT ${COLUMNS} FROM erasures ORDER BY requested_at DESC, id DESC`)
      .all();
  }

  /**
   * Takes away the rows of conversations and subjects whose keys were destroyed: after a backup was restored that is
   * older than an erasure. Returns how many conversations it found.
   */
  repeatAfterRestore(): number {
    const { vault } = this.#parts;
    return vault.transaction(() => {
      const orphans = "IN (SELECT id FROM destroyed_keys WHERE scope = 'conversation')";
      const { changes } = vault.db.prepare(`DELETE FROM conversations WHERE id ${orphans}`).run();
      vault.db.exec(
        "DELETE FROM subjects WHERE id IN (SELECT id FROM destroyed_keys WHERE scope = 'subject')",
      );
      return changes;
    });
  }

  #refusal(id: string, memberId: string): { subjectId: string; error: SottoError } | null {
    const { subjectId, requestedBy } = this.#pending(id);
    if (requestedBy === memberId)
      return {
        subjectId,
        error: new SottoError('erasure/second-person', 'Whoever asked for an erasure cannot confirm it.', {
          remedy: 'Another privacy officer or administrator confirms it.',
        }),
      };
    if (!this.#parts.holds.standsAgainst(subjectId)) return null;
    return {
      subjectId,
      error: new SottoError('erasure/held', 'A legal hold keeps these records.', {
        remedy: 'Those who placed the hold lift it; the request stays.',
      }),
    };
  }

  #destroy(subjectId: string): void {
    const { vault, words } = this.#parts;
    const conversations = vault.db
      .prepare<[string], string>('SELECT id FROM conversations WHERE subject_id = ?')
      .pluck()
      .all(subjectId);
    for (const id of conversations) {
      words.remove(id); // from the index too, which takes the words: so before the key goes
      vault.db.prepare('DELETE FROM record_reads WHERE conversation_id = ?').run(id);
      vault.db.prepare('DELETE FROM conversations WHERE id = ?').run(id);
    }
    vault.keys.destroy({ kind: 'subject', id: subjectId });
    vault.db.prepare('DELETE FROM subjects WHERE id = ?').run(subjectId);
  }

  #pending(id: string): ErasureRequest {
    const found = this.list().find((one) => one.id === id && one.state === 'requested');
    if (found !== undefined) return found;
    throw new SottoError('erasure/not-pending', 'There is no such request, or it has been decided.', {
      remedy: 'Look at the list of erasures again.',
    });
  }

  #get(id: string): ErasureRequest {
    const found = this.list().find((one) => one.id === id);
    if (found === undefined) throw noSubject();
    return found;
  }

  #decide(id: string, state: 'withdrawn' | 'done', memberId: string, certificate: string | null): void {
    this.#parts.vault.db
      .prepare('UPDATE erasures SET state = ?, decided_at = ?, decided_by = ?, certificate = ? WHERE id = ?')
      .run(state, this.#parts.clock.now(), memberId, certificate, id);
  }
}

function event(
  action: 'erasure.request' | 'erasure.withdraw' | 'erasure.refuse' | 'erasure.complete',
  actor: string,
  subjectId: string,
  detail: { readonly erasure: string },
) {
  return { action, actor, target: `subject:${subjectId}`, outcome: 'success', detail } as const;
}

function noSubject(): SottoError {
  return new SottoError('erasure/no-subject', 'Nobody is known here by this.', {
    remedy: 'Search by what the desk asks people for, such as the customer number.',
  });
}
