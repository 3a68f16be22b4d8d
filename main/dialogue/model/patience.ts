import { type Clock, SottoError } from '../../base/index.ts';

/** How long people wait for a model, and when nobody waits any more. */
export interface PatienceLimits {
  /** Longest wait for one answer. */
  readonly mostMs: number;
  readonly leastMs: number;
  /** Failures in a row after which the model is left alone. */
  readonly failures: number;
  /** For so long the first time, twice as long each time after. */
  readonly restMs: number;
  readonly longestRestMs: number;
}

const LIMITS: PatienceLimits = {
  mostMs: 1_500,
  leastMs: 400,
  failures: 3,
  restMs: 30_000,
  longestRestMs: 600_000,
};
/** A model is given so many times what it took lately: one that answers in 200 ms has stopped when it takes 800. */
const USUAL = 3;
/** Weight of the last answer in what is usual. */
const NEW = 0.3;

/**
 * The patience that a model has earned, over all conversations that ask it. A wait is as long as a few of its usual
 * answers; after failures in a row it is not asked for a while, so that nobody waits for what does not come.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #limits: PatienceLimits;
  #usualMs: number | undefined;
  #failures = 0;
  #rests = 0;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, limits: Partial<PatienceLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...LIMITS, ...limits };
  }

  get isResting(): boolean {
    return this.#clock.monotonicMs() < this.#restUntil;
  }

  /** What the next answer may take. */
  get deadlineMs(): number {
    const { leastMs, mostMs } = this.#limits;
    if (this.#usualMs === undefined) return mostMs;
    return Math.min(mostMs, Math.max(leastMs, Math.round(USUAL * this.#usualMs)));
  }

  /**
   * Waits for an answer.
   * @throws SottoError `model/slow`, what the work throws, or the signal's reason, which is nobody's failure.
   */
  async wait<T>(work: (limit: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const startedMs = this.#clock.monotonicMs();
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new SottoError('model/slow', 'The language model is too slow.')),
      this.deadlineMs,
    );
    try {
      const answer = await work(AbortSignal.any([signal, late.signal]));
      this.#succeeded(this.#clock.monotonicMs() - startedMs);
      return answer;
    } catch (error) {
      if (!signal.aborted) this.#failed();
      throw late.signal.aborted && !signal.aborted ? late.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  #succeeded(tookMs: number): void {
    this.#failures = 0;
    this.#rests = 0;
    this.#usualMs = this.#usualMs === undefined ? tookMs : this.#usualMs + NEW * (tookMs - this.#usualMs);
  }

  #failed(): void {
    this.#failures += 1;
    // One that was quick and has become slower is given its full time again.
    this.#usualMs = undefined;
    if (this.#failures < this.#limits.failures) return;
    const { restMs, longestRestMs, failures } = this.#limits;
    this.#restUntil = this.#clock.monotonicMs() + Math.min(longestRestMs, restMs * 2 ** this.#rests);
    this.#rests += 1;
    // After the rest, one more failure is enough for the next.
    this.#failures = failures - 1;
  }
}
