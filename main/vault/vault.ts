import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { type Clock, codeOf, type Log, logId, newId, type Paths, SottoError } from '../base/index.ts';
import type { KeySource, KeySourceKind, Vault, VaultState } from './contract.ts';
import { inOurWords, openDatabase, refusePlaintext } from './database.ts';
import { createPrivateFile, privateFolder, renameDurably } from './files.ts';
import { boundPart, readHeader, type VaultHeader, writeHeader } from './header.ts';
import { createSchema, migrate } from './migrate.ts';
import { OpenVault } from './open-vault.ts';
import { shieldProcessMemory } from './process-memory.ts';
import { unwrapKey, wrapKey } from './wrapping.ts';
import { findWrappingKey, forgetWrappingKey, makeWrappingKey } from './wrapping-key.ts';
import { refuseChangedLog } from './write-ahead-log.ts';

/** What a vault needs of the world. */
export interface VaultPorts {
  readonly clock: Clock;
  readonly log: Log;
}

/** What a data folder holds, without opening it. Half a vault (its header or its database alone) is `locked` too. */
export function vaultState(paths: Paths): VaultState {
  return existsSync(paths.vaultHeader) || existsSync(paths.database) ? 'locked' : 'absent';
}

/**
 * Which kind of key opens the vault in this folder, so that the right one can be asked for; null when there is none.
 * @throws SottoError `vault/bad-header`, `vault/newer`.
 */
export function vaultKeySource(paths: Paths): Exclude<KeySourceKind, 'ephemeral'> | null {
  return readHeader(paths.vaultHeader)?.key.kind ?? null;
}

/**
 * Makes a new vault and opens it. The header is written last but for one rename: until it stands, there is no vault.
 * @throws SottoError `vault/exists`, and what `makeWrappingKey` throws.
 */
export async function createVault(paths: Paths, source: KeySource, ports: VaultPorts): Promise<Vault> {
  shieldProcessMemory();
  refuseExisting(paths);
  privateFolder(paths.data);
  if (source.kind === 'ephemeral') return createEphemeral(paths, ports);
  const id = newId();
  const wrapping = await makeWrappingKey(source, id);
  const databaseKey = randomBytes(32);
  try {
    refuseExisting(paths);
    const header = { format: 'sotto-vault', version: 1, id, createdAt: ports.clock.now() } as const;
    const bound = { ...header, key: wrapping.header };
    buildDatabase(unfinished(paths), databaseKey, bound);
    const wrapped = wrapKey(databaseKey, wrapping.key, boundPart(bound));
    writeHeader(paths.vaultHeader, { ...bound, wrapped });
    renameDurably(unfinished(paths), paths.database);
    return openWith(paths, databaseKey, bound, source.kind, ports);
  } catch (error) {
    if (!existsSync(paths.vaultHeader)) {
      removeUnfinished(unfinished(paths));
      await forgetWrappingKey(source, wrapping.header);
    }
    throw inOurWords(error);
  } finally {
    databaseKey.fill(0);
    wrapping.key.fill(0);
  }
}

/**
 * Opens the vault in a data folder. Never makes one, whatever is missing.
 * @throws SottoError `vault/absent`, `vault/header-missing`, `vault/bad-header`, `vault/database-missing`,
 *   `vault/read-only`, `vault/plaintext`, `vault/foreign`, `vault/damaged`, `vault/newer`, `vault/in-use`, `vault/wrong-key`, `vault/key-missing`,
 *   `vault/other-key-source`, `vault/keychain-unavailable`, `vault/credential-unsafe`.
 */
export async function openVault(paths: Paths, source: KeySource, ports: VaultPorts): Promise<Vault> {
  shieldProcessMemory();
  const header = readHeader(paths.vaultHeader);
  if (header === null) throw headerMissing(paths);
  if (source.kind === 'ephemeral')
    throw new SottoError('vault/other-key-source', 'A throwaway vault cannot be opened a second time.', {
      remedy: `Start Sotto with the ${header.key.kind} that was chosen when the vault was made.`,
    });
  OpenVault.refuseOpenHere(paths.database);
  finishCreation(paths);
  refuseMissingDatabase(paths);
  refuseReadOnly(paths);
  refusePlaintext(paths.database);
  if (refuseChangedLog(`${paths.database}-wal`).lastIncomplete) ports.log.warn('vault.lastChangeIncomplete');
  const wrappingKey = await findWrappingKey(source, header.key);
  try {
    return openByHeader(paths, header, wrappingKey, source.kind, ports);
  } finally {
    wrappingKey.fill(0);
  }
}

