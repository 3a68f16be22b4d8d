import type { AuditLog } from '../../audit/index.ts';
import { type Clock, newId, SottoError } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';

/** What must not be let go, whatever the rules say. */
export interface LegalHold {
  readonly id: string;
  readonly scope: 'everything' | 'subject' | 'conversation';
  /** Id of the subject or conversation; `*` for everything. */
  readonly targetId: string;
  /** The file number of the matter: no names, it stands in the log. */
  readonly matter: string;
  readonly placedAt: number;
  readonly placedBy: string;
  readonly liftedAt: number | null;
  readonly liftedBy: string | null;
}

const COLUMNS = `id, scope, target_id AS targetId, matter, placed_at AS placedAt, placed_by AS placedBy,
  lifted_at AS liftedAt, lifted_by AS liftedBy`;
const MATTER = /^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,59}$/;

/** The conversations that no hold is on, as a condition on `conversations c`. */
export const NOT_HELD = `NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.lifted_at IS NULL AND (
  h.scope = 'everything' OR (h.scope = 'conversation' AND h.target_id = c.id)
  OR (h.scope = 'subject' AND h.target_id = c.subject_id)))`;

/** Legal holds: placed, seen and lifted, each with its entry in the log. */
export class Holds {
  readonly #vault: Vault;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(vault: Vault, audit: AuditLog, clock: Clock) {
    this.#vault = vault;
    this.#audit = audit;
    this.#clock = clock;
  }

  /** @throws SottoError `retention/bad-matter`. */
  place(hold: Pick<LegalHold, 'scope' | 'targetId' | 'matter'>, memberId: string): LegalHold {
    if (!MATTER.test(hold.matter))
      throw new SottoError('retention/bad-matter', 'A hold needs the file number of its matter.', {
        remedy: 'Up to 60 letters, digits, spaces and . / _ -; no names: it stands in the log.',
      });
    const placed = { ...hold, id: newId(), placedAt: this.#clock.now(), placedBy: memberId };
    return this.#audit.record(this.#event('hold.place', placed, memberId), () => {
      this.#vault.db
        .prepare(
          `INSERT INTO legal_holds (id, scope, target_id, matter, placed_at, placed_by)
           VALUES (@id, @scope, @targetId, @matter, @placedAt, @placedBy)`,
        )
        .run(placed);
      return { ...placed, liftedAt: null, liftedBy: null };
    });
  }

  /** @throws SottoError `retention/no-hold`: there is none, or it was lifted. */
  lift(id: string, memberId: string): void {
    this.#vault.transaction(() => {
      const hold = this.#vault.db
        .prepare<[string], LegalHold>(`SELECT ${COLUMNS} FROM legal_holds WHERE id = ? AND lifted_at IS NULL`)
        .get(id);
      if (hold === undefined)
        throw new SottoError('retention/no-hold', 'There is no such hold in force.', {
          remedy: 'Look at the list of holds again.',
        });
      this.#vault.db
        .prepare('UPDATE legal_holds SET lifted_at = ?, lifted_by = ? WHERE id = ?')
        .run(this.#clock.now(), memberId, id);
      this.#audit.append(this.#event('hold.lift', hold, memberId));
    });
  }

  /** The newest first; those lifted too. */
  list(): readonly LegalHold[] {
    return this.#vault.db
      .prepare<[], LegalHold>(`SELECT ${COLUMNS} FROM legal_holds ORDER BY placed_at DESC, id DESC`)
      .all();
  }

  /** Whether a hold in force stands against letting a subject's records go: on them, a conversation of theirs, or all. */
  standsAgainst(subjectId: string): boolean {
    return (
      this.#vault.db
        .prepare(
          `SELECT 1 FROM legal_holds h WHERE h.lifted_at IS NULL AND (h.scope = 'everything'
             OR (h.scope = 'subject' AND h.target_id = @subjectId)
             OR (h.scope = 'conversation' AND EXISTS (
               SELECT 1 FROM conversations c WHERE c.id = h.target_id AND c.subject_id = @subjectId)))`,
        )
        .get({ subjectId }) !== undefined
    );
  }

  #event(
    action: 'hold.place' | 'hold.lift',
    { id, scope, targetId, matter }: Pick<LegalHold, 'id' | 'scope' | 'targetId' | 'matter'>,
    actor: string,
  ) {
    const target = scope === 'everything' ? 'records' : `${scope}:${targetId}`;
    return { action, actor, target, outcome: 'success', detail: { hold: id, matter } } as const;
  }
}
