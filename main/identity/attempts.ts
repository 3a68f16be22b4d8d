import type { Database } from 'better-sqlite3';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const FORGET_AFTER_MS = 24 * 60 * 60_000;
/** Made-up names must not fill the disk. */
const MOST_NAMES = 10_000;

/** Failures that cost no wait: of one name, and of one address, which a whole desk may share. */
export const FREE_ATTEMPTS = { name: 4, address: 20 } as const;

/**
 * Failed sign-ins by name and by address (keyed hashes, so that names nobody bears are kept as well and tell nothing).
 * After a few, each further one doubles the wait, up to a quarter of an hour; a restart changes nothing.
 */
export class SignInAttempts {
  readonly #db: Database;
  readonly #free: number;

  constructor(db: Database, free: number) {
    this.#db = db;
    this.#free = free;
  }

  /** How long this one must still wait, milliseconds. */
  waitMs(name: string, now: number): number {
    const row = this.#db
      .prepare<[string], { failures: number; last_at: number }>(
        'SELECT failures, last_at FROM sign_in_failures WHERE name = ?',
      )
      .get(name);
    if (row === undefined || row.failures < this.#free) return 0;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (row.failures - this.#free), LONGEST_WAIT_MS);
    // A clock that was set back must not keep anyone out for longer than the wait itself.
    const since = Math.max(0, now - row.last_at);
    return Math.max(0, wait - since);
  }

  /** Counts an attempt as failed before it is judged, so that many at once gain nothing. */
  count(name: string, now: number): void {
    this.#db.prepare('DELETE FROM sign_in_failures WHERE last_at < ?').run(now - FORGET_AFTER_MS);
    this.#db
      .prepare(
        `INSERT INTO sign_in_failures (name, failures, last_at) VALUES (?, 1, ?)
         ON CONFLICT (name) DO UPDATE SET failures = failures + 1, last_at = excluded.last_at`,
      )
      .run(name, now);
    this.#db
      .prepare(
        `DELETE FROM sign_in_failures WHERE name IN
         (SELECT name FROM sign_in_failures ORDER BY last_at DESC LIMIT -1 OFFSET ?)`,
      )
      .run(MOST_NAMES);
  }

  /** One attempt less: it succeeded. The others of this address still count, or one's own account would clear them. */
  takeBack(name: string): void {
    this.#db.prepare('UPDATE sign_in_failures SET failures = failures - 1 WHERE name = ?').run(name);
    this.#db.prepare('DELETE FROM sign_in_failures WHERE name = ? AND failures <= 0').run(name);
  }

  forget(name: string): void {
    this.#db.prepare('DELETE FROM sign_in_failures WHERE name = ?').run(name);
  }
}
