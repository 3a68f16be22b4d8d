import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { type Clock, codeOf, hasCode, type Paths, SottoError } from '../../base/index.ts';
import { encryptAnew, inOurWords, openDatabase, refusePlaintext } from '../database.ts';
import { createPrivateFile, privateFolder, renameDurably, syncFile } from '../files.ts';
import { boundPart, writeHeader } from '../header.ts';
import { migrate } from '../migrate.ts';
import { DATA_ROOT } from '../open-vault.ts';
import { refuseExisting, unfinished } from '../vault.ts';
import { wrapKey } from '../wrapping.ts';
import { type LastingSource, makeWrappingKey } from '../wrapping-key.ts';
import {
  type BackupManifest,
  DATABASE_FILE,
  damagedBackup,
  KEYRING_FILE,
  type Keyring,
  keyringSchema,
  MANIFEST_FILE,
  manifestSchema,
  readJson,
  readText,
  sha256Of,
} from './format.ts';
import { decryptForRecovery, type RecoveryPrivateKey } from './recovery-key.ts';

export interface RestoreRequest {
  /** The folder of the backup. */
  readonly from: string;
  /** The ring of data keys; absent: the one beside the backup. */
  readonly keyring?: string;
  readonly recoveryKey: RecoveryPrivateKey;
  /** Where the restored vault's own key is to live. */
  readonly source: LastingSource;
  readonly clock: Clock;
}

export interface Restored {
  readonly vaultId: string;
  readonly createdAt: number;
  /** Conversations and subjects that were erased after the backup was made: their keys are not in the ring. */
  readonly erasedSince: number;
}

/**
 * Makes a vault from a backup in a data folder that has none, on this machine or another. What was erased since the
 * backup was made stays unreadable; the caller has the records take away its rows.
 * @throws SottoError `vault/exists`, `backup/unreadable`, `backup/damaged`, `backup/wrong-key`, `backup/older-keyring`,
 *   `backup/foreign-keyring`, and what `makeWrappingKey` throws.
 */
export async function restoreBackup(paths: Paths, request: RestoreRequest): Promise<Restored> {
  refuseExisting(paths);
  const { manifest, key, keyring } = await openBackup(request);
  privateFolder(paths.data);
  const file = unfinished(paths);
  try {
    copyInto(join(request.from, DATABASE_FILE), file);
    await refuseChanged(file, manifest);
    const databaseKey = randomBytes(32);
    try {
      const erasedSince = takeOver(file, key, databaseKey, manifest.vaultId, keyring);
      await putUnderKey(paths, request, manifest.vaultId, databaseKey);
      return { vaultId: manifest.vaultId, createdAt: manifest.createdAt, erasedSince };
    } finally {
      databaseKey.fill(0);
    }
  } catch (error) {
    const made = ['', '-wal', '-journal'].map((suffix) => `${file}${suffix}`);
    for (const each of [...made, paths.vaultHeader]) rmSync(each, { force: true });
    throw error;
  } finally {
    key.fill(0);
  }
}

/**
 * Opens a backup with the recovery key and looks at all of it, changing nothing; `scratch` is a folder for a copy.
 * @throws SottoError as `restoreBackup`.
 */
export async function verifyBackup(
  request: Pick<RestoreRequest, 'from' | 'keyring' | 'recoveryKey'>,
  scratch: string,
): Promise<BackupManifest> {
  const { manifest, key } = await openBackup(request);
  const file = join(scratch, 'verify.db');
  try {
    copyInto(join(request.from, DATABASE_FILE), file);
    await refuseChanged(file, manifest);
    openWhole(file, key, manifest.vaultId).close();
    return manifest;
  } finally {
    key.fill(0);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  }
}

