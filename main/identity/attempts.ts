import type { Database } from 'better-sqlite3';

const FREE_ATTEMPTS = 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const FORGET_AFTER_MS = 24 * 60 * 60_000;
/** Made-up names must not fill the disk. */
const MOST_NAMES = 10_000;

/**
 * Failed sign-ins by name (a keyed hash of it, so that names nobody bears are kept as well and tell nothing). After a
 * few, each further one doubles the wait, up to a quarter of an hour; a restart changes nothing.
 */
export class SignInAttempts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** How long this name must still wait, milliseconds. */
  waitMs(name: string, now: number): number {
    const row = this.#db
      .prepare<[string], { failures: number; last_at: number }>(
        'SELECT failures, last_at FROM sign_in_failures WHERE name = ?',
      )
      .get(name);
    if (row === undefined || row.failures < FREE_ATTEMPTS) return 0;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (row.failures - FREE_ATTEMPTS), LONGEST_WAIT_MS);
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

  forget(name: string): void {
    this.#db.prepare('DELETE FROM sign_in_failures WHERE name = ?').run(name);
  }
}
