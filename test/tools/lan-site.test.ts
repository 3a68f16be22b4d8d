/** A tool server on the LAN, from the site's list to a conversation that uses it. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { type Paths, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { loadDeskPack } from '../../main/dialogue/index.ts';
import {
  allowLanServer,
  type LanServer,
  lanPort,
  lanServers,
  tryLanServers,
} from '../../main/tools/index.ts';
import { createVault, openVault } from '../../main/vault/index.ts';
import { jsonLines, sotto } from '../cli/sotto.ts';
import { writeDesk } from '../dialogue/desk-files.ts';
import { openQuietCore } from '../support/quiet-core.ts';
import { credential, ports, refusal } from '../vault/support.ts';
import { certificate, KEY, lanServer } from './lan.ts';
import { temporaryFolder } from './support.ts';

let paths: Paths;
let key: ReturnType<typeof credential>;
let opening: readonly string[];
let trusted: string;

beforeEach(async () => {
  paths = pathsIn(join(temporaryFolder(), 'data'));
  key = credential();
  opening = ['--data', paths.data, '--credential', key.file];
  trusted = certificate();
  (await createVault(paths, key, ports)).close();
});

/** `sotto tool lan …` on the site. */
function lan(args: readonly string[], input?: string) {
  return sotto(['tool', 'lan', ...args, ...opening], input === undefined ? {} : { input });
}

/** A desk that asks a server on the LAN, and leaves its certificate to the site. */
async function deskWith(port: string, tool = 'echo'): Promise<string> {
  const folder = temporaryFolder();
  await writeDesk(folder, {
    'tools.yaml': `servers:
  core: {transport: http, url: "https://localhost:${port}/mcp", key: true}
tools:
  ${tool}:
    server: core
    description: Ask the core
    risk: read
    arguments: {type: object, properties: {}}
    result: {type: object, properties: {calls: {type: integer}}, required: [calls]}
`,
    'flows/transfer.yaml': null,
    'flows/balance.yaml': `flow: balance
description: ask the core
phrases: [ask the core]
steps:
  - {call: ${tool}, save: answer, otherwise: [{say: Nobody was reached.}]}
  - say: "It was asked {answer.calls} times."
`,
  });
  return folder;
}

/** Holds a conversation at the desk, as the appliance does: what is said, and the codes of refusals. */
async function ask(deskFolder: string) {
  const vault = await openVault(paths, key, ports);
  const { core } = await openQuietCore({ vault, paths, deskFolder });
  try {
    const live = core.converse({ member: null, endpoint: null, mode: 'handsFree' });
    const said: string[] = [];
    const codes: (string | null)[] = [];
    live.onEvent((event) => {
      if (event.type === 'reply') said.push(event.text);
      if (event.type === 'toolAnswered') codes.push(event.code);
    });
    live.type('ask the core');
    await expect.poll(() => codes, { timeout: 8000 }).toHaveLength(1);
    await expect.poll(() => said.join(' '), { timeout: 2000 }).toMatch(/asked|reached/);
    return { said: said.join(' '), code: codes[0], health: await core.gateway.health() };
  } finally {
    await core.close('test');
  }
}

test('IT allows a server, and a conversation uses it with its key; taken off the list it is not reached', async () => {
  const { port } = await lanServer(trusted);
  const desk = await deskWith(port);
  const address = `localhost:${port}`;
  const refused = await ask(desk);
  expect(refused).toMatchObject({ said: expect.stringContaining('Nobody was reached.') });
  expect(refused.code).toBe('tools/not-allowed');
  expect(refused.health).toMatchObject([
    { ok: false, remedy: expect.stringContaining(`sotto tool lan add ${address}`) },
  ]);

  const ca = join(trusted, 'cert.pem');
  const added = await lan(['add', address, '--ca', ca, '--key-file', '-', '--json'], `${KEY}\n`);
  expect(added).toMatchObject({ code: 0, err: '' });
  const sha256 = createHash('sha256')
    .update(new X509Certificate(readFileSync(ca)).raw)
    .digest('hex');
  expect(JSON.parse(added.out)).toMatchObject({ address, pin: 'authority', sha256, key: true });
  expect(added.out).not.toContain(KEY);
  const tried = await lan(['test', '--desk', desk, '--json']);
  expect(jsonLines(tried.out)).toMatchObject([
    { server: 'core', address, ok: true, tools: [{ name: 'echo', offered: 'offered' }] },
  ]);
  expect(tried.code).toBe(0);
  expect(await ask(desk)).toMatchObject({
    said: expect.stringContaining('It was asked 1 times.'),
    code: null,
    health: [{ server: 'core', ok: true }],
  });

  expect((await lan(['remove', address])).out).toBe(`Removed: ${address}.\n`);
  expect((await ask(desk)).code).toBe('tools/not-allowed');
  expect(await lan(['remove', address])).toMatchObject({
    code: 1,
    err: expect.stringContaining('on the list'),
  });
}, 30_000);

