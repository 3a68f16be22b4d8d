/** The api on the real vault, audit log, identity and records: what a sign-in and a refusal really leave behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, connectInProcess, createClient, serveConnection } from '../../main/api/index.ts';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import { type Clock, newId, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openIdentity } from '../../main/identity/index.ts';
import { openRecords, type Records } from '../../main/records/index.ts';
import { createVault, type Vault } from '../../main/vault/index.ts';
import { eventually } from '../support/eventually.ts';
import { type StandIn, standIn } from '../support/services.ts';

const PASSPHRASE = 'eleven violet otters sing';

let folder: string;
let vault: Vault;
let audit: AuditLog;
let records: Records;
let client: Client;
let behind: StandIn;
let nowMs: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-rooms-'));
  nowMs = Date.now();
  const clock: Clock = { now: () => nowMs, monotonicMs: systemClock.monotonicMs };
  vault = await createVault(pathsIn(folder), { kind: 'ephemeral' }, { clock, log: silentLog });
  audit = openAuditLog(vault, { clock });
  const identity = openIdentity(vault, audit, { clock });
  for (const role of ['admin', 'staff'] as const)
    await identity.createMember(
      { username: role, displayName: role, passphrase: PASSPHRASE, roles: [role] },
      'system',
    );
  behind = standIn();
  const base = behind.services;
  if (base.open === null) throw new Error('the stand-in is open');
  records = openRecords(vault, audit, { clock });
  const open = { ...base.open, identity, audit, records };
  const { client: end, server } = connectInProcess();
  serveConnection({ ...base, open }, server, { carrier: 'inProcess', clock });
  client = createClient(end);
});
afterEach(() => {
  client.close();
  audit.close();
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const signIn = (username: string) => client.call('session.signIn', { username, passphrase: PASSPHRASE });

test('an administrator verifies the log that holds the sign-in, and the verification is in it', async () => {
  await signIn('admin');
  const first = await client.call('audit.verify', {});
  expect(first).toMatchObject({ ok: true, problems: [] });
  const second = await client.call('audit.verify', {});
  expect(second.entries).toBe(first.entries + 1);
});

test('a refused role is an entry of the log, without the name', async () => {
  const { member } = await signIn('staff');
  await expect(client.call('system.doctor', {})).rejects.toMatchObject({
    code: 'access/refused',
  });
  const [entry] = audit.recent(1);
  expect(entry?.json).toContain('access.refuse');
  expect(entry?.json).toContain(member.id);
});

test('a read of the records goes through to them, and is an entry of the log', async () => {
  await signIn('admin');
  expect(await client.call('records.list', { limit: 10, before: null })).toEqual([]);
  expect(audit.recent(1)[0]?.json).toContain('record.list');
});

test('staff see what they held themselves: list, search, reading and names; and hear no sound', async () => {
  const { member } = await signIn('staff');
  const held = (memberId: string | null) => {
    const writer = records.begin({
      ...{ id: newId(), deskId: 'bank', packHash: 'ab', memberId, carrier: 'typed', startedAt: nowMs },
    });
    writer.turn({
      ...{ turn: 1, speaker: 'person', at: nowMs, text: 'block my card', flow: null },
      ...{ confidence: 1, interrupted: false },
    });
    writer.end('done', nowMs + 1);
    return writer.id;
  };
  const [own, others, nobodys] = [held(member.id), held(newId()), held(null)];
  const listed = await client.call('records.list', { limit: 10, before: null });
  expect(listed.map(({ id }) => id)).toEqual([own]);
  const reason = 'what did I promise';
  const found = await client.call('records.search', { words: 'card', reason });
  expect(found.map(({ conversation }) => conversation.id)).toEqual([own]);
  expect(await client.call('records.read', { conversationId: own, reason })).toMatchObject({
    turns: [{ text: 'block my card' }],
  });
  for (const conversationId of [others, nobodys])
    for (const look of ['records.read', 'records.receipts'] as const)
      await client.call(look, { conversationId, reason }).then(
        (answer) => expect(answer).toEqual([]),
        (error) => expect(error).toMatchObject({ code: 'records/not-found' }),
      );
  expect(await client.call('members.names', {})).toMatchObject([{ id: member.id }]);
  const listen = client.listen('records.listen', { conversationId: own, reason });
  await expect(listen[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'access/refused' });
  await signIn('admin');
  expect(await client.call('records.list', { limit: 10, before: null })).toHaveLength(3);
});

test('an idle session is refused at the next call', async () => {
  await signIn('admin');
  nowMs += 31 * 60_000;
  await expect(client.call('system.doctor', {})).rejects.toMatchObject({ code: 'session/required' });
});

test('talking keeps the session, silence does not', async () => {
  await signIn('staff');
  const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
  const seen: string[] = [];
  (async () => {
    for await (const event of client.listen('conversation.events', { conversationId }))
      seen.push(event.type === 'final' ? event.text : event.type);
  })().catch(() => {});
  await eventually(() => expect(seen).toEqual(['state']));
  for (const text of ['one', 'two']) {
    nowMs += 20 * 60_000;
    // As if spoken: no call of the window comes with it.
    behind.conversations[0]?.type(text);
    await eventually(() => expect(seen).toContain(text));
  }
  await client.call('conversation.setMode', { conversationId, mode: 'handsFree' });
  nowMs += 31 * 60_000;
  const late = client.call('conversation.setMode', { conversationId, mode: 'handsFree' });
  await expect(late).rejects.toMatchObject({ code: 'session/required' });
  await eventually(() => expect(behind.conversations[0]?.endReason).toBe('connection-lost'));
});
