import type { Vault } from '../vault/index.ts';

/** So many acts at most wait for one commit; the next one after them brings it about. */
const MOST_WAITING = 256;

interface Waiting {
  run(): void;
  /** Tells the caller, once what was run is durable. */
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Acts that came in the same turn of the event loop, committed together: what one commit costs (a write that has
 * reached the disk) they share. Nothing is acknowledged before that.
 */
export class GroupCommit {
  readonly #vault: Vault;
  #waiting: Waiting[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  run<T>(act: () => T): Promise<T> {
    const outcome = Promise.withResolvers<T>();
    let settle = () => {};
    this.#waiting.push({
      run: () => {
        try {
          const value = this.#vault.transaction(act);
          settle = () => outcome.resolve(value);
        } catch (error) {
          settle = () => outcome.reject(error);
          // A full disk undoes the whole transaction, and with it what ran before.
          if (!this.#vault.db.inTransaction) throw error;
        }
      },
      settle: () => settle(),
      fail: outcome.reject,
    });
    if (this.#waiting.length >= MOST_WAITING && !this.#vault.db.inTransaction) this.flush();
    else this.#scheduled ??= setImmediate(() => this.flush());
    return outcome.promise;
  }

  /** Commits what waits, at once. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return;
    try {
      this.#vault.transaction(() => {
        for (const one of group) one.run();
      });
    } catch (error) {
      for (const one of group) one.fail(error);
      return;
    }
    for (const one of group) one.settle();
  }
}
