import { createHash, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import Database from 'better-sqlite3';
import canonicalize from 'canonicalize';
import { SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './support.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const TRANSFER = { amount: 10, from: 'checking', to: 'savings' };

/** The demo bank, asked as the gateway asks it: a capability of its own for each attempt, the proposal as the key. */
async function bank() {
  const data = temporaryFolder();
  const client = new Client({ name: 'gateway', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['server/server.ts'],
      cwd: new URL('../../desks/bank-branch', import.meta.url).pathname,
      env: {
        SOTTO_DESK_DATA: data,
        SOTTO_CAPABILITY_KEY: JSON.stringify(publicKey.export({ format: 'jwk' })),
        SOTTO_SERVER: 'branch',
      },
      stderr: 'ignore',
    }),
  );
  onTestFinished(() => client.close());
  const db = () => new Database(join(data, 'bank.db'), { readonly: true });
  return {
    async call(name: string, args: Record<string, unknown>, proposal: string) {
      const now = Math.floor(Date.now() / 1000);
      const token = await new SignJWT({
        arg: createHash('sha256')
          .update(canonicalize(args) ?? '')
          .digest('base64url'),
        conversation: 'c1',
        proposal,
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'sotto-capability+jwt' })
        .setIssuer('sotto/bank-branch')
        .setAudience(`branch/${name}`)
        .setJti(crypto.randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + 10)
        .sign(privateKey);
      const result = await client.callTool({ name, arguments: args, _meta: { 'sotto/capability': token } });
      return { error: result.isError === true, answer: JSON.stringify(result.content) };
    },
    rows(sql: string): unknown[] {
      const open = db();
      try {
        return open.prepare(sql).pluck().all();
      } finally {
        open.close();
      }
    },
  };
}

test('asked again with the same key a demo server gives the first answer and does nothing; with another it does', async () => {
  const { call, rows } = await bank();
  await call('identify_customer', { customer_number: '100200', phone_code: '4711' }, 'p0');
  const first = await call('transfer_money', TRANSFER, 'p1');
  expect(first).toMatchObject({ error: false, answer: expect.stringContaining('sent') });
  expect(await call('transfer_money', TRANSFER, 'p1')).toEqual(first);
  expect(rows('SELECT cents FROM transfer')).toEqual([1000]);
  await call('transfer_money', TRANSFER, 'p2');
  expect(rows('SELECT cents FROM transfer')).toEqual([1000, 1000]);
});

test('a key that was used for something else is refused, and a refused capability stands in the log of the server', async () => {
  const { call, rows } = await bank();
  await call('identify_customer', { customer_number: '100200', phone_code: '4711' }, 'p0');
  await call('transfer_money', TRANSFER, 'p1');
  expect((await call('transfer_money', { ...TRANSFER, amount: 500 }, 'p1')).error).toBe(true);
  expect((await call('block_card', { card: 'debit' }, 'p1')).error).toBe(true);
  expect(rows('SELECT cents FROM transfer')).toEqual([1000]);
  expect(rows('SELECT kind FROM card WHERE blocked_at IS NOT NULL')).toEqual([]);
});
