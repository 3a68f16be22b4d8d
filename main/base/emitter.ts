/** Stops a subscription. Safe to call twice. */
export type Unsubscribe = () => void;

/**
 * One kind of event, many listeners. A listener that throws is told to `onError` and does not stop the others:
 * some emitters are fed from native callbacks, where an exception would abort the process.
 */
export class Emitter<T> {
  readonly #listeners = new Set<(event: T) => void>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void = () => {}) {
    this.#onError = onError;
  }

  on(listener: (event: T) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
