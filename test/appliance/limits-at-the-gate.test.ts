/** Limits at the api: through real TLS and WebSocket connections to a real appliance. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CallError, type Client, createClient } from '../../main/api/index.ts';
import { type Appliance, startAppliance } from '../../main/appliance.ts';
import { pathsIn, silentLog } from '../../main/base/index.ts';
import { eventually } from '../support/eventually.ts';
import { clientCarrier, type Host, opened, openSocket, startHost } from '../support/headless.ts';
import { ADMIN, newDataFolder, SITE_NAME, VAULT_PASSPHRASE } from '../support/running-appliance.ts';

const PASSPHRASE = 'marble orchard lantern nine';
let folder: ReturnType<typeof newDataFolder>;
let appliance: Appliance;
let host: Host;
let admin: Client;
const clients: Client[] = [];
beforeAll(async () => {
  folder = newDataFolder();
  appliance = await startAppliance({ paths: pathsIn(folder.data), host: 'headless', log: silentLog });
  host = await startHost(appliance, { trustedProxies: ['127.0.0.1'] });
  admin = await connect('10.0.0.1');
  const key = { kind: 'passphrase', passphrase: VAULT_PASSPHRASE } as const;
  await admin.call('setup.complete', { siteName: SITE_NAME, admin: ADMIN, deskId: 'bank-branch', key });
});
afterEach(async () => {
  for (const client of clients.splice(1)) client.close();
  await admin.call('limits.set', { rules: null });
});
afterAll(async () => {
  admin.close();
  await host.stop();
  await appliance.close('test');
  folder.remove();
});

/** A window at an address of the LAN, as the site's proxy tells it. */
async function connect(address: string): Promise<Client> {
  const headers = { 'X-Forwarded-For': address };
  const client = createClient(clientCarrier(await opened(openSocket(host, { headers }))));
  clients.push(client);
  return client;
}

/** What a sign-in with this name is answered. */
async function answerTo(client: Client, username: string, passphrase = 'granite meadow lantern') {
  try {
    await client.call('session.signIn', { username, passphrase });
    return 'signed in';
  } catch (error) {
    return error instanceof CallError ? error.code : 'internal';
  }
}

async function guess(address: string, username: string, passphrase: string) {
  return await answerTo(await connect(address), username, passphrase);
}

/** A new member, signed in with a passphrase of their own. */
async function member(username: string, role: 'staff' | 'supervisor', address: string): Promise<Client> {
  const made = { username, displayName: username, passphrase: PASSPHRASE, roles: [role] };
  await admin.call('members.create', made);
  const client = await connect(address);
  await client.call('session.signIn', { username, passphrase: PASSPHRASE });
  await client.call('account.changePassphrase', { present: PASSPHRASE, next: `${PASSPHRASE} ten` });
  return client;
}

const rate = (of: string, per: string, most: number, ...does: string[]) => ({
  id: `${of.toLowerCase()}-of-the-test`,
  enabled: true,
  watch: { kind: 'rate', of, per, most, withinMinutes: 60 },
  does,
});

async function timed(call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await call();
  return performance.now() - began;
}

test('a burst of failed sign-ins from one address is slowed down, opens one incident, and keeps nobody else out', async () => {
  // All at once, so that no slow machine waits the slowing down out.
  const burst = await Promise.all([1, 2, 3].map(() => connect('10.0.0.66')));
  const answers = await Promise.all(
    Array.from({ length: 45 }, (_, i) => answerTo(burst[i % 3] ?? admin, `nobody${i}`)),
  );
  expect(answers.filter((answer) => answer === 'identity/refused')).toHaveLength(20);
  expect(answers.filter((answer) => answer === 'identity/slow-down')).toHaveLength(25);
  const lines = await admin.call('incidents.list', {});
  expect(lines.map(({ kind }) => kind)).toEqual(['failed-sign-ins-by-address']);
  // From now on whatever this address asks for waits first; other addresses do not.
  const [slow, quick] = [await connect('10.0.0.66'), await connect('10.0.0.67')];
  expect(await timed(() => slow.call('system.status', {}))).toBeGreaterThan(2_900);
  expect(await timed(() => quick.call('system.status', {}))).toBeLessThan(1_500);
  expect(await guess('10.0.0.67', ADMIN.username, ADMIN.passphrase)).toBe('signed in');
  const log = JSON.stringify(await admin.call('audit.entries', { before: null, limit: 200 }));
  expect(log).toContain('limit.exceed');
  expect(log).not.toContain('10.0.0.66');
});

