import type { Migration } from '../migrate.ts';

/** Conversations as kept: turns (already masked), tool calls, disclosures given, and who read what and why. */
export const recordTables: Migration = {
  number: 4,
  name: 'records',
  sql: `
    CREATE TABLE conversations (
      id TEXT PRIMARY KEY,
      desk_id TEXT NOT NULL,
      pack_hash TEXT NOT NULL,
      member_id TEXT,
      carrier TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      end_reason TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX conversations_by_time ON conversations (started_at);
    CREATE INDEX conversations_open ON conversations (id) WHERE ended_at IS NULL;
    CREATE TABLE turns (
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      turn INTEGER NOT NULL,
      speaker TEXT NOT NULL CHECK (speaker IN ('person', 'agent')),
      at INTEGER NOT NULL,
      text TEXT NOT NULL,
      flow TEXT,
      confidence REAL,
      interrupted INTEGER NOT NULL,
      PRIMARY KEY (conversation_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tool_calls (
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      proposal_id TEXT NOT NULL,
      turn INTEGER NOT NULL,
      at INTEGER NOT NULL,
      tool TEXT NOT NULL,
      risk TEXT NOT NULL,
      approved_by TEXT,
      outcome TEXT NOT NULL,
      code TEXT,
      PRIMARY KEY (conversation_id, proposal_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE disclosures (
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      disclosure_id TEXT NOT NULL,
      wording_hash TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (conversation_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE record_reads (
      position INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      member_id TEXT NOT NULL,
      conversation_id TEXT,
      reason TEXT
    ) STRICT;
  `,
};
