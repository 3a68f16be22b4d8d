import type { Migration } from '../migrate.ts';

/** Members, their sessions (tokens hashed), and failed sign-ins by a keyed hash of the name that was tried. */
export const identityTables: Migration = {
  number: 3,
  name: 'identity',
  sql: `
    CREATE TABLE members (
      id TEXT PRIMARY KEY,
      username TEXT NOT NULL UNIQUE,
      display_name TEXT NOT NULL,
      roles TEXT NOT NULL,
      passphrase TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sessions (
      token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
      member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
      created_at INTEGER NOT NULL,
      seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_member ON sessions (member_id);
    CREATE TABLE sign_in_failures (
      name TEXT PRIMARY KEY,
      failures INTEGER NOT NULL,
      last_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);
  `,
};
