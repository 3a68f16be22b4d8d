import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type Clock, SottoError } from '../../base/index.ts';
import type { Vault } from '../contract.ts';
import { inOurWords, openDatabase, rawKeyLiteral, refusePlaintext } from '../database.ts';
import { createPrivateFile, syncFile, syncFolder, writeAtomically } from '../files.ts';
import { createSchema, DERIVED_TABLES } from '../migrate.ts';
import { DATA_ROOT } from '../open-vault.ts';
import { readSetting, writeSetting } from '../settings.ts';
import { DATABASE_FILE, KEYRING_FILE, type Keyring, MANIFEST_FILE, sha256Of } from './format.ts';
import { encryptForRecovery, type RecoveryPublicKey } from './recovery-key.ts';

const PARTIAL = '.partial';
const generationSchema = z.int().nonnegative();
const LAST = 'backup.last';
const lastSchema = z.object({ at: z.int() });

export interface BackupRequest {
  /** An existing folder, e.g. on a USB disk: the backup becomes a folder of its own in it. */
  readonly into: string;
  readonly recoveryKey: RecoveryPublicKey;
  readonly clock: Clock;
  readonly onProgress?: (step: 'copy' | 'verify' | 'keys') => void;
}

export interface Backup {
  readonly folder: string;
  readonly createdAt: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Generation of the ring of data keys, which lies beside the backup and replaced the one before. */
  readonly keyring: number;
  /** `kid` of the recovery key that opens it. */
  readonly recoveryKey: string;
}

/**
 * Copies an open vault, as of one moment, into a folder of its own: encrypted under a key of its own, which only the
 * offline recovery key opens; and verifies the copy by opening it. The data keys are not in it. They lie in one ring
 * beside the backups, which each backup replaces: what was erased since cannot be read from an older backup either.
 * @throws SottoError `backup/no-folder`, `backup/failed`, and what the disk refuses. Nothing half-written has its name.
 */
