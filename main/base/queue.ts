import { SottoError } from './errors.ts';

/** What a full queue does with one more item. */
export type Overflow = 'dropOldest' | 'throw';

/**
 * A bounded queue between a producer that calls `push` and one consumer that iterates.
 *
 * Every queue on the way of a sentence is one of these: a stalled stage costs old frames (counted in
 * `dropped`) or a typed error, never memory without end.
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  readonly #overflow: Overflow;
  #waiting: (() => void) | undefined;
  #closed = false;
  #error: unknown;
  /** Items given up because the consumer was too slow. */
  dropped = 0;

  constructor(capacity: number, overflow: Overflow = 'dropOldest') {
    this.#capacity = capacity;
    this.#overflow = overflow;
  }

  get size(): number {
    return this.#items.length;
  }

  /** @throws SottoError `queue/full` when the policy is `throw`. Ignored once closed. */
  push(item: T): void {
    if (this.#closed) return;
    if (this.#items.length >= this.#capacity) {
      if (this.#overflow === 'throw') throw new SottoError('queue/full', 'A bounded queue is full.');
      this.#items.shift();
      this.dropped += 1;
    }
    this.#items.push(item);
    this.#wake();
  }

  /** Ends the iteration after what is queued; with an error, the iteration then throws it. */
  close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    this.#wake();
  }

  /** Drops what is queued. */
  clear(): void {
    this.#items.length = 0;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    while (true) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
        continue;
      }
      if (this.#closed) {
        if (this.#error !== undefined) throw this.#error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }
}
