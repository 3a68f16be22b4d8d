/**
 * What is kept: searching a hundred thousand conversations, what encryption costs beside plain SQLite, and how long a
 * backup, a restore and a new database key take at a hundred megabytes.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type AuditLog, openAuditLog } from '../main/audit/index.ts';
import { newId, pathsIn, silentLog, systemClock } from '../main/base/index.ts';
import { openRecords, type Records } from '../main/records/index.ts';
import {
  backUp,
  createVault,
  makeRecoveryKey,
  openVault,
  restoreBackup,
  rotateDatabaseKey,
  type Vault,
} from '../main/vault/index.ts';
import { percentile, table } from './machine.ts';

const ports = { clock: systemClock, log: silentLog };
const CONVERSATIONS = 100_000;
const A_COMMIT = 1_000;
const SEARCHES = 40;
const LIMIT = 50;
const LARGE_BYTES = 100 * 2 ** 20;
const TOGETHER = 64;
const GROUPS = 40;
const ROUNDS = 5;
const READER = { memberId: 'bench', reason: 'a bench' };
/** What people and the agent say, with two words that are looked for: in every third conversation, and in few. */
const PERSON = [
  'what are your opening hours on',
  'i lost my debit card near',
  'send money to the account of',
  'is there parking at',
];
const AGENT =
  'The branch is open from nine in the morning until five in the afternoon. Is there anything else I can do?';
const PLACES = [
  'monday',
  'the harbour',
  'the station',
  'saturday',
  'elm street',
  'the market',
  'the old bridge',
];