export async function backUp(vault: Vault, request: BackupRequest): Promise<Backup> {
  const { into, recoveryKey, clock, onProgress } = request;
  removeLeftovers(into);
  const createdAt = clock.now();
  const folder = join(into, `sotto-${stamp(createdAt)}`);
  const partial = `${folder}${PARTIAL}`;
  if (existsSync(folder))
    throw new SottoError('backup/exists', 'A backup of this moment is there already.', {
      remedy: 'Run it again.',
    });
  const generation = nextGeneration(vault, clock);
  const key = randomBytes(32);
  try {
    mkdirSync(partial, { mode: 0o700 });
    const file = join(partial, DATABASE_FILE);
    onProgress?.('copy');
    const counts = copyDatabase(vault, file, key);
    syncFile(file);
    onProgress?.('verify');
    verifyCopy(file, key, counts);
    const size = statSync(file).size;
    const sha256 = await sha256Of(file);
    const manifest = {
      format: 'sotto-backup',
      version: 1,
      vaultId: idOf(vault.db),
      createdAt,
      database: { file: DATABASE_FILE, size, sha256 },
      keyring: generation,
      recoveryKey: recoveryKey.kid,
      key: await encryptForRecovery(key, recoveryKey),
    };
    writeAtomically(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    onProgress?.('keys');
    await writeKeyring(vault, { into, recoveryKey, clock, generation });
    renameSync(partial, folder);
    syncFolder(into);
    writeSetting(vault, LAST, { at: createdAt }, clock);
    return { folder, createdAt, bytes: size, sha256, keyring: generation, recoveryKey: recoveryKey.kid };
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw inOurWords(error);
  } finally {
    key.fill(0);
  }
}

/** When this vault was last backed up whole, epoch milliseconds; null for never. @throws SottoError `vault/bad-setting` */
export function lastBackupAt(vault: Vault): number | null {
  return readSetting(vault, LAST, lastSchema)?.at ?? null;
}

/**
 * Writes the ring of data keys alone, in the place of the one before: after an erasure, for media with older backups.
 * @throws SottoError `backup/no-folder`, and what the disk refuses.
 */
export async function renewKeyring(
  vault: Vault,
  { into, recoveryKey, clock }: BackupRequest,
): Promise<{ readonly generation: number }> {
  removeLeftovers(into);
  const generation = nextGeneration(vault, clock);
  await writeKeyring(vault, { into, recoveryKey, clock, generation });
  return { generation };
}

/** Copies all rows in one read of the whole; but no data key, and nothing that can be made again from the rest. */
function copyDatabase(vault: Vault, file: string, key: Buffer): ReadonlyMap<string, number> {
  createPrivateFile(file);
  const copy = openDatabase(file, key);
  createSchema(copy);
  copy.close();
  const { db } = vault;
  const literal = rawKeyLiteral(key);
  try {
    db.prepare('ATTACH DATABASE ? AS backup KEY ?').run(file, literal);
  } finally {
    literal.fill(0);
  }
  try {
    return vault.transaction(() => {
      db.pragma('defer_foreign_keys = ON');
      const counts = new Map<string, number>();
      for (const table of ordinaryTables(db)) counts.set(table, copyTable(db, table));
      return counts;
    });
  } finally {
    db.exec('DETACH DATABASE backup');
  }
}

function copyTable(db: Database, table: string): number {
  const rest = table === 'secrets' ? ` WHERE name <> '${DATA_ROOT}'` : '';
  db.exec(`DELETE FROM backup."${table}"`);
  return db.prepare(`INSERT INTO backup."${table}" SELECT * FROM main."${table}"${rest}`).run().changes;
}

/** All tables with rows of their own, but the data keys and what is derived. */
function ordinaryTables(db: Database): readonly string[] {
  const without = new Set(['data_keys', ...DERIVED_TABLES]);
  return db
    .prepare<[], string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    .pluck()
    .all()
    .filter((name) => !name.startsWith('sqlite_') && !without.has(name));
}

/** A backup that was never opened is a hope: each is opened, with its own key, and counted. */
function verifyCopy(file: string, key: Buffer, counts: ReadonlyMap<string, number>): void {
  refusePlaintext(file);
  const copy = openDatabase(file, key);
  try {
    const whole = copy.pragma('integrity_check', { simple: true }) === 'ok';
    const counted = [...counts].every(
      ([table, count]) => copy.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() === count,
    );
    const keyless = copy.prepare('SELECT count(*) FROM data_keys').pluck().get() === 0;
    if (whole && counted && keyless) return;
  } finally {
    copy.close();
  }
  throw new SottoError('backup/failed', 'The backup was written, but does not read back as it should.', {
    remedy: 'Use another disk, and have this one checked.',
  });
}

async function writeKeyring(
  vault: Vault,
  at: Omit<BackupRequest, 'onProgress'> & { readonly generation: number },
): Promise<void> {
  const ring = Buffer.from(JSON.stringify(keyringOf(vault, at.generation, at.clock.now())));
  try {
    writeAtomically(join(at.into, KEYRING_FILE), await encryptForRecovery(ring, at.recoveryKey));
  } finally {
    ring.fill(0);
  }
}

function keyringOf(vault: Vault, generation: number, writtenAt: number): Keyring {
  const keys = vault.db
    .prepare<[], Keyring['keys'][number]>(
      `SELECT scope, id, generation, subject, wrapped, created_at AS createdAt FROM data_keys`,
    )
    .all()
    .map((row) => ({ ...row, wrapped: Buffer.from(row.wrapped).toString('base64') }));
  const destroyed = vault.db
    .prepare<[], Keyring['destroyed'][number]>('SELECT scope, id, destroyed_at AS at FROM destroyed_keys')
    .all();
  const root = vault.secret(DATA_ROOT, () => randomBytes(32));
  const vaultId = idOf(vault.db);
  const ring = { vaultId, generation, writtenAt, root: root.toString('base64'), keys, destroyed };
  root.fill(0);
  return { format: 'sotto-keyring', version: 1, ...ring };
}

function nextGeneration(vault: Vault, clock: Clock): number {
  return vault.transaction(() => {
    const next = (readSetting(vault, 'backup.keyring', generationSchema) ?? 0) + 1;
    writeSetting(vault, 'backup.keyring', next, clock);
    return next;
  });
}

function removeLeftovers(into: string): void {
  if (!existsSync(into) || !statSync(into).isDirectory())
    throw new SottoError('backup/no-folder', 'The folder for the backup is not there.', {
      remedy: 'Make it, or connect its disk, and run the backup again.',
    });
  for (const name of readdirSync(into))
    if (name.startsWith('sotto-') && name.endsWith(PARTIAL))
      rmSync(join(into, name), { recursive: true, force: true });
}

function idOf(db: Database): string {
  return z.uuid().parse(db.prepare('SELECT id FROM vault').pluck().get());
}

/** `20261121T050903.417Z`: sorts by time. */
function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]/g, '');
}
