import type { Migration } from '../migrate.ts';

/** Consent receipts: the decision in the clear of the database, the receipt sealed under the key of its conversation. */
export const consentTables: Migration = {
  number: 10,
  name: 'consent',
  sql: `
    CREATE TABLE consent_receipts (
      id TEXT PRIMARY KEY,
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      purpose TEXT NOT NULL CHECK (purpose IN ('disclosure', 'processing', 'recording')),
      decision TEXT NOT NULL CHECK (decision IN ('given', 'refused', 'withdrawn', 'notified')),
      receipt BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX consent_receipts_by_conversation ON consent_receipts (conversation_id);
  `,
};
