import { type Clock, systemClock } from '../base/index.ts';

/** Further behind than this (the machine slept, or was starved) the beat starts anew instead of catching up. */
const MAX_BEHIND_MS = 400;

/**
 * Beats at a fixed period counted from its start, so that late timers never add up. A beat that comes late is
 * made up for at once; after a long gap the missed beats are given up and counted in `skipped`.
 */
export class Metronome {
  readonly #periodMs: number;
  readonly #beat: () => void;
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #beats = 0;
  #running = false;
  skipped = 0;

  /** @param beat must not throw. */
  constructor(periodMs: number, beat: () => void, clock: Clock = systemClock) {
    this.#periodMs = periodMs;
    this.#beat = beat;
    this.#clock = clock;
  }

  /** The first beat comes one period from now. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#startedAt = this.#clock.monotonicMs();
    this.#beats = 0;
    this.#schedule();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    const due = this.#startedAt + (this.#beats + 1) * this.#periodMs;
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, due - this.#clock.monotonicMs()));
  }

  #wake(): void {
    const due = Math.floor((this.#clock.monotonicMs() - this.#startedAt) / this.#periodMs);
    const behind = due - this.#beats;
    if (behind * this.#periodMs > MAX_BEHIND_MS) {
      this.skipped += behind - 1;
      this.#beats = due - 1;
    }
    while (this.#running && this.#beats < due) {
      this.#beats += 1;
      this.#beat();
    }
    if (this.#running) this.#schedule();
  }
}
