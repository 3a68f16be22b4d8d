import type { Migration } from '../migrate.ts';

/**
 * What the tool gateway must still know after a restart: which calls went out and what became of them, what they
 * summed up to, what is stopped, and which one-time codes were used or guessed at. Arguments are kept as keyed hashes.
 */
export const toolTables: Migration = {
  number: 5,
  name: 'tools',
  sql: `
    CREATE TABLE tool_uses (
      proposal_id TEXT PRIMARY KEY,
      desk_id TEXT NOT NULL,
      conversation_id TEXT NOT NULL,
      tool TEXT NOT NULL,
      risk TEXT NOT NULL,
      arguments_hash TEXT NOT NULL,
      at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('called', 'ok', 'refused', 'failed', 'unknown')),
      code TEXT,
      answered_at INTEGER,
      resolved_at INTEGER,
      resolved_by TEXT,
      happened INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tool_uses_by_time ON tool_uses (desk_id, tool, at);
    CREATE INDEX tool_uses_open ON tool_uses (state) WHERE state IN ('called', 'unknown');
    CREATE TABLE tool_amounts (
      proposal_id TEXT NOT NULL REFERENCES tool_uses (proposal_id) ON DELETE CASCADE,
      argument TEXT NOT NULL,
      hundredths INTEGER NOT NULL CHECK (hundredths >= 0),
      PRIMARY KEY (proposal_id, argument)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tool_stops (
      scope TEXT NOT NULL CHECK (scope IN ('all', 'risk', 'tool')),
      name TEXT NOT NULL,
      at INTEGER NOT NULL,
      by_id TEXT NOT NULL,
      PRIMARY KEY (scope, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tool_time (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
    CREATE TABLE tool_codes (member_id TEXT PRIMARY KEY, used_step INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE tool_code_misses (member_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE INDEX tool_code_misses_by_member ON tool_code_misses (member_id, at);
  `,
};