/** With the key in force, or the one that a change of keys had come to when it was cut off; that change ends here. */
function openByHeader(
  paths: Paths,
  header: VaultHeader,
  wrappingKey: Buffer,
  kind: KeySourceKind,
  ports: VaultPorts,
): Vault {
  const { next, ...settled } = header;
  try {
    const vault = openWrapped(paths, settled, wrappingKey, kind, ports);
    if (next !== undefined) writeHeader(paths.vaultHeader, settled);
    return vault;
  } catch (error) {
    if (next === undefined || codeOf(error) !== 'vault/foreign') throw error;
    const changed = { ...settled, wrapped: next };
    const vault = openWrapped(paths, changed, wrappingKey, kind, ports);
    writeHeader(paths.vaultHeader, changed);
    return vault;
  }
}

function openWrapped(
  paths: Paths,
  header: VaultHeader,
  wrappingKey: Buffer,
  kind: KeySourceKind,
  ports: VaultPorts,
): Vault {
  const databaseKey = unwrapKey(header.wrapped, wrappingKey, boundPart(header));
  try {
    return openWith(paths, databaseKey, header, kind, ports);
  } finally {
    databaseKey.fill(0);
  }
}

/** A vault whose key is known to nobody but this process; its file goes when it is closed. */
function createEphemeral(paths: Paths, ports: VaultPorts): Vault {
  const key = randomBytes(32);
  const identity = { id: newId(), createdAt: ports.clock.now() };
  try {
    buildDatabase(unfinished(paths), key, identity);
    renameDurably(unfinished(paths), paths.database);
    return openWith(paths, key, identity, 'ephemeral', ports);
  } finally {
    key.fill(0);
  }
}

/** Builds a complete, empty database beside its place; a leftover of an attempt that died is removed first. */
function buildDatabase(file: string, key: Buffer, identity: Pick<VaultHeader, 'id' | 'createdAt'>): void {
  removeUnfinished(file);
  createPrivateFile(file);
  const db = openDatabase(file, key);
  try {
    createSchema(db);
    db.prepare('INSERT INTO vault (one, id, created_at) VALUES (1, ?, ?)').run(
      identity.id,
      identity.createdAt,
    );
  } finally {
    db.close();
  }
  refusePlaintext(file);
}

function removeUnfinished(file: string): void {
  for (const leftover of [file, `${file}-wal`, `${file}-journal`]) rmSync(leftover, { force: true });
}

function openWith(
  paths: Paths,
  key: Buffer,
  identity: Pick<VaultHeader, 'id'>,
  kind: KeySourceKind,
  ports: VaultPorts,
): Vault {
  OpenVault.refuseOpenHere(paths.database);
  const db = openDatabase(paths.database, key);
  try {
    const steps = migrate(db);
    checkOwner(db, identity.id);
    ports.log.info('vault.opened', { key: logId(kind), migrations: steps });
    return new OpenVault(db, paths.database, kind, ports.clock);
  } catch (error) {
    db.close();
    throw inOurWords(error);
  }
}

function checkOwner(db: Database, id: string): void {
  if (db.prepare('SELECT id FROM vault').pluck().get() === id) return;
  throw new SottoError('vault/foreign', 'The database belongs to another vault.', {
    remedy: 'Restore sotto.db and vault.json together from one backup.',
  });
}

/** Where a database is built until its header stands. */
export function unfinished(paths: Paths): string {
  return `${paths.database}.new`;
}

/** A crash between the header and the last rename leaves a whole database beside its place: put it there. */
function finishCreation(paths: Paths): void {
  if (!existsSync(paths.database) && existsSync(unfinished(paths)))
    renameDurably(unfinished(paths), paths.database);
}

export function refuseExisting(paths: Paths): void {
  if (vaultState(paths) === 'absent') return;
  throw new SottoError('vault/exists', 'There is a vault in this data folder already.', {
    remedy: 'Open it, or choose another data folder.',
  });
}

function headerMissing(paths: Paths): SottoError {
  if (vaultState(paths) === 'absent')
    return new SottoError('vault/absent', 'There is no vault in this data folder.', {
      remedy: 'Set Sotto up first, or name the right data folder (--data).',
    });
  return new SottoError('vault/header-missing', 'The database is there, but vault.json is not.', {
    remedy: `Restore vault.json to ${dirname(paths.vaultHeader)} from a backup.`,
  });
}

/** SQLite would open it, and report a failing disk at the first write. */
function refuseReadOnly(paths: Paths): void {
  try {
    for (const place of [paths.data, paths.database]) accessSync(place, constants.W_OK);
  } catch (cause) {
    throw new SottoError('vault/read-only', 'The data folder cannot be written.', {
      remedy: 'Check its permissions and that its disk is not mounted read-only.',
      cause,
    });
  }
}

/** An empty file would be a valid empty database to SQLite: it is not one to us. */
function refuseMissingDatabase(paths: Paths): void {
  if (existsSync(paths.database) && statSync(paths.database).size > 0) return;
  throw new SottoError('vault/database-missing', 'vault.json is there, but the database is not.', {
    remedy: 'Restore sotto.db from a backup. No new one was made.',
  });
}
