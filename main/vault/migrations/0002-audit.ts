import type { Migration } from '../migrate.ts';

/**
 * The audit log. The triggers are a seat belt against our own mistakes: whoever holds the key can drop them, which
 * the verification then tells. `audit_tree` is the compact range (the peaks of the Merkle tree) over all entries.
 */
export const auditTables: Migration = {
  number: 2,
  name: 'audit',
  sql: `
    CREATE TABLE audit_entries (
      seq INTEGER PRIMARY KEY CHECK (seq >= 0),
      at INTEGER NOT NULL,
      json TEXT NOT NULL,
      leaf BLOB NOT NULL CHECK (length(leaf) = 32)
    ) STRICT;
    CREATE TABLE audit_checkpoints (
      size INTEGER PRIMARY KEY CHECK (size >= 0),
      at INTEGER NOT NULL,
      note TEXT NOT NULL
    ) STRICT;
    CREATE TABLE audit_tree (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      size INTEGER NOT NULL,
      peaks BLOB NOT NULL
    ) STRICT;
    INSERT INTO audit_tree VALUES (1, 0, x'');
    CREATE TRIGGER audit_entries_keep BEFORE UPDATE ON audit_entries
      BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END;
    CREATE TRIGGER audit_entries_hold BEFORE DELETE ON audit_entries
      BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END;
    CREATE TRIGGER audit_checkpoints_keep BEFORE UPDATE ON audit_checkpoints
      BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END;
    CREATE TRIGGER audit_checkpoints_hold BEFORE DELETE ON audit_checkpoints
      BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END;
  `,
};
