import type { Migration } from '../migrate.ts';

/**
 * Members that are locked, their one-time codes; what was stopped by the big red button and who wants it lifted; what
 * limits must still know after a restart; incidents with their evidence and steps; alerts that wait for the mail relay.
 */
export const safeguardTables: Migration = {
  number: 9,
  name: 'safeguards',
  sql: `
    ALTER TABLE members ADD COLUMN locked_at INTEGER;
    ALTER TABLE members ADD COLUMN locked_by TEXT;
    ALTER TABLE members ADD COLUMN lock_reason TEXT;
    ALTER TABLE members ADD COLUMN passphrase_at INTEGER;
    ALTER TABLE members ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1));
    ALTER TABLE members ADD COLUMN signed_in_at INTEGER;
    ALTER TABLE members ADD COLUMN reviewed_at INTEGER;
    CREATE TABLE member_codes (
      member_id TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
      key BLOB NOT NULL CHECK (length(key) >= 20),
      begun_at INTEGER NOT NULL,
      confirmed_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE standstills (
      scope TEXT NOT NULL CHECK (scope IN ('all', 'desk', 'tool')),
      name TEXT NOT NULL,
      at INTEGER NOT NULL,
      by_id TEXT NOT NULL,
      via TEXT NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (scope, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE standstill_lifts (
      scope TEXT NOT NULL,
      name TEXT NOT NULL,
      member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      PRIMARY KEY (scope, name, member_id),
      FOREIGN KEY (scope, name) REFERENCES standstills (scope, name) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE limit_marks (
      rule TEXT NOT NULL,
      subject TEXT NOT NULL,
      at INTEGER NOT NULL,
      amount REAL NOT NULL
    ) STRICT;
    CREATE INDEX limit_marks_by_subject ON limit_marks (rule, subject, at);
    CREATE INDEX limit_marks_by_time ON limit_marks (at);
    CREATE TABLE limit_fired (
      rule TEXT NOT NULL,
      subject TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (rule, subject)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE limit_hours (
      measure TEXT NOT NULL,
      hour INTEGER NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (measure, hour)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE incidents (
      id TEXT PRIMARY KEY,
      number INTEGER NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      severity TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high')),
      opened_at INTEGER NOT NULL,
      opened_by TEXT NOT NULL,
      summary TEXT NOT NULL,
      first_seq INTEGER NOT NULL,
      checkpoint TEXT NOT NULL,
      closed_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE incident_evidence (
      id TEXT PRIMARY KEY,
      incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      by_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      json TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX incident_evidence_by_incident ON incident_evidence (incident_id, at);
    CREATE TABLE incident_steps (
      incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
      step TEXT NOT NULL,
      owner_id TEXT,
      signed_at INTEGER,
      signed_by TEXT,
      PRIMARY KEY (incident_id, step)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE incident_checks (
      incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
      step TEXT NOT NULL,
      item TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('done', 'notNeeded')),
      at INTEGER NOT NULL,
      by_id TEXT NOT NULL,
      PRIMARY KEY (incident_id, step, item)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE alert_mail (
      id TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      json TEXT NOT NULL,
      tries INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
