import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { type AuditEvent, type AuditLog, openAuditLog } from '../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../main/base/index.ts';
import { createVault, type Vault } from '../main/vault/index.ts';
import { percentile, table } from './machine.ts';

const ports = { clock: systemClock, log: silentLog };
/** Acknowledged one by one, so many a round; the median of the rounds counts. */
const ACTS = 1_024;
const ROUNDS = 7;
/** Acts that come together: what a busy desk with several conversations may have under way. */
const TOGETHER = 64;
/** The ways that others are compared with, by their place in the list. */
const ENCRYPTED = 1;
const ENCRYPTED_TOGETHER = 3;
const SMALL_LOG = 10_000;
const LARGE_LOG = 1_000_000;
const EVENT: AuditEvent = {
  action: 'tool.call',
  actor: 'conversation:0198f2c1-7000-7000-8000-000000000000',
  target: 'tool:transfer_money',
  outcome: 'success',
  detail: { proposal: '0198f2c1-7000-7000-8000-00000000beef' },
};

/**
 * What the audit log costs: appends beside bare inserts of the same bytes into the same encrypted database, and the
 * time and memory to verify and to export a million entries. Every figure counts only what has reached the disk.
 */
export async function benchAudit(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-audit-'));
  try {
    return [await appends(folder), largeLogs(folder)].join('\n\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function appends(folder: string): Promise<string> {
  const vault = await createVault(pathsIn(join(folder, 'vault')), { kind: 'ephemeral' }, ports);
  const audit = openAuditLog(vault, ports);
  const plain = plainDatabase(join(folder, 'plain.db'));
  const json = audit.append(EVENT).json;
  const [inEncrypted, inPlain] = [inserter(vault.db, json), inserter(plain, json)];
  const ways: readonly (readonly [name: string, run: () => unknown, besides: number])[] = [
    ['bare inserts, plain SQLite, a commit each', () => times(ACTS, inPlain), ENCRYPTED],
    ['bare inserts, encrypted, a commit each', () => times(ACTS, inEncrypted), ENCRYPTED],
    ['audited appends, a commit each', () => times(ACTS, () => audit.append(EVENT)), ENCRYPTED],
    [
      `bare inserts, encrypted, ${TOGETHER} a commit`,
      () => times(ACTS / TOGETHER, () => vault.transaction(() => times(TOGETHER, inEncrypted))),
      ENCRYPTED_TOGETHER,
    ],
    [`audited appends, ${TOGETHER} together (group commit)`, () => groups(audit), ENCRYPTED_TOGETHER],
  ];
  // One round of each after the other, so that what else the machine does falls on all.
  const perSecond = ways.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [i, [, run]] of ways.entries()) {
      const startedMs = performance.now();
      await run();
      perSecond[i]?.push((ACTS / (performance.now() - startedMs)) * 1000);
    }
  audit.close();
  vault.close();
  plain.close();
  const medians = perSecond.map((rates) => percentile(rates, 0.5));
  const rows = ways.map(([name, , besides], i) => {
    const [rate, bare] = [medians[i] ?? Number.NaN, medians[besides] ?? Number.NaN];
    return [name, Math.round(rate), (rate / bare).toFixed(2)];
  });
  return [
    `${json.length} bytes each, durable before they are acknowledged (\`synchronous = FULL\`); the ratio is to bare inserts into the encrypted database that are committed alike.`,
    '',
    table(['', 'a second', 'ratio'], rows),
  ].join('\n');
}

function largeLogs(folder: string): string {
  const rows = [SMALL_LOG, LARGE_LOG].flatMap((entries) => {
    const data = join(folder, String(entries));
    const key = join(folder, `${entries}.key`);
    writeFileSync(key, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o400 });
    return (['fill', 'verify', 'export'] as const).map((act) => {
      const { seconds, mebibytes } = inProcessOfItsOwn(act, data, key, entries);
      return [act, entries.toLocaleString('en'), seconds.toFixed(1), Math.round(mebibytes)];
    });
  });
  return [
    'Each in a process of its own; the memory is the largest it ever held, Node itself with it.',
    '',
    table(['', 'entries', 'seconds', 'MiB'], rows),
  ].join('\n');
}

function inProcessOfItsOwn(
  act: 'fill' | 'verify' | 'export',
  data: string,
  key: string,
  entries: number,
): { readonly seconds: number; readonly mebibytes: number } {
  const program = fileURLToPath(new URL('audit-child.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [program, act, data, key, String(entries)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${act} of ${entries} entries failed`);
  return JSON.parse(stdout);
}

async function groups(audit: AuditLog): Promise<void> {
  for (let done = 0; done < ACTS; done += TOGETHER)
    await Promise.all(Array.from({ length: TOGETHER }, () => audit.recordTogether(EVENT, () => undefined)));
}

/** The same settings as the vault's, without encryption. */
function plainDatabase(file: string): Database.Database {
  const db = new Database(file);
  for (const setting of [
    'locking_mode = EXCLUSIVE',
    'journal_mode = WAL',
    'synchronous = FULL',
    'secure_delete = ON',
  ])
    db.pragma(setting);
  return db;
}

function inserter(db: Vault['db'], json: string): () => void {
  db.exec('CREATE TABLE bench (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO bench (at, json) VALUES (?, ?)');
  return () => insert.run(Date.now(), json);
}

function times(count: number, act: () => unknown): void {
  for (let i = 0; i < count; i += 1) act();
}