test('who reads too much is locked at the read that is too many, and reads nothing more', async () => {
  const reader = await member('rhea', 'supervisor', '10.0.0.2');
  await admin.call('limits.set', { rules: [rate('recordRead', 'member', 2, 'lockMember')] });
  const search = () => reader.call('records.search', { words: 'balance', reason: 'Complaint 2026/118' });
  await search();
  await search();
  await expect(search()).rejects.toMatchObject({ code: 'session/expired' });
  expect(await guess('10.0.0.3', 'rhea', `${PASSPHRASE} ten`)).toBe('identity/locked');
  const { entries } = await admin.call('audit.entries', { before: null, limit: 50, action: 'record.search' });
  expect(entries).toHaveLength(2);
});

test('conversations are counted for the address that they are held from, and ended there alone', async () => {
  const [here, there] = [await member('mia', 'staff', '10.0.0.4'), await member('noah', 'staff', '10.0.0.5')];
  const said: string[] = [];
  const ends = new Map<Client, string[]>([here, there].map((client) => [client, []]));
  const talk = async (client: Client) => {
    const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
    void (async () => {
      for await (const event of client.listen('conversation.events', { conversationId }))
        if (event.type === 'ended') ends.get(client)?.push(event.reason);
        else if (event.type === 'reply') said.push(event.text);
    })().catch(() => {});
  };
  await admin.call('limits.set', { rules: [rate('conversation', 'address', 1, 'endConversation')] });
  await talk(there);
  await talk(here);
  await talk(here);
  await eventually(() => expect(ends.get(here)).toEqual(['limit', 'limit']), 10_000);
  expect(ends.get(there)).toEqual([]);
  const farewell = 'I am sorry, I have to end our conversation here. Please speak with a teller.';
  expect(said.filter((text) => text === farewell)).toHaveLength(2);
});

test('rules that make no sense are refused, and the ones in force stay; an auditor may look and not change', async () => {
  await admin.call('limits.set', { rules: [rate('turn', 'site', 5, 'warn')] });
  const bad = { ...rate('turn', 'site', 5, 'warn'), watch: { kind: 'rate', of: 'turn', per: 'nobody' } };
  await expect(admin.call('limits.set', { rules: [bad] })).rejects.toMatchObject({
    code: 'limits/invalid',
    remedy: expect.stringContaining('turn-of-the-test: watch.per'),
  });
  expect(await admin.call('limits.list', {})).toMatchObject([
    { rule: { id: 'turn-of-the-test' }, usual: null },
  ]);
  await expect(admin.call('soundPolicy.set', { policy: { whistling: [] } })).rejects.toMatchObject({
    code: 'guard/bad-policy',
  });
  const { usual } = await admin.call('soundPolicy.read', {});
  await admin.call('soundPolicy.set', { policy: { ...usual, tone: [{ from: 0.6, act: 'challenge' }] } });
  expect((await admin.call('soundPolicy.read', {})).policy.tone).toEqual([{ from: 0.6, act: 'challenge' }]);
  await admin.call('soundPolicy.set', { policy: null });
  expect((await admin.call('soundPolicy.read', {})).policy).toEqual(usual);
});

test('an incident is contained by one call, at once, lifted by two, and arrives whole as an archive', async () => {
  const other = await member('ines', 'supervisor', '10.0.0.6');
  const { id, number } = await admin.call('incidents.open', { severity: 'high', summary: 'A drill.' });
  expect((await admin.call('incidents.people', {})).map(({ displayName }) => displayName)).toEqual(
    expect.arrayContaining([ADMIN.displayName, 'ines']),
  );
  const contained = await admin.call('incidents.contain', {
    id,
    what: { stop: 'desk', name: 'bank-branch' },
  });
  expect(contained.evidence.at(-1)).toMatchObject({ kind: 'containment', what: 'stop:desk:bank-branch' });
  await expect(admin.call('conversation.start', { sdp: null, mode: 'handsFree' })).rejects.toMatchObject({
    code: 'standstill/stopped',
  });
  const lift = { target: { scope: 'desk', name: 'bank-branch' } } as const;
  expect(await admin.call('standstill.lift', lift)).toMatchObject({ lifted: false });
  expect(await admin.call('standstill.lift', lift)).toMatchObject({ lifted: false });
  expect(await other.call('standstill.lift', lift)).toMatchObject({ lifted: true });

  const blocks: Buffer[] = [];
  for await (const event of admin.listen('incidents.export', { id }))
    if (event.type === 'block') blocks.push(Buffer.from(event.base64, 'base64'));
  writeFileSync(join(folder.data, 'incident.tar'), Buffer.concat(blocks));
  execFileSync('tar', ['-xf', 'incident.tar'], { cwd: folder.data });
  const out = join(folder.data, `incident-${number}`);
  expect(readdirSync(out).sort()).toEqual(['incident.html', 'incident.json', 'log', 'proof.json']);
  expect(JSON.parse(readFileSync(join(out, 'incident.json'), 'utf8'))).toMatchObject({
    number,
    kind: 'manual',
  });
  execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: join(out, 'log') });
});
