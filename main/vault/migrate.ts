import type { Database } from 'better-sqlite3';
import { SottoError } from '../base/index.ts';
import { APPLICATION_ID, inOurWords } from './database.ts';
import { vaultTables } from './migrations/0001-vault.ts';
import { auditTables } from './migrations/0002-audit.ts';
import { identityTables } from './migrations/0003-identity.ts';
import { recordTables } from './migrations/0004-records.ts';
import { toolTables } from './migrations/0005-tools.ts';
import { dataKeyTables } from './migrations/0006-data-keys.ts';
import { sealedWordTables } from './migrations/0007-sealed-words.ts';
import { retentionTables } from './migrations/0008-retention.ts';
import { safeguardTables } from './migrations/0009-safeguards.ts';
import { consentTables } from './migrations/0010-consent.ts';
import { lastBackupSetting } from './migrations/0011-last-backup.ts';

/** One step of the schema. Once released it is never edited: a change is a new number. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

const MIGRATIONS: readonly Migration[] = [
  vaultTables,
  auditTables,
  identityTables,
  recordTables,
  toolTables,
  dataKeyTables,
  sealedWordTables,
  retentionTables,
  safeguardTables,
  consentTables,
  lastBackupSetting,
];

/** Tables that are made again from the others, such as a search index: no backup carries them. */
export const DERIVED_TABLES: readonly string[] = ['turn_places'];

/** Marks a new, empty database as a vault's and brings it to the present schema. */
export function createSchema(db: Database): void {
  db.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(db);
}

/**
 * Brings the database of a vault to the present schema, each step in a transaction of its own, so that a crash
 * leaves it at a whole number. Returns how many steps it took.
 * @throws SottoError `vault/foreign` (not a vault), `vault/newer` (a schema from a later version), `vault/migration-failed`
 *   (the database was left as the last whole step made it), and what `inOurWords` names.
 */
export function migrate(db: Database): number {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new SottoError('vault/foreign', 'The database is not one of Sotto.', {
      remedy: 'Restore sotto.db and vault.json together from one backup. Nothing was changed.',
    });
  const present = Number(db.pragma('user_version', { simple: true }));
  if (present > MIGRATIONS.length)
    throw new SottoError('vault/newer', 'The vault was written by a newer version of Sotto.', {
      remedy: 'Install that version or a later one.',
    });
  const missing = MIGRATIONS.slice(present);
  for (const migration of missing) {
    try {
      apply(db, migration);
    } catch (error) {
      throw failed(migration, error);
    }
  }
  return missing.length;
}

function apply(db: Database, migration: Migration): void {
  db.transaction(() => {
    db.exec(migration.sql);
    db.pragma(`user_version = ${migration.number}`);
  }).immediate();
}

function failed({ number }: Migration, error: unknown): SottoError {
  const named = inOurWords(error);
  if (named instanceof SottoError) return named;
  return new SottoError(
    'vault/migration-failed',
    `The vault could not be brought to its form number ${number}.`,
    {
      remedy: 'Nothing was lost. Keep using the version of Sotto that you had, and tell us.',
      cause: error,
    },
  );
}
