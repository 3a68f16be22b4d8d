import type { Migration } from '../migrate.ts';

/** Keys of conversations and subjects, wrapped; and which were destroyed, so that nothing brings them back. */
export const dataKeyTables: Migration = {
  number: 6,
  name: 'data keys',
  sql: `
    CREATE TABLE data_keys (
      scope TEXT NOT NULL CHECK (scope IN ('conversation', 'subject')),
      id TEXT NOT NULL,
      generation INTEGER NOT NULL CHECK (generation > 0),
      subject TEXT,
      wrapped BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (scope, id, generation)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX data_keys_by_subject ON data_keys (subject) WHERE subject IS NOT NULL;
    CREATE TABLE destroyed_keys (
      scope TEXT NOT NULL,
      id TEXT NOT NULL,
      destroyed_at INTEGER NOT NULL,
      PRIMARY KEY (scope, id)
    ) STRICT, WITHOUT ROWID;
  `,
};
