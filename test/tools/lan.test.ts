import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LanEntry, LanPort, ToolEntry } from '../../main/tools/index.ts';
import { certificate, KEY, lanServer } from './lan.ts';
import { callNow, context, openGateway, spokenYes, temporaryFolder, toolEntry } from './support.ts';

/** The certificate that the desks of these tests trust. */
const ownFolder = mkdtempSync(join(tmpdir(), 'sotto-lan-'));
const trusted = () => ownFolder;
beforeAll(() => {
  certificate('localhost', ownFolder);
});
afterAll(() => rmSync(ownFolder, { recursive: true, force: true }));

/** A site that allows one address. */
function allows(address: string, key: string | null = KEY): LanPort {
  return { server: (asked) => (asked === address ? { pin: null, key } : null) };
}

interface Changes {
  readonly entry?: Partial<LanEntry>;
  readonly lan?: LanPort | null;
  readonly tool?: Partial<ToolEntry>;
  readonly host?: string;
  readonly name?: string;
}

/** A gateway whose one server is at this port, with the certificate in `folder` as its authority. */
function gatewayTo(
  port: string,
  folder: string,
  { entry, lan, tool, host = 'localhost', name = 'echo' }: Changes = {},
) {
  const packFolder = temporaryFolder();
  copyFileSync(join(folder, 'cert.pem'), join(packFolder, 'ca.pem'));
  const server: LanEntry = {
    transport: 'http',
    url: `https://${host}:${port}/mcp`,
    ca: 'ca.pem',
    key: true,
    ...entry,
  };
  const port_: LanPort | null = lan === undefined ? allows(`${host}:${port}`) : lan;
  return openGateway(
    {
      id: 'lan-desk',
      folder: packFolder,
      tools: { [name]: toolEntry({ server: 'lan', ...tool }) },
      servers: { lan: server },
    },
    port_ === null ? {} : { lan: port_ },
  );
}

test.each(['good', 'json'])(
  'a server on the LAN is called under TLS with its key and a capability (%s)',
  async (mode) => {
    const { port } = await lanServer(trusted(), mode);
    const { gateway } = gatewayTo(port, trusted());
    const outcome = await callNow(gateway, 'echo', {});
    expect(outcome).toEqual({
      kind: 'ok',
      result: { calls: 1, said: {}, meta: ['sotto/capability', 'sotto/idempotency-key'] },
    });
    expect(await callNow(gateway, 'echo', {}, context(2))).toMatchObject({ result: { calls: 2 } });
    expect(await gateway.health()).toEqual([{ server: 'lan', ok: true, message: 'answers' }]);
  },
);

test('a fingerprint pins the very certificate; another is refused before a byte is sent', async () => {
  const { port, lines } = await lanServer(trusted());
  const fingerprint = new X509Certificate(readFileSync(join(trusted(), 'cert.pem'))).fingerprint256;
  const pinned = gatewayTo(port, trusted(), { entry: { ca: undefined, fingerprint } });
  expect(await callNow(pinned.gateway, 'echo', {})).toMatchObject({ kind: 'ok' });
  const other = gatewayTo(port, trusted(), {
    entry: { ca: undefined, fingerprint: fingerprint.replace(/^../, '00') },
  });
  expect(await callNow(other.gateway, 'echo', {})).toMatchObject({
    kind: 'failed',
    code: 'tools/certificate',
  });
  expect(lines).toHaveLength(1);
});

test('a certificate of another authority, or for another name, is refused', async () => {
  const stranger = certificate();
  const { port } = await lanServer(stranger);
  expect(await callNow(gatewayTo(port, trusted()).gateway, 'echo', {})).toMatchObject({
    kind: 'failed',
    code: 'tools/certificate',
  });
  const misnamed = certificate('elsewhere.example');
  const second = await lanServer(misnamed);
  expect(await callNow(gatewayTo(second.port, misnamed).gateway, 'echo', {})).toMatchObject({
    kind: 'failed',
    code: 'tools/certificate',
  });
});

test.each<[string, Changes, string]>([
  ['the site has no list', { lan: null }, 'tools/not-allowed'],
  ['the list names another port', { lan: allows('localhost:1') }, 'tools/not-allowed'],
  ['the list names another host', { host: '127.0.0.1', lan: allows('localhost:9443') }, 'tools/not-allowed'],
  ['no key is kept', { lan: allows('localhost:9443', null) }, 'tools/no-key'],
  ['no certificate is named', { entry: { ca: undefined } }, 'tools/no-pin'],
  ['the fingerprint is none', { entry: { ca: undefined, fingerprint: 'ab:cd' } }, 'tools/no-pin'],
  ['the authority is missing', { entry: { ca: 'gone.pem' } }, 'tools/no-pin'],
  [
    'it is plain HTTP on the LAN',
    { entry: { url: 'http://tools.branch.lan:9443/mcp' } },
    'tools/bad-address',
  ],
  [
    'the address carries a password',
    { entry: { url: 'https://a:b@localhost:9443/mcp' } },
    'tools/bad-address',
  ],
])('nothing is contacted when %s', async (_, changes, code) => {
  const { gateway } = gatewayTo('9443', trusted(), changes);
  expect(await callNow(gateway, 'echo', {})).toMatchObject({ kind: 'failed', code });
});

test('plain HTTP is for loopback alone', async () => {
  const { port } = await lanServer(trusted(), 'plain');
  const entry = { url: `http://127.0.0.1:${port}/mcp`, ca: undefined };
  const { gateway } = gatewayTo(port, trusted(), { host: '127.0.0.1', entry });
  expect(await callNow(gateway, 'echo', {})).toMatchObject({ kind: 'ok' });
});

test('a redirect is not followed; a wrong key is no entry; a server that is away is away', async () => {
  const { port, lines } = await lanServer(trusted(), 'redirect');
  expect(await callNow(gatewayTo(port, trusted()).gateway, 'echo', {})).toMatchObject({
    code: 'tools/redirected',
  });
  expect(lines).toHaveLength(1);
  const { port: second, child } = await lanServer(trusted());
  const lan = allows(`localhost:${second}`, 'another-key');
  expect(await callNow(gatewayTo(second, trusted(), { lan }).gateway, 'echo', {})).toMatchObject({
    kind: 'failed',
    code: 'tools/unauthorised',
  });
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(await callNow(gatewayTo(second, trusted()).gateway, 'echo', {})).toMatchObject({
    kind: 'failed',
    code: 'tools/server-away',
  });
});

test.each([
  ['drop', 'tools/server-lost'],
  ['failing', 'tools/http-status'],
  ['large', 'tools/result-too-large'],
  ['html', 'tools/result-malformed'],
  ['hang', 'tools/timeout'],
])(
  'a write that the LAN loses after it was sent (%s) is unknown, and the next call works',
  async (name, code) => {
    const { port } = await lanServer(trusted());
    const tool = { risk: 'write', confirm: 'spoken', confirmText: 'Shall I?', timeoutMs: 1000 } as const;
    const { gateway } = gatewayTo(port, trusted(), { name, tool });
    const proposal = gateway.propose(name, {}, context(1));
    if (proposal.kind !== 'confirm') throw new Error(proposal.kind);
    expect(await gateway.execute(proposal.proposalId, spokenYes(2), context(2))).toMatchObject({
      kind: 'unknown',
      code,
    });
    expect(await gateway.health()).toMatchObject([{ ok: true }]);
  },
);
