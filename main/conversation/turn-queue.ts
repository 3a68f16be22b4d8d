/** Inputs that may wait behind a slow turn; more means that nobody is listening to the answers. */
const MOST_WAITING = 8;

/** One turn after the other, each with a signal that is aborted when the person goes on before it is over. */
export class TurnQueue {
  readonly #failed: (error: unknown) => Promise<void>;
  readonly #changed: () => void;
  #tail: Promise<void> = Promise.resolve();
  #current: AbortController | null = null;
  #waiting = 0;

  /** @param changed called when a turn was queued and after it is over. */
  constructor(failed: (error: unknown) => Promise<void>, changed: () => void) {
    this.#failed = failed;
    this.#changed = changed;
  }

  /** True while a turn is under way or waits. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Queues a turn. False, and nothing is done, when too many wait. */
  add(work: (signal: AbortSignal) => Promise<void>): boolean {
    if (this.#waiting >= MOST_WAITING) return false;
    this.#waiting += 1;
    this.#changed();
    this.#tail = this.#tail.then(() => this.#run(work));
    return true;
  }

  /** The person has gone on: the turn under way is given up where it can be. */
  abortCurrent(): void {
    this.#current?.abort(new DOMException('The person went on.', 'AbortError'));
  }

  /** Settles when no turn is left. Never rejects. */
  async idle(): Promise<void> {
    while (this.busy) await this.#tail;
  }

  async #run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#current = new AbortController();
    try {
      await work(this.#current.signal);
    } catch (error) {
      await this.#failed(error);
    }
    this.#current = null;
    this.#waiting -= 1;
    this.#changed();
  }
}
