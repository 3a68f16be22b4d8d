import type { Migration } from '../migrate.ts';

/** What the vault keeps for itself: whose database this is, named secrets, and the settings of the site. */
export const vaultTables: Migration = {
  number: 1,
  name: 'vault',
  sql: `
    CREATE TABLE vault (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      id TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE secrets (
      name TEXT PRIMARY KEY,
      value BLOB NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE settings (
      name TEXT PRIMARY KEY,
      json TEXT NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
