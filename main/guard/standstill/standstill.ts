import { z } from 'zod';
import type { AuditAction, AuditLog } from '../../audit/index.ts';
import { type Clock, codeOf, Emitter, type Json, type Log, logId, SottoError } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import { standstillRequests } from './requests.ts';

/** What stands still: one tool, one desk with its conversations and tools, or everything. */
export type StandstillTarget =
  | { readonly scope: 'all' }
  | { readonly scope: 'desk'; readonly name: string }
  | { readonly scope: 'tool'; readonly name: string };

export const STANDSTILL_REASONS = [
  'intrusion',
  'misbehaviour',
  'limit',
  'incident',
  'drill',
  'other',
] as const;
/** Why, in a word that may stand in the log. */
export type StandstillReason = (typeof STANDSTILL_REASONS)[number];

export interface Standing {
  readonly target: StandstillTarget;
  readonly at: number;
  /** A member's id, or `system`. */
  readonly by: string;
  readonly via: string;
  readonly reason: StandstillReason;
  /** The members who want it lifted; it takes two. */
  readonly liftAskedBy: readonly string[];
}

export interface StandstillOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Where other programs of this user ask to stop (`requests.ts`); null for nowhere. */
  readonly requests: string | null;
  /** The roles that a member has now; none when it is locked or unknown. */
  readonly rolesOf: (memberId: string) => readonly string[];
}

export type Lifting =
  | { readonly kind: 'lifted' }
  /** It takes one more member; the first one's word is good for an hour. */
  | { readonly kind: 'waiting'; readonly askedBy: readonly string[] };

const LIFT_ROLES = ['supervisor', 'admin'];
const PERSONS_TO_LIFT = 2;
const ASKED_FOR_MS = 60 * 60_000;
/** Also where nobody speaks, what was asked for takes effect within this time. */
const LOOK_EVERY_MS = 250;

const rowSchema = z
  .object({
    scope: z.enum(['all', 'desk', 'tool']),
    name: z.string(),
    at: z.int(),
    by_id: z.string(),
    via: z.string(),
    reason: z.enum(STANDSTILL_REASONS).catch('other'),
  })
  .transform(({ scope, name, by_id: by, ...rest }) => ({
    target: scope === 'all' ? ({ scope } as const) : { scope, name },
    by,
    ...rest,
  }));

/**
 * The big red button. Stopping is easy: any member, the operator, or a rule, and it is done at once. It stays over
 * restarts, until two different members (supervisors or administrators) lift it. Read from the vault itself.
 */
