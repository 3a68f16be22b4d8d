import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import Database from 'better-sqlite3';
import canonicalize from 'canonicalize';
import { SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './support.ts';

const folder = new URL('../../desks/bank-branch', import.meta.url).pathname;
const IDENTIFY = { customer_number: '100200', phone_code: '4711' };
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const WRONG_KEY = generateKeyPairSync('ed25519').privateKey;

interface Minting {
  readonly key?: KeyObject;
  readonly audience?: string | string[];
  readonly arguments?: object;
  readonly secondsToLive?: number;
  readonly claims?: object;
  readonly id?: string;
  readonly typ?: string;
}

/** A capability as the gateway mints it, but for what the attack changes. */
function mint(changes: Minting = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const args = canonicalize(changes.arguments ?? IDENTIFY) ?? '';
  return new SignJWT({
    arg: createHash('sha256').update(args).digest('base64url'),
    conversation: 'c1',
    proposal: 'p1',
    ...changes.claims,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: changes.typ ?? 'sotto-capability+jwt' })
    .setIssuer('sotto/bank-branch')
    .setAudience(changes.audience ?? 'branch/identify_customer')
    .setJti(changes.id ?? crypto.randomUUID())
    .setIssuedAt(now - 60)
    .setExpirationTime(now + (changes.secondsToLive ?? 10))
    .sign(changes.key ?? privateKey);
}

/** The real server, reached past the gateway. */
async function bankServer(data = temporaryFolder()) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['server/server.ts'],
    cwd: folder,
    env: {
      SOTTO_DESK_DATA: data,
      SOTTO_CAPABILITY_KEY: JSON.stringify(publicKey.export({ format: 'jwk' })),
      SOTTO_SERVER: 'branch',
    },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'attacker', version: '1' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    data,
    close: () => client.close(),
    async call(token: unknown, name = 'identify_customer', args: Record<string, unknown> = IDENTIFY) {
      const meta = token === undefined ? {} : { 'sotto/capability': token };
      const result = await client.callTool({ name, arguments: args, _meta: meta });
      const [first] = result.content as { text: string }[];
      return result.isError ? (first?.text ?? '') : 'done';
    },
  };
}

test('the server does what a good capability asks, and what any other asks it refuses', async () => {
  const server = await bankServer();
  const attacks: readonly (readonly [string, unknown])[] = [
    ['missing', undefined],
    ['missing', { alg: 'none' }],
    ['signature', ''],
    ['signature', 'eyJhbGciOiJub25lIn0.e30.'],
    ['signature', await mint({ key: WRONG_KEY })],
    ['expired', await mint({ secondsToLive: -1 })],
    ['other-tool', await mint({ audience: 'branch/account_balance' })],
    ['other-tool', await mint({ audience: 'clinic/identify_customer' })],
    ['other-tool', await mint({ audience: ['branch/identify_customer', 'branch/transfer_money'] })],
    ['other-arguments', await mint({ arguments: { ...IDENTIFY, customer_number: '100300' } })],
    ['claims', await mint({ typ: 'JWT' })],
    ['claims', await mint({ claims: { conversation: undefined } })],
  ];
  for (const [reason, token] of attacks)
    expect(await server.call(token), reason).toBe(`capability refused: ${reason}`);
  const token = await mint();
  expect(await server.call(token)).toBe('done');
  expect(await server.call(token)).toBe('capability refused: replayed');
});

test('a used capability stays used when the server is started again', async () => {
  const first = await bankServer();
  const token = await mint();
  expect(await first.call(token)).toBe('done');
  await first.close();
  const second = await bankServer(first.data);
  expect(await second.call(token)).toBe('capability refused: replayed');
});

test('a capability for one transfer is good for no other', async () => {
  const server = await bankServer();
  await server.call(await mint());
  const small = { amount: 1, from: 'checking', to: 'savings' };
  const claims = { proposal: 'p2' };
  const token = await mint({ audience: 'branch/transfer_money', arguments: small, claims });
  for (const swapped of [
    { ...small, amount: 1000 },
    { ...small, from: 'savings', to: 'checking' },
    { ...small, note: 'more' },
  ])
    expect(await server.call(token, 'transfer_money', swapped)).toContain('capability refused');
  expect(await server.call(token, 'transfer_money', small)).toBe('done');
  const db = new Database(join(server.data, 'bank.db'), { readonly: true });
  expect(db.prepare('SELECT cents FROM transfer').pluck().all()).toEqual([100]);
  db.close();
});
