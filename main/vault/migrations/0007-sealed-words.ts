import type { Migration } from '../migrate.ts';

/**
 * What was said lies sealed under the key of its conversation (`words`); `legacy` holds what an earlier version wrote
 * in the clear of the database until the records have sealed it. Subjects are found by keyed hashes of what they are known by.
 * The search index holds no text and is made again from the turns; what is deleted from it is overwritten.
 */
export const sealedWordTables: Migration = {
  number: 7,
  name: 'sealed words',
  sql: `
    CREATE TABLE sealed_turns (
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      turn INTEGER NOT NULL,
      speaker TEXT NOT NULL CHECK (speaker IN ('person', 'agent')),
      at INTEGER NOT NULL,
      words BLOB,
      legacy TEXT,
      flow TEXT,
      confidence REAL,
      interrupted INTEGER NOT NULL,
      CHECK ((words IS NULL) <> (legacy IS NULL)),
      PRIMARY KEY (conversation_id, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO sealed_turns SELECT conversation_id, position, turn, speaker, at, NULL, text, flow, confidence, interrupted
      FROM turns;
    DROP TABLE turns;
    ALTER TABLE sealed_turns RENAME TO turns;
    CREATE INDEX turns_legacy ON turns (conversation_id) WHERE legacy IS NOT NULL;

    CREATE TABLE subjects (
      id TEXT PRIMARY KEY,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE subject_references (
      hash TEXT PRIMARY KEY,
      subject_id TEXT NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX subject_references_by_subject ON subject_references (subject_id);
    ALTER TABLE conversations ADD COLUMN subject_id TEXT REFERENCES subjects (id);
    CREATE INDEX conversations_by_subject ON conversations (subject_id) WHERE subject_id IS NOT NULL;
    CREATE INDEX conversations_by_member ON conversations (member_id, started_at);

    CREATE TABLE turn_places (
      place INTEGER PRIMARY KEY,
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      UNIQUE (conversation_id, position)
    ) STRICT;
    CREATE VIRTUAL TABLE turn_index USING fts5 (
      words, content = '', tokenize = "porter unicode61 remove_diacritics 2"
    );
    INSERT INTO turn_index (turn_index, rank) VALUES ('secure-delete', 1);
  `,
};