test('each change stands in the log, with the address and never the key; the key is not on the disk', async () => {
  await lan(['add', 'core.branch.lan:8443', '--key-file', '-'], KEY);
  await lan(['remove', 'core.branch.lan:8443']);
  const log = await sotto(['audit', 'recent', '--json', ...opening]);
  const changes = log.out.split('\n').filter((line) => line.includes('tools.lan'));
  expect(changes.join()).toMatch(/"allow"/);
  expect(changes.join()).toMatch(/"disallow"/);
  expect(changes.every((line) => line.includes('core.branch.lan:8443'))).toBe(true);
  expect(log.out).not.toContain(KEY);
  expect(readFileSync(paths.database).includes(KEY)).toBe(false);
});

/** The list of an open site, and what speaking to a desk's servers tells. */
async function openSite() {
  const vault = await openVault(paths, key, ports);
  const audit = openAuditLog(vault, { clock: systemClock });
  onTestFinished(() => {
    audit.close();
    vault.close();
  });
  const site = { vault, audit, clock: systemClock };
  return {
    list: () => lanServers(vault),
    allow: (server: LanServer) => allowLanServer(site, server, 'system'),
    says: async (folder: string) => {
      const pack = await loadDeskPack(folder);
      const desk = { ...pack, id: pack.desk.id };
      const parts = { desk, lan: lanPort(vault), clock: systemClock, log: silentLog };
      const [trial] = await tryLanServers(parts);
      return `${trial?.ok} ${trial?.message} ${trial?.remedy}`;
    },
  };
}

test('trying a server tells what is wrong: its certificate, its key, its tools, or that it is away', async () => {
  const { port, child } = await lanServer(trusted);
  const address = `localhost:${port}`;
  const desk = await deskWith(port);
  const { allow, says } = await openSite();
  const pin = { ca: readFileSync(join(trusted, 'cert.pem'), 'utf8') };
  allow({ address, pin: { fingerprint: 'ab'.repeat(32) }, key: KEY });
  expect(await says(desk)).toMatch(/^false .*another certificate/);
  allow({ address, pin, key: null });
  expect(await says(desk)).toMatch(/^false .*No key is kept.*--key-file/);
  allow({ address, pin, key: 'not-the-right-key' });
  expect(await says(desk)).toMatch(/^false .*refuses the key/);
  allow({ address, pin, key: KEY });
  expect(await says(desk)).toMatch(/^true/);
  expect(await says(await deskWith(port, 'pay_all'))).toMatch(/`pay_all` is not there.*not-offered/);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(await says(desk)).toMatch(/^false .*Nobody answers/);
});

const PLAIN = { address: 'core.branch.lan:8443', pin: null, key: null };
test.each<[string, Partial<LanServer>]>([
  ['an address without a port', { address: 'core.branch.lan' }],
  ['an authority that is none', { pin: { ca: 'no certificate' } }],
  ['a fingerprint that is too short', { pin: { fingerprint: 'abcd' } }],
  ['a key that cannot be sent', { key: 'two words of a key' }],
])('nothing is put on the list with %s', async (_, wrong) => {
  const { allow, list } = await openSite();
  expect(await refusal(() => allow({ ...PLAIN, ...wrong }))).toBe('tools/bad-lan-server');
  expect(list()).toEqual([]);
});
