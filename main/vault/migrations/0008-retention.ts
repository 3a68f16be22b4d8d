import type { Migration } from '../migrate.ts';

/**
 * Recorded sound, sealed a second at a time (`screened`: nothing is in it that must not be kept); legal holds;
 * and requests for erasure with what came of them: what is kept after is a certificate.
 */
export const retentionTables: Migration = {
  number: 8,
  name: 'retention',
  sql: `
    CREATE TABLE recordings (
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      channel TEXT NOT NULL CHECK (channel IN ('person', 'agent')),
      segment INTEGER NOT NULL,
      started_ms INTEGER NOT NULL,
      duration_ms INTEGER NOT NULL,
      sample_rate INTEGER NOT NULL,
      screened INTEGER NOT NULL CHECK (screened IN (0, 1)),
      sound BLOB NOT NULL,
      PRIMARY KEY (conversation_id, channel, segment)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE legal_holds (
      id TEXT PRIMARY KEY,
      scope TEXT NOT NULL CHECK (scope IN ('everything', 'subject', 'conversation')),
      target_id TEXT NOT NULL,
      matter TEXT NOT NULL,
      placed_at INTEGER NOT NULL,
      placed_by TEXT NOT NULL,
      lifted_at INTEGER,
      lifted_by TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX legal_holds_in_force ON legal_holds (scope, target_id) WHERE lifted_at IS NULL;
    CREATE TABLE erasures (
      id TEXT PRIMARY KEY,
      subject_id TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      requested_by TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('requested', 'withdrawn', 'done')),
      decided_at INTEGER,
      decided_by TEXT,
      certificate TEXT
    ) STRICT, WITHOUT ROWID;
  `,
};
