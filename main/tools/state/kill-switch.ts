import { z } from 'zod';
import type { AuditLog } from '../../audit/index.ts';
import { type Clock, Emitter, SottoError, type Unsubscribe } from '../../base/index.ts';
import { stopRequests } from './stop-requests.ts';
import { storeInMemory, type ToolStore } from './store.ts';

/** What is stopped: one tool, a class of risk, or everything. */
export type StopTarget =
  | { readonly scope: 'all' }
  | { readonly scope: 'risk'; readonly name: string }
  | { readonly scope: 'tool'; readonly name: string };

export interface Stop {
  readonly target: StopTarget;
  readonly at: number;
  /** A member's id, or `system`. */
  readonly by: string;
}

export interface KillSwitchOptions {
  readonly clock: Clock;
  /** Where other programs of this user ask to stop (`stop-requests.ts`); null for nowhere. */
  readonly requests?: string | null;
  /** How many different people it takes to allow again what was stopped. Default 1. */
  readonly personsToAllow?: 1 | 2;
}

const row = z
  .object({ scope: z.enum(['all', 'risk', 'tool']), name: z.string(), at: z.int(), by_id: z.string() })
  .transform(
    ({ scope, name, at, by_id: by }): Stop => ({
      target: scope === 'all' ? { scope } : { scope, name },
      at,
      by,
    }),
  );

/**
 * The kill switches: what is stopped stays stopped, also across a restart, until people allow it again. Read before
 * every call from the vault itself, so that there is no copy that could be out of date.
 */
export class KillSwitches {
  readonly #store: ToolStore;
  readonly #audit: Pick<AuditLog, 'append'> | null;
  readonly #clock: Clock;
  readonly #requests: string | null;
  readonly #personsToAllow: number;
  readonly #stopped = new Emitter<StopTarget>(() => {});

  constructor(store: ToolStore, audit: Pick<AuditLog, 'append'> | null, options: KillSwitchOptions) {
    this.#store = store;
    this.#audit = audit;
    this.#clock = options.clock;
    this.#requests = options.requests ?? null;
    this.#personsToAllow = options.personsToAllow ?? 1;
  }

  /** Stops at once; stopping twice changes nothing but leaves its entry in the log. */
  stop(target: StopTarget, by: string, via = 'window'): void {
    this.#store.transaction(() => {
      this.#store.db
        .prepare('INSERT INTO tool_stops VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
        .run(target.scope, nameOf(target), this.#clock.now(), by);
      this.#log('tool.stop', target, by, { via });
    });
    this.#stopped.emit(target);
  }

  /**
   * Allows again. `by` are the people who do; what else is stopped (a tool under a class, a class under all) stays so.
   * @throws SottoError `tools/not-stopped`, `tools/more-people` when it takes another person.
   */
  allow(target: StopTarget, by: readonly string[], via = 'window'): void {
    const [first] = by;
    if (first === undefined || new Set(by).size < this.#personsToAllow)
      throw new SottoError('tools/more-people', 'It takes another person to allow that again.', {
        remedy: 'Have a second member allow it together with you.',
      });
    this.#store.transaction(() => {
      const gone = this.#store.db
        .prepare('DELETE FROM tool_stops WHERE scope = ? AND name = ?')
        .run(target.scope, nameOf(target)).changes;
      if (gone === 0)
        throw new SottoError('tools/not-stopped', 'That is not stopped.', {
          remedy: 'List what is: sotto tool list',
        });
      this.#log('tool.allow', target, first, { via, by: [...by] });
    });
  }

  /** All that is stopped, the newest last. Takes in what other programs asked for. */
  list(): readonly Stop[] {
    this.#takeIn();
    return this.#store.db
      .prepare('SELECT scope, name, at, by_id FROM tool_stops ORDER BY at, scope, name')
      .all()
      .map((one) => row.parse(one));
  }

  /** Whether this tool may not be called now. */
  stops(tool: string, risk: string): boolean {
    return this.list().some(({ target }) => covers(target, tool, risk));
  }

  /** Told after a stop is durable: what waits under it is void. */
  onStop(listener: (target: StopTarget) => void): Unsubscribe {
    return this.#stopped.on(listener);
  }

  #takeIn(): void {
    if (this.#requests === null) return;
    for (const { says: target, done } of stopRequests(this.#requests)) {
      // Once is enough, should the request refuse to go away.
      if (!this.#isStopped(target)) this.stop(target, 'system', 'command-line');
      done();
    }
  }

  #isStopped(target: StopTarget): boolean {
    return (
      this.#store.db
        .prepare('SELECT 1 FROM tool_stops WHERE scope = ? AND name = ?')
        .get(target.scope, nameOf(target)) !== undefined
    );
  }

  #log(
    action: 'tool.stop' | 'tool.allow',
    target: StopTarget,
    actor: string,
    detail: { readonly via: string; readonly by?: readonly string[] },
  ): void {
    this.#audit?.append({
      action,
      actor,
      target: `${target.scope}:${nameOf(target)}`,
      outcome: 'success',
      detail: { ...detail, scope: target.scope, name: nameOf(target) },
    });
  }
}

/** What the gateway asks before every call. */
export type Switches = Pick<KillSwitches, 'stops' | 'onStop'>;

/** Opens the kill switches of a vault. */
export function openKillSwitches(
  store: ToolStore,
  audit: Pick<AuditLog, 'append'> | null,
  options: KillSwitchOptions,
): KillSwitches {
  return new KillSwitches(store, audit, options);
}

/** Switches that are forgotten with the process. */
export function switchesInMemory(clock: Clock): KillSwitches {
  return new KillSwitches(storeInMemory(), null, { clock });
}

/** Whether a stop covers a tool of this risk. */
export function covers(target: StopTarget, tool: string, risk: string): boolean {
  if (target.scope === 'all') return true;
  return target.name === (target.scope === 'risk' ? risk : tool);
}

function nameOf(target: StopTarget): string {
  return target.scope === 'all' ? '' : target.name;
}
