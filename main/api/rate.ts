import type { Clock } from '../base/index.ts';

/** A token bucket: `perMinute` at once, refilled evenly over a minute. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#tokens = perMinute;
    this.#filledAt = clock.monotonicMs();
  }

  /** Takes one token: 0 when there was one, else the milliseconds until there will be. */
  take(): number {
    const now = this.#clock.monotonicMs();
    const perMs = this.#perMinute / 60_000;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + (now - this.#filledAt) * perMs);
    this.#filledAt = now;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / perMs);
    this.#tokens -= 1;
    return 0;
  }
}