async function openBackup({
  from,
  keyring: ringFile = join(dirname(from), KEYRING_FILE),
  recoveryKey,
}: Pick<RestoreRequest, 'from' | 'keyring' | 'recoveryKey'>) {
  const manifest = await readJson(join(from, MANIFEST_FILE), manifestSchema);
  const key = await decryptForRecovery(manifest.key, recoveryKey);
  if (key.length !== 32) throw damagedBackup();
  const ring = await decryptForRecovery(await readText(ringFile), recoveryKey);
  const keyring = parseKeyring(ring);
  ring.fill(0);
  if (keyring.vaultId !== manifest.vaultId)
    throw new SottoError('backup/foreign-keyring', 'The keyring belongs to another vault.', {
      remedy: `Name the ${KEYRING_FILE} that lies beside the backups of this vault.`,
    });
  if (keyring.generation < manifest.keyring)
    throw new SottoError('backup/older-keyring', 'The keyring is older than the backup.', {
      remedy: `Name the newest ${KEYRING_FILE}; an older one lacks keys that the backup needs.`,
    });
  return { manifest, key, keyring };
}

function parseKeyring(bytes: Buffer): Keyring {
  try {
    return keyringSchema.parse(JSON.parse(bytes.toString()));
  } catch {
    throw damagedBackup();
  }
}

function copyInto(from: string, file: string): void {
  rmSync(file, { force: true });
  createPrivateFile(file);
  try {
    copyFileSync(from, file);
  } catch (cause) {
    const named = inOurWords(cause);
    if (hasCode(named, 'vault/disk-full')) throw named;
    throw new SottoError('backup/unreadable', 'The database of the backup cannot be copied.', {
      remedy: 'Check the disk of the backup.',
      cause,
    });
  }
}

async function refuseChanged(file: string, { database }: BackupManifest): Promise<void> {
  if (statSync(file).size === database.size && (await sha256Of(file)) === database.sha256) return;
  throw damagedBackup();
}

/** @throws SottoError `backup/damaged`. */
function openWhole(file: string, key: Buffer, vaultId: string): Database {
  refusePlaintext(file);
  const db = openDatabase(file, key);
  const whole =
    db.pragma('integrity_check', { simple: true }) === 'ok' &&
    db.prepare('SELECT id FROM vault').pluck().get() === vaultId;
  if (whole) return db;
  db.close();
  throw damagedBackup();
}

/** Brings the copy to the present schema, gives it back its data keys and a database key of its own. */
function takeOver(file: string, key: Buffer, databaseKey: Buffer, vaultId: string, keyring: Keyring): number {
  const db = openCopy(file, key, vaultId);
  try {
    migrate(db);
    const erased = db.transaction(() => importKeyring(db, keyring))();
    encryptAnew(db, databaseKey);
    return erased;
  } finally {
    db.close();
    syncFile(file);
  }
}

function openCopy(file: string, key: Buffer, vaultId: string): Database {
  try {
    return openWhole(file, key, vaultId);
  } catch (error) {
    throw codeOf(error) === 'vault/foreign' ? damagedBackup() : error;
  }
}

function importKeyring(db: Database, { root, keys, destroyed }: Keyring): number {
  db.prepare('INSERT OR REPLACE INTO secrets (name, value, created_at) VALUES (?, ?, 0)').run(
    DATA_ROOT,
    Buffer.from(root, 'base64'),
  );
  const put = db.prepare(
    'INSERT INTO data_keys (scope, id, generation, subject, wrapped, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const row of keys)
    put.run(
      row.scope,
      row.id,
      row.generation,
      row.subject,
      Buffer.from(row.wrapped, 'base64'),
      row.createdAt,
    );
  const mark = db.prepare('INSERT OR IGNORE INTO destroyed_keys (scope, id, destroyed_at) VALUES (?, ?, ?)');
  return destroyed.map(({ scope, id, at }) => mark.run(scope, id, at).changes).reduce((a, b) => a + b, 0);
}

/** As when a vault is made: the header first, and one rename that makes it a vault. */
async function putUnderKey(
  paths: Paths,
  { source, clock }: RestoreRequest,
  id: string,
  databaseKey: Buffer,
): Promise<void> {
  const wrapping = await makeWrappingKey(source, id);
  const bound = {
    format: 'sotto-vault',
    version: 1,
    id,
    createdAt: clock.now(),
    key: wrapping.header,
  } as const;
  try {
    writeHeader(paths.vaultHeader, {
      ...bound,
      wrapped: wrapKey(databaseKey, wrapping.key, boundPart(bound)),
    });
    renameDurably(unfinished(paths), paths.database);
  } finally {
    wrapping.key.fill(0);
  }
}
