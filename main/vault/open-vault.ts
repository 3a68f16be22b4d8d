import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { type Clock, SottoError } from '../base/index.ts';
import type { KeySourceKind, Vault } from './contract.ts';
import { VaultDataKeys } from './data-keys.ts';
import { inOurWords } from './database.ts';

/**
 * Databases open in this process. The lock between processes is the operating system's, and POSIX drops it when any
 * descriptor of the file is closed in the process that holds it: so the file is not even looked at twice.
 */
const openHere = new Set<string>();

/** The secret that wraps the data keys which stand under no subject. */
export const DATA_ROOT = 'vault/data-root';

/** An open vault; `close` ends it. */
export class OpenVault implements Vault {
  readonly db: Database;
  keySource: KeySourceKind;
  readonly keys: VaultDataKeys;
  readonly #file: string;
  readonly #clock: Clock;

  constructor(db: Database, file: string, keySource: KeySourceKind, clock: Clock) {
    this.db = db;
    this.keySource = keySource;
    this.#file = resolve(file);
    this.#clock = clock;
    this.keys = new VaultDataKeys({
      db,
      clock,
      transaction: (work) => this.transaction(work),
      root: () => this.secret(DATA_ROOT, () => randomBytes(32)),
    });
    openHere.add(this.#file);
  }

  /** @throws SottoError `vault/in-use`. */
  static refuseOpenHere(file: string): void {
    if (!openHere.has(resolve(file))) return;
    throw new SottoError('vault/in-use', 'This vault is open already.', { remedy: 'Close it first.' });
  }

  /** A nested call is a savepoint of the outer one: if it throws and the outer goes on, it alone is undone. */
  transaction<T>(work: () => T): T {
    try {
      return this.db.transaction(work).immediate();
    } catch (error) {
      throw inOurWords(error);
    }
  }

  secret(name: string, make: () => Buffer): Buffer {
    return this.transaction(() => {
      const kept = this.db.prepare<[string], Buffer>('SELECT value FROM secrets WHERE name = ?').pluck();
      const found = kept.get(name);
      if (found !== undefined) return found;
      const value = make();
      this.db
        .prepare('INSERT INTO secrets (name, value, created_at) VALUES (?, ?, ?)')
        .run(name, value, this.#clock.now());
      return value;
    });
  }

  /** Idempotent. Folds the write-ahead log into the database. */
  close(): void {
    if (!this.db.open) return;
    this.keys.close();
    this.db.close();
    openHere.delete(this.#file);
    if (this.keySource !== 'ephemeral') return;
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${this.#file}${suffix}`, { force: true });
  }
}
