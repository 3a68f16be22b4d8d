/**
 * The demo servers' database: SQLite with invented people. In the clear, so that anyone can look at what a tool did;
 * a real server stands in front of the site's own systems.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { UsedCapabilities } from './capability.ts';

export type Store = Database.Database;

const OWN_TABLES = `
  CREATE TABLE used_capability (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT;
  CREATE TABLE identified (conversation TEXT PRIMARY KEY, subject TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE attempt (conversation TEXT NOT NULL, claimed TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
`;
/** Came later than the first databases. */
const ADDED_TABLES = `
  CREATE TABLE IF NOT EXISTS done (key TEXT PRIMARY KEY, asked TEXT NOT NULL, result TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS refused (at INTEGER NOT NULL, tool TEXT NOT NULL, code TEXT NOT NULL) STRICT;
`;
const DONE_MS = 24 * 3_600_000;
const IDENTIFIED_MS = 30 * 60_000;
const HOUR_MS = 3_600_000;
const TRIES_A_CONVERSATION = 4;
const TRIES_A_PERSON_AN_HOUR = 6;

/** Opens `<folder>/<name>.db`; on the first start creates and fills it, all or nothing. */
export function openStore(folder: string, name: string, create: (store: Store) => void): Store {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = new Database(join(folder, `${name}.db`), { timeout: 2000 });
  store.pragma('journal_mode = WAL');
  store.pragma('foreign_keys = ON');
  store
    .transaction(() => {
      store.exec(ADDED_TABLES);
      if (store.pragma('user_version', { simple: true }) === 1) return;
      store.exec(OWN_TABLES);
      create(store);
      store.pragma('user_version = 1');
    })
    .exclusive();
  return store;
}

/** In the database, so that a capability stays used when the server is started again. */
export function rememberIn(store: Store): UsedCapabilities {
  const forget = store.prepare('DELETE FROM used_capability WHERE until < ?');
  const use = store.prepare('INSERT INTO used_capability VALUES (?, ?) ON CONFLICT DO NOTHING');
  return {
    use(id, expiresAtSeconds) {
      forget.run(Math.floor(Date.now() / 1000) - 60);
      return use.run(id, expiresAtSeconds).changes === 1;
    },
  };
}

/**
 * Does something once for a key: asked again with the same key, as after a crash, it gives the first answer and does
 * nothing. Only what changed the database is remembered. To be called within a transaction.
 * @throws when the key was used for something else.
 */
export function once<Result>(store: Store, key: string, asked: string, work: () => Result): Result {
  store.prepare('DELETE FROM done WHERE at < ?').run(Date.now() - DONE_MS);
  const before = store
    .prepare<[string], { asked: string; result: string }>('SELECT asked, result FROM done WHERE key = ?')
    .get(key);
  if (before && before.asked !== asked) throw new Error('the idempotency key was used for something else');
  if (before) return JSON.parse(before.result) as Result;
  const changes = changesOf(store);
  const result = work();
  if (changesOf(store) !== changes)
    store.prepare('INSERT INTO done VALUES (?, ?, ?, ?)').run(key, asked, JSON.stringify(result), Date.now());
  return result;
}

/** The server's own log of calls that it refused: which tool and why, nothing of what was sent. */
export function logRefused(store: Store, tool: string, code: string): void {
  store.prepare('INSERT INTO refused VALUES (?, ?, ?)').run(Date.now(), tool, code);
}

function changesOf(store: Store): number {
  return store.prepare<[], number>('SELECT total_changes()').pluck().get() ?? 0;
}

/** Who was identified in this conversation; null when nobody was, or too long ago. */
export function subjectOf(store: Store, conversation: string): string | null {
  const row = store
    .prepare<[string, number], { subject: string }>(
      'SELECT subject FROM identified WHERE conversation = ? AND at > ?',
    )
    .get(conversation, Date.now() - IDENTIFIED_MS);
  return row?.subject ?? null;
}

/**
 * Identifies somebody for the rest of the conversation. `claimed` is what they say who they are; guessing is
 * stopped by conversation and by claimed person, so that it cannot go on in the next conversation.
 */
export function identify(
  store: Store,
  conversation: string,
  claimed: string,
  find: () => string | null,
): { readonly subject: string | null; readonly locked: boolean } {
  const now = Date.now();
  store.prepare('DELETE FROM attempt WHERE at < ?').run(now - HOUR_MS);
  if (tries(store, 'conversation', conversation) >= TRIES_A_CONVERSATION)
    return { subject: null, locked: true };
  if (tries(store, 'claimed', claimed) >= TRIES_A_PERSON_AN_HOUR) return { subject: null, locked: true };
  const subject = find();
  if (subject === null) {
    store.prepare('DELETE FROM identified WHERE conversation = ?').run(conversation);
    store.prepare('INSERT INTO attempt VALUES (?, ?, ?)').run(conversation, claimed, now);
    return { subject: null, locked: tries(store, 'conversation', conversation) >= TRIES_A_CONVERSATION };
  }
  store.prepare('INSERT OR REPLACE INTO identified VALUES (?, ?, ?)').run(conversation, subject, now);
  return { subject, locked: false };
}

function tries(store: Store, column: 'conversation' | 'claimed', value: string): number {
  const row = store
    .prepare<[string], { n: number }>(`SELECT count(*) AS n FROM attempt WHERE ${column} = ?`)
    .get(value);
  return row?.n ?? 0;
}