export class Standstill {
  readonly #vault: Vault;
  readonly #audit: AuditLog;
  readonly #options: StandstillOptions;
  readonly #stopped = new Emitter<StandstillTarget>();
  readonly #lifted = new Emitter<StandstillTarget>();
  /** What was asked for and could not be written down: it holds all the same. */
  readonly #held = new Map<string, StandstillTarget>();
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(vault: Vault, audit: AuditLog, options: StandstillOptions) {
    this.#vault = vault;
    this.#audit = audit;
    this.#options = options;
    this.#timer = setInterval(() => this.#lookSafely(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /**
   * Stops at once. When it cannot be written down, it holds for as long as this process runs, and then throws: the
   * caller hears that it will not outlive a restart.
   */
  stop(
    target: StandstillTarget,
    by: string,
    { via = 'window', reason = 'other' }: { readonly via?: string; readonly reason?: StandstillReason } = {},
  ): void {
    this.#held.set(keyOf(target), target);
    try {
      this.#act('standstill.begin', target, by, { via, reason }, () => {
        const name = nameOf(target);
        this.#vault.db
          .prepare('DELETE FROM standstill_lifts WHERE scope = ? AND name = ?')
          .run(target.scope, name);
        this.#vault.db
          .prepare('INSERT INTO standstills VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
          .run(target.scope, name, this.#options.clock.now(), by, via, reason);
      });
      this.#held.delete(keyOf(target));
    } finally {
      this.#stopped.emit(target);
    }
  }

  /**
   * One member's word for going on; the second one's, of another, lifts it. What else stands still stays so.
   * @throws SottoError `standstill/not-stopped`, `standstill/not-allowed`.
   */
  lift(target: StandstillTarget, memberId: string, via = 'window'): Lifting {
    this.#refuseOthers(memberId);
    const standing = this.list().find((one) => keyOf(one.target) === keyOf(target));
    if (!standing)
      throw new SottoError('standstill/not-stopped', 'That does not stand still.', {
        remedy: 'List what does: sotto stop --list',
      });
    const askedBy = [...new Set([...standing.liftAskedBy.filter((id) => this.#mayLift(id)), memberId])];
    const name = nameOf(target);
    if (askedBy.length < PERSONS_TO_LIFT) {
      this.#act('standstill.askLift', target, memberId, { via }, () =>
        this.#vault.db
          .prepare('INSERT OR REPLACE INTO standstill_lifts VALUES (?, ?, ?, ?)')
          .run(target.scope, name, memberId, this.#options.clock.now()),
      );
      return { kind: 'waiting', askedBy };
    }
    this.#act('standstill.lift', target, memberId, { via, by: askedBy }, () =>
      this.#vault.db.prepare('DELETE FROM standstills WHERE scope = ? AND name = ?').run(target.scope, name),
    );
    this.#held.delete(keyOf(target));
    this.#lifted.emit(target);
    return { kind: 'lifted' };
  }

  /** All that stands still, the newest last. */
  list(): readonly Standing[] {
    this.look();
    const since = this.#options.clock.now() - ASKED_FOR_MS;
    const asked = this.#vault.db
      .prepare<[string, string, number], string>(
        'SELECT member_id FROM standstill_lifts WHERE scope = ? AND name = ? AND at > ? ORDER BY at',
      )
      .pluck();
    return this.#vault.db
      .prepare('SELECT * FROM standstills ORDER BY at, scope, name')
      .all()
      .map((row) => rowSchema.parse(row))
      .map((one) => ({ ...one, liftAskedBy: asked.all(one.target.scope, nameOf(one.target), since) }));
  }

  /** Whether no conversation may be held at this desk now. What cannot be read counts as stopped. */
  stopsDesk(deskId: string): boolean {
    return this.#any(
      (target) => target.scope === 'all' || (target.scope === 'desk' && target.name === deskId),
    );
  }

  /** Whether this tool may not be called at this desk now. What cannot be read counts as stopped. */
  stopsTool(deskId: string, tool: string): boolean {
    return this.stopsDesk(deskId) || this.#any((target) => target.scope === 'tool' && target.name === tool);
  }

  /** Takes in what other programs asked for. */
  look(): void {
    const { requests } = this.#options;
    // Whoever is told of a stop asks what is stopped, while the request for it is still being taken in.
    if (requests === null || this.#looking) return;
    this.#looking = true;
    try {
      this.#takeIn(requests);
    } finally {
      this.#looking = false;
    }
  }

  #takeIn(requests: string): void {
    for (const { says: target, done } of standstillRequests(requests)) {
      if (this.#held.has(keyOf(target))) this.#tryAgain(target, done);
      else {
        this.stop(target, 'system', { via: 'command-line' });
        done();
      }
    }
  }

  /** Told once it holds. */
  onStop(listener: (target: StandstillTarget) => void): () => void {
    return this.#stopped.on(listener);
  }

  onLift(listener: (target: StandstillTarget) => void): () => void {
    return this.#lifted.on(listener);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #any(stops: (target: StandstillTarget) => boolean): boolean {
    try {
      if (this.list().some(({ target }) => stops(target))) return true;
    } catch {
      return true;
    }
    return [...this.#held.values()].some(stops);
  }

  /** It holds already; only the writing down is missing. */
  #tryAgain(target: StandstillTarget, done: () => void): void {
    try {
      this.stop(target, 'system', { via: 'command-line' });
      done();
    } catch (error) {
      this.#options.log.warn('standstill.notRecorded', { code: logId(codeOf(error)) });
    }
  }

  #lookSafely(): void {
    try {
      if (this.#vault.db.open) this.look();
    } catch (error) {
      this.#options.log.warn('standstill.notRecorded', { code: logId(codeOf(error)) });
    }
  }

  #mayLift(memberId: string): boolean {
    return this.#options.rolesOf(memberId).some((role) => LIFT_ROLES.includes(role));
  }

  #refuseOthers(memberId: string): void {
    if (this.#mayLift(memberId)) return;
    throw new SottoError(
      'standstill/not-allowed',
      'It takes a supervisor or an administrator to lift that.',
      {
        remedy: 'Have two of them lift it.',
      },
    );
  }

  #act(
    action: AuditAction,
    target: StandstillTarget,
    actor: string,
    detail: Readonly<Record<string, Json>>,
    act: () => unknown,
  ): void {
    this.#audit.record({ action, actor, target: keyOf(target), outcome: 'success', detail }, act);
  }
}

function nameOf(target: StandstillTarget): string {
  return target.scope === 'all' ? '' : target.name;
}

/** As the log names it: `standstill:tool:transfer_money`. */
function keyOf(target: StandstillTarget): string {
  return target.scope === 'all' ? 'standstill:all' : `standstill:${target.scope}:${target.name}`;
}
