/** What is sent to the window as an archive: whole, opened by others' tools, and gone from the appliance afterwards. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, connectInProcess, createClient, serveConnection } from '../../main/api/index.ts';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import { newId, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { exportSubject, openRecords } from '../../main/records/index.ts';
import { createVault, type Vault } from '../../main/vault/index.ts';
import { eventually } from '../support/eventually.ts';
import { PASSPHRASE, standIn } from '../support/services.ts';

let folder: string;
let vault: Vault;
let audit: AuditLog;
let client: Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-export-'));
  const ports = { clock: systemClock, log: silentLog };
  vault = await createVault(pathsIn(folder), { kind: 'ephemeral' }, ports);
  audit = openAuditLog(vault, ports);
  const { services } = standIn();
  if (services.open === null) throw new Error('the stand-in is open');
  const open = {
    ...services.open,
    audit,
    records: openRecords(vault, audit, ports),
    exportSubject: (request: Parameters<typeof exportSubject>[3]) =>
      exportSubject(vault, audit, ports, request),
    newExportFolder: () => mkdtemp(join(folder, 'sent-')),
  };
  const { client: end, server } = connectInProcess();
  serveConnection({ ...services, open }, server, { carrier: 'inProcess' });
  client = createClient(end);
  await client.call('session.signIn', { username: 'admin', passphrase: PASSPHRASE });
});
afterEach(() => {
  client.close();
  audit.close();
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const sent = () => readdirSync(folder).filter((name) => name.startsWith('sent-'));

async function unpack(
  events: AsyncIterable<{ type: 'made'; bytes: number } | { type: 'block'; base64: string }>,
): Promise<string> {
  let bytes = 0;
  const blocks: Buffer[] = [];
  for await (const event of events)
    if (event.type === 'made') bytes = event.bytes;
    else blocks.push(Buffer.from(event.base64, 'base64'));
  const archive = Buffer.concat(blocks);
  expect(archive.length).toBe(bytes);
  writeFileSync(join(folder, 'archive.tar'), archive);
  execFileSync('tar', ['-xf', 'archive.tar'], { cwd: folder });
  return folder;
}

test('the log arrives as an archive that tar opens and sha256sum finds whole; nothing of it stays behind', async () => {
  for (let at = 0; at < 300; at++)
    audit.append({ action: 'tool.call', actor: 'system', outcome: 'success', detail: { at } });
  await unpack(client.listen('audit.export', { since: null, until: null }));
  const opened = join(folder, 'audit-export');
  execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: opened });
  expect(existsSync(join(opened, 'SHA256SUMS.sig'))).toBe(true);
  expect(sent()).toEqual([]);
});

test('a window that leaves in the middle leaves nothing behind either', async () => {
  for await (const event of client.listen('audit.export', { since: null, until: null }))
    if (event.type === 'made') break;
  await eventually(() => expect(sent()).toEqual([]));
});

test('all that is kept about a subject arrives in clear for them, with a reason, and is gone from the appliance', async () => {
  const id = newId();
  const writer = openRecords(vault, audit, { clock: systemClock }).begin({
    id,
    deskId: 'bank-branch',
    packHash: 'x',
    memberId: null,
    carrier: 'typed',
    startedAt: Date.now(),
  });
  const turn = {
    turn: 1,
    speaker: 'person',
    at: Date.now(),
    flow: null,
    confidence: 1,
    interrupted: false,
  } as const;
  writer.turn({ ...turn, text: 'is my parcel there' });
  writer.about({ kind: 'customer', value: '100200' });
  writer.end('farewell', Date.now());
  const subject = { kind: 'customer', value: '100200', reason: 'Request 2026/12' };
  await unpack(client.listen('erasure.access', subject));
  expect(readFileSync(join(folder, 'subject', 'subject.json'), 'utf8')).toContain('is my parcel there');
  expect(sent()).toEqual([]);
  const unknown = client.listen('erasure.access', { ...subject, value: '999999' })[Symbol.asyncIterator]();
  await expect(unknown.next()).rejects.toMatchObject({ code: 'records/no-subject' });
  expect(sent()).toEqual([]);
});
