import type { Database } from 'better-sqlite3';
import type { AuditLog } from '../audit/index.ts';
import { type Clock, canonicalJson, newId } from '../base/index.ts';
import type { Vault } from '../vault/index.ts';
import type { SubjectReference } from './contract.ts';

/**
 * The people that conversations are about. A subject is found by a keyed hash of what they are known by; that itself
 * lies sealed under the subject's own key, and is gone with it.
 */
export class Subjects {
  readonly #db: Database;
  readonly #vault: Vault;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(vault: Vault, audit: AuditLog, clock: Clock) {
    this.#db = vault.db;
    this.#vault = vault;
    this.#audit = audit;
    this.#clock = clock;
  }

  /** The subject known by this, or null. */
  find(reference: SubjectReference): string | null {
    const found = this.#db
      .prepare<[string], string>('SELECT subject_id FROM subject_references WHERE hash = ?')
      .pluck()
      .get(this.#hash(reference));
    return found ?? null;
  }

  /** The subject known by this, made if need be. */
  findOrMake(reference: SubjectReference): string {
    return this.#vault.transaction(() => {
      const known = this.find(reference);
      if (known !== null) return known;
      const id = newId();
      this.#db.prepare('INSERT INTO subjects (id, created_at) VALUES (?, ?)').run(id, this.#clock.now());
      this.#vault.keys.create({ kind: 'subject', id });
      const value = this.#vault.keys.seal({ kind: 'subject', id }, Buffer.from(reference.value), 'reference');
      this.#db
        .prepare('INSERT INTO subject_references (hash, subject_id, kind, value) VALUES (?, ?, ?, ?)')
        .run(this.#hash(reference), id, reference.kind, value);
      return id;
    });
  }

  /** Puts a conversation under the subject known by this, and says so in the log. */
  put(conversationId: string, reference: SubjectReference): string {
    return this.#vault.transaction(() => {
      const subject = this.findOrMake(reference);
      const { changes } = this.#db
        .prepare(
          'UPDATE conversations SET subject_id = @subject WHERE id = @id AND subject_id IS NOT @subject',
        )
        .run({ subject, id: conversationId });
      if (changes === 0) return subject;
      this.#vault.keys.moveUnder(subject, conversationId);
      const actor = `conversation:${conversationId}`;
      const detail = { subject, kind: reference.kind };
      this.#audit.append({
        action: 'conversation.subject',
        actor,
        target: actor,
        outcome: 'success',
        detail,
      });
      return subject;
    });
  }

  /** What the subject is known by. */
  references(subjectId: string): readonly SubjectReference[] {
    return this.#db
      .prepare<[string], { kind: string; value: Buffer }>(
        'SELECT kind, value FROM subject_references WHERE subject_id = ?',
      )
      .all(subjectId)
      .map(({ kind, value }) => ({
        kind,
        value: this.#vault.keys.open({ kind: 'subject', id: subjectId }, value, 'reference').toString(),
      }));
  }

  #hash({ kind, value }: SubjectReference): string {
    return this.#audit.pseudonym(canonicalJson(['subject', kind, value.trim().toLowerCase()]));
  }
}