export async function benchStore(conversations = CONVERSATIONS): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-store-'));
  const paths = pathsIn(join(folder, 'vault'));
  const file = join(folder, 'key');
  writeFileSync(file, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o400 });
  const source = { kind: 'credential', file } as const;
  try {
    const vault = await createVault(paths, source, ports);
    const audit = openAuditLog(vault, ports);
    const records = openRecords(vault, audit, ports);
    const plain = plainRecords(join(folder, 'plain.db'));
    let upkeep: string | null = null;
    const spent = { vault: 0, plain: 0 };
    for (let done = 0; done < conversations; done += A_COMMIT) {
      spent.vault += timed(() => vault.transaction(() => fill(done, (i) => keep(records, i))));
      spent.plain += timed(() => plain.db.transaction(() => fill(done, plain.keep))());
      if (upkeep === null && bytesOf(vault) >= LARGE_BYTES)
        upkeep = await keepUp(vault, paths, source, folder);
    }
    upkeep ??= await keepUp(vault, paths, source, folder);
    const parts = [
      written(
        conversations,
        spent,
        bytesOf(vault),
        Number(plain.db.pragma('page_count', { simple: true })) * 4096,
      ),
      searches(conversations, records, plain.search),
      await together(vault, audit),
      upkeep,
    ];
    plain.db.close();
    audit.close();
    vault.close();
    return parts.join('\n\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(from: number, one: (i: number) => void): void {
  for (let i = from; i < from + A_COMMIT; i += 1) one(i);
}

/** A conversation as the records see one: begun, two turns, ended. */
function keep(records: Records, i: number): void {
  const at = 1_700_000_000_000 + i * 60_000;
  const writer = records.begin({
    id: newId(),
    deskId: 'bank-branch',
    packHash: 'bench',
    memberId: `member-${i % 20}`,
    carrier: 'webrtc',
    startedAt: at,
  });
  const turn = { turn: 1, flow: 'branch_hours', interrupted: false };
  writer.turn({ ...turn, speaker: 'person', at, text: saidIn(i), confidence: 0.9 });
  writer.turn({ ...turn, speaker: 'agent', at: at + 2_000, text: AGENT, confidence: null });
  writer.end('person-left', at + 30_000);
}

function saidIn(i: number): string {
  const rare = i % 5_000 === 17 ? ' wisteria' : '';
  return `${PERSON[i % PERSON.length]} ${PLACES[i % PLACES.length]}${i % 3 === 0 ? ' please' : ''}${rare} number ${i % 9973}`;
}

/** The same rows, words in clear and index in plain SQLite, without an audit log: what anybody would write. */
function plainRecords(file: string) {
  const db = new Database(file);
  for (const setting of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL'])
    db.pragma(setting);
  db.exec(`
    CREATE TABLE conversations (id TEXT PRIMARY KEY, member_id TEXT, started_at INTEGER, ended_at INTEGER) STRICT;
    CREATE TABLE turns (conversation_id TEXT, position INTEGER, at INTEGER, text TEXT,
      PRIMARY KEY (conversation_id, position)) STRICT, WITHOUT ROWID;
    CREATE TABLE turn_places (place INTEGER PRIMARY KEY, conversation_id TEXT, position INTEGER) STRICT;
    CREATE VIRTUAL TABLE turn_index USING fts5 (words, content = '', tokenize = "porter unicode61 remove_diacritics 2");
  `);
  const begin = db.prepare('INSERT INTO conversations VALUES (?, ?, ?, ?)');
  const turn = db.prepare('INSERT INTO turns VALUES (?, ?, ?, ?)');
  const place = db.prepare('INSERT INTO turn_places (conversation_id, position) VALUES (?, ?)');
  const index = db.prepare('INSERT INTO turn_index (rowid, words) VALUES (?, ?)');
  const find = db.prepare(`
    SELECT c.id, t.text FROM turn_index i JOIN turn_places p ON p.place = i.rowid
    JOIN turns t ON t.conversation_id = p.conversation_id AND t.position = p.position
    JOIN conversations c ON c.id = p.conversation_id
    WHERE turn_index MATCH ? ORDER BY i.rowid DESC LIMIT ${LIMIT}`);
  return {
    db,
    keep(i: number): void {
      const id = newId();
      const at = 1_700_000_000_000 + i * 60_000;
      begin.run(id, `member-${i % 20}`, at, at + 30_000);
      for (const [position, text] of [saidIn(i), AGENT].entries()) {
        turn.run(id, position, at, text);
        index.run(place.run(id, position).lastInsertRowid, text);
      }
    },
    search: (words: string) => find.all(words).length,
  };
}

function written(
  conversations: number,
  spent: { readonly vault: number; readonly plain: number },
  vaultBytes: number,
  plainBytes: number,
): string {
  const row = (name: string, ms: number, bytes: number) => [
    name,
    Math.round(conversations / (ms / 1000)),
    Math.round(bytes / 2 ** 20),
  ];
  return [
    `${conversations.toLocaleString('en')} conversations of two turns, ${A_COMMIT.toLocaleString('en')} a commit. The vault’s are sealed turn by turn under a key of their own conversation, inside the`,
    'encrypted database, with two entries in the audit log each; the plain ones are rows and an index in plain SQLite, and nothing else.',
    '',
    table(
      ['', 'conversations a second', 'MiB'],
      [row('vault', spent.vault, vaultBytes), row('plain SQLite', spent.plain, plainBytes)],
    ),
  ].join('\n');
}

function searches(conversations: number, records: Records, plain: (words: string) => number): string {
  const rows = ['wisteria', 'please', 'debit harbour', 'branch', 'nowhere'].map((words) => {
    const hits = records.search(READER, words, { limit: LIMIT }).length;
    if (hits !== plain(words)) throw new Error(`the two stores find different things for “${words}”`);
    const ours = repeat(() => records.search(READER, words, { limit: LIMIT }));
    const theirs = repeat(() => plain(words));
    return [
      words,
      hits,
      percentile(ours, 0.5).toFixed(1),
      percentile(ours, 0.95).toFixed(1),
      percentile(theirs, 0.5).toFixed(1),
      percentile(theirs, 0.95).toFixed(1),
    ];
  });
  return [
    `Searching ${conversations.toLocaleString('en')} conversations, milliseconds, at most ${LIMIT} turns, the newest first. The vault’s are opened under their keys, and each search is durable in the audit log before it answers.`,
    '',
    table(
      ['words', 'turns found', 'vault, median', '95th percentile', 'plain SQLite, median', '95th percentile'],
      rows,
    ),
  ].join('\n');
}

/** Acts that come together, each a row with its entry, beside the same rows alone in the same database. */
async function together(vault: Vault, audit: AuditLog): Promise<string> {
  vault.db.exec(
    'CREATE TABLE bench (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL) STRICT',
  );
  const insert = vault.db.prepare('INSERT INTO bench (at, json) VALUES (?, ?)');
  const row = 'x'.repeat(700);
  const act = () => insert.run(Date.now(), row);
  const event = { action: 'tool.call', actor: 'system', target: 'tool:bench', outcome: 'success' } as const;
  const bare: number[] = [];
  const audited: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(
      timed(() => {
        for (let i = 0; i < GROUPS; i += 1)
          vault.transaction(() => {
            for (let j = 0; j < TOGETHER; j += 1) act();
          });
      }),
    );
    const startedMs = performance.now();
    for (let i = 0; i < GROUPS; i += 1)
      await Promise.all(Array.from({ length: TOGETHER }, () => audit.recordTogether(event, act)));
    audited.push(performance.now() - startedMs);
  }
  vault.db.exec('DROP TABLE bench');
  const [alone, logged] = [percentile(bare, 0.5), percentile(audited, 0.5)];
  const rate = (ms: number) => Math.round((GROUPS * TOGETHER * 1000) / ms).toLocaleString('en');
  return `A row with its audit entry, ${TOGETHER} together (\`recordTogether\`): ${rate(logged)} a second; the same rows alone, ${TOGETHER} a commit, in the same database: ${rate(alone)}. Ratio ${(alone / logged).toFixed(2)}.`;
}

/** Backup, restore and a new key, at the size that the vault has now. */
async function keepUp(
  vault: Vault,
  paths: ReturnType<typeof pathsIn>,
  source: { readonly kind: 'credential'; readonly file: string },
  folder: string,
): Promise<string> {
  const { publicKey, privateKey } = await makeRecoveryKey();
  const into = join(folder, 'backups');
  mkdirSync(into);
  const bytes = bytesOf(vault);
  const steps: (readonly [name: string, seconds: string])[] = [];
  const step = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const startedMs = performance.now();
    const done = await act();
    steps.push([name, ((performance.now() - startedMs) / 1000).toFixed(1)]);
    return done;
  };
  const backup = await step('backup, and proof that it opens', () =>
    backUp(vault, { into, recoveryKey: publicKey, clock: systemClock }),
  );
  const restored = pathsIn(join(folder, 'restored'));
  await step('restore', () =>
    restoreBackup(restored, { from: backup.folder, recoveryKey: privateKey, source, clock: systemClock }),
  );
  const again = await step('open what was restored', () => openVault(restored, source, ports));
  again.close();
  await step('a new database key, while in use', () => rotateDatabaseKey(vault, paths, source));
  for (const gone of [into, restored.data]) rmSync(gone, { recursive: true });
  return [
    `A vault of ${Math.round(bytes / 2 ** 20)} MiB; everything durable, a copy verified before it counts:`,
    '',
    table(['', 'seconds'], steps),
  ].join('\n');
}

function bytesOf({ db }: Vault): number {
  return Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
}

function timed(act: () => unknown): number {
  const startedMs = performance.now();
  act();
  return performance.now() - startedMs;
}

function repeat(act: () => unknown): readonly number[] {
  return Array.from({ length: SEARCHES }, () => timed(act));
}

if (import.meta.main) {
  process.stdout.write(`${await benchStore(...process.argv.slice(2).map(Number))}\n`);
  process.exit(0);
}
