import type { Clock } from '../../base/index.ts';
import type { ToolStore } from './store.ts';

/**
 * Time that never goes back, also across restarts: what limits are counted by. Setting the clock back refills
 * nothing; time that really passes counts all the same, because within one run it is measured.
 */
export class SteadyTime {
  readonly #store: ToolStore;
  readonly #clock: Clock;
  #latest: number;
  #measuredMs: number;

  constructor(store: ToolStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    const kept = store.db.prepare<[], number>('SELECT at FROM tool_time').pluck().get();
    this.#latest = Math.max(kept ?? 0, Math.floor(clock.now()));
    this.#measuredMs = clock.monotonicMs();
  }

  /** Epoch milliseconds by the wall clock, unless that was set back. */
  now(): number {
    const measuredMs = this.#clock.monotonicMs();
    const passed = this.#latest + Math.max(0, measuredMs - this.#measuredMs);
    this.#latest = Math.max(Math.floor(passed), Math.floor(this.#clock.now()));
    this.#measuredMs = measuredMs;
    return this.#latest;
  }

  /** Writes the time down, within the caller's transaction, so that a restart does not forget it. */
  keep(): number {
    const now = this.now();
    this.#store.db
      .prepare(
        'INSERT INTO tool_time (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = max(at, excluded.at)',
      )
      .run(now);
    return now;
  }
}
