import { closeSync, openSync, readSync } from 'node:fs';
import Database from 'better-sqlite3';
import { SottoError } from '../base/index.ts';

/** 'SOTT': what `file` and the vault itself know the database by. */
export const APPLICATION_ID = 0x534f5454;
const PLAINTEXT = Buffer.from('SQLite format 3\0');

/**
 * Opens the encrypted database with its raw 32-byte key and takes it for this process alone.
 * @throws SottoError `vault/in-use`, `vault/foreign`, and what `inOurWords` names.
 */
export function openDatabase(file: string, key: Buffer): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { fileMustExist: true, timeout: 500 });
    unlock(db, key);
    settle(db);
    return db;
  } catch (error) {
    db?.close();
    throw inOurWords(error);
  }
}

/** Refuses a file that is not encrypted: a library that fell back to plain text must be noticed. */
export function refusePlaintext(file: string): void {
  const first = Buffer.alloc(PLAINTEXT.length);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, first, 0, first.length, 0);
  } finally {
    closeSync(fd);
  }
  if (!first.equals(PLAINTEXT)) return;
  throw new SottoError('vault/plaintext', 'The database of the vault is not encrypted.', {
    remedy: 'Somebody replaced it, or it was never a vault. Restore it from a backup and find out which.',
  });
}

/** What the encrypting build adds; its type declarations are those of plain better-sqlite3. */
type Encrypting = Database.Database & { key(key: Buffer): number; rekey(key: Buffer): number };

function unlock(db: Database.Database, key: Buffer): void {
  const literal = rawKeyLiteral(key);
  try {
    db.pragma("cipher = 'sqlcipher'");
    const status = (db as Encrypting).key(literal);
    if (status !== 0) throw new SottoError('vault/cipher', 'The database library did not take the key.');
  } finally {
    literal.fill(0);
  }
}

/**
 * Encrypts every page under another key. In the write-ahead log, so that it happens wholly or not at all: from a
 * rollback journal a killed process could not be brought back (measured: 2 of 40 lost; docs/decisions/0013).
 * @throws SottoError `vault/cipher`, and what `inOurWords` names.
 */
export function encryptAnew(db: Database.Database, key: Buffer): void {
  const literal = rawKeyLiteral(key);
  try {
    if (db.pragma('journal_mode', { simple: true }) !== 'wal')
      throw new SottoError('vault/cipher', 'The database is not in write-ahead mode.');
    if ((db as Encrypting).rekey(literal) !== 0)
      throw new SottoError('vault/cipher', 'The database library did not take the new key.');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    throw inOurWords(error);
  } finally {
    literal.fill(0);
  }
}

/** SQLCipher's raw key, `x'…'`, built in a Buffer that can be zeroed: a string could not be. */
export function rawKeyLiteral(key: Buffer): Buffer {
  const digits = '0123456789abcdef';
  const literal = Buffer.alloc(3 + key.length * 2);
  literal.write("x'");
  key.forEach((byte, i) => {
    literal[2 + i * 2] = digits.charCodeAt(byte >> 4);
    literal[3 + i * 2] = digits.charCodeAt(byte & 15);
  });
  literal.write("'", literal.length - 1);
  return literal;
}

/**
 * Pages kept decrypted in memory, KiB. The build's own 16 MB would fill for hours, with every conversation that is written,
 * and never be needed: what a turn touches is the few pages at the end of each table.
 */
const PAGE_CACHE_KIB = 2048;

/**
 * Acknowledged means durable: every commit reaches the disk (`synchronous = FULL`). The exclusive lock, held by the
 * operating system until the process ends, also keeps the index of the write-ahead log out of the file system.
 */
function settle(db: Database.Database): void {
  db.pragma('memory_security = 1');
  db.pragma('temp_store = MEMORY');
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = ON');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
  db.exec('BEGIN EXCLUSIVE; COMMIT');
}

/** What the operating system says of a file, in SQLite's words. */
const SYSTEM_CODES: Readonly<Record<string, string>> = {
  ENOSPC: 'SQLITE_FULL',
  EDQUOT: 'SQLITE_FULL',
  EFBIG: 'SQLITE_FULL',
  EROFS: 'SQLITE_READONLY',
  EACCES: 'SQLITE_CANTOPEN',
  EPERM: 'SQLITE_CANTOPEN',
  EIO: 'SQLITE_IOERR',
};

/** Causes by the beginning of SQLite's code: what happened, and what to do. */
const CAUSES: readonly (readonly [prefix: string, code: string, message: string, remedy: string])[] = [
  [
    'SQLITE_BUSY',
    'vault/in-use',
    'Another Sotto is using this data folder.',
    'Stop the other one first, or ask it instead.',
  ],
  [
    'SQLITE_NOTADB',
    'vault/foreign',
    'The database does not belong to this vault, or is damaged.',
    'Restore sotto.db and vault.json together from one backup. Nothing was changed.',
  ],
  [
    'SQLITE_CORRUPT',
    'vault/damaged',
    'A part of the database is damaged and cannot be read.',
    'Keep a copy of the data folder and restore a backup; have the disk checked.',
  ],
  ['SQLITE_FULL', 'vault/disk-full', 'The disk is full: nothing more is kept.', 'Make room on the disk.'],
  [
    'SQLITE_READONLY',
    'vault/read-only',
    'The database cannot be written.',
    'Check the permissions of the data folder and that its disk is not mounted read-only.',
  ],
  [
    'SQLITE_CANTOPEN',
    'vault/unreadable',
    'The database cannot be opened.',
    'Check the permissions of the data folder.',
  ],
  [
    'SQLITE_IOERR',
    'vault/disk-failed',
    'The disk failed while the database was used.',
    'Have the disk checked, then restart.',
  ],
];

/** A `SottoError` for what SQLite or the operating system reports about the file; any other error as it is. */
export function inOurWords(error: unknown): unknown {
  if (error instanceof SottoError) return error;
  const reported = error instanceof Error && 'code' in error ? String(error.code) : '';
  const sqlite = SYSTEM_CODES[reported] ?? reported;
  const cause = CAUSES.find(([prefix]) => sqlite.startsWith(prefix));
  if (cause === undefined) return error;
  const [, code, message, remedy] = cause;
  return new SottoError(code, message, { remedy, cause: error });
}
