import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { newId, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { openIdentity } from '../../main/identity/index.ts';
import { openRecords } from '../../main/records/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { scratch, sotto } from './sotto.ts';

const ports = { clock: systemClock, log: silentLog };
const MEMBERS = { priya: ['privacy'], ada: ['admin'], ben: ['staff'] } as const;

/** A site with three members and one recorded conversation about one customer. */
async function site() {
  const folder = scratch();
  const [data, credential] = [join(folder, 'data'), join(folder, 'credential')];
  writeFileSync(credential, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o400 });
  const vault = await createVault(pathsIn(data), { kind: 'credential', file: credential }, ports);
  const audit = openAuditLog(vault, ports);
  const identity = openIdentity(vault, audit, ports);
  for (const [username, roles] of Object.entries(MEMBERS)) {
    const passphrase = 'granite meadow lantern kestrel';
    await identity.createMember({ username, displayName: username, passphrase, roles }, 'system');
    writeFileSync(join(folder, username), passphrase, { mode: 0o600 });
  }
  const records = openRecords(vault, audit, ports);
  const begun = { deskId: 'bank', packHash: 'h', memberId: null, carrier: 'device', startedAt: 1 } as const;
  const writer = records.begin({ id: newId(), ...begun });
  writer.about({ kind: 'customer', value: '100200' });
  const turn = { turn: 1, speaker: 'person', at: 2, flow: null, confidence: 1, interrupted: false } as const;
  writer.turn({ ...turn, text: 'my savings balance please' });
  const recorder = writer.record('person', 8_000);
  recorder.write(new Float32Array(8_000).fill(0.5));
  recorder.screen(1_000, []);
  recorder.close();
  writer.end('done', 3);
  audit.close();
  vault.close();
  writeFileSync(join(folder, 'number'), '100200\n');
  const as = (member: keyof typeof MEMBERS, ...args: string[]) =>
    sotto([...args, '--as', member, '--data', data], {
      env: { SOTTO_CREDENTIAL_FILE: credential, SOTTO_MEMBER_PASSPHRASE_FILE: join(folder, member) },
    });
  return { folder, id: writer.id, as };
}

test('records are seen, heard and exported by whose role it is, each with a reason', async () => {
  const { folder, id, as } = await site();
  expect((await as('priya', 'records', 'list')).out).toContain(id);
  expect(await as('ben', 'records', 'list')).toMatchObject({
    code: 1,
    err: expect.stringContaining('privacy'),
  });
  expect((await as('priya', 'records', 'show', id)).code).toBe(2);
  const shown = await as('priya', 'records', 'show', id, '--reason', 'complaint 7');
  expect(shown.out).toContain('my savings balance please');
  expect((await as('priya', 'records', 'search', 'balance')).out).toContain(id);
  const wav = join(folder, 'said.wav');
  const exported = ['records', 'export-recording', id, '--reason', 'complaint 7', '--out', wav];
  expect((await as('priya', ...exported)).code).toBe(0);
  expect([readFileSync(wav).length, statSync(wav).mode & 0o777]).toEqual([44 + 16_000, 0o600]);
  expect((await as('priya', ...exported)).code).toBe(1);
  const out = join(folder, 'for-them');
  const subject = ['records', 'subject', '--kind', 'customer', '--value-file', join(folder, 'number')];
  expect((await as('priya', ...subject, '--reason', 'access 7', '--out', out)).code).toBe(0);
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('my savings balance please');
}, 60_000);

test('a person is forgotten when two members agree, and a hold stands in the way', async () => {
  const { folder, id, as } = await site();
  const find = ['erasure', 'find', '--kind', 'customer', '--value-file', join(folder, 'number'), '--json'];
  const { review } = JSON.parse((await as('priya', ...find)).out);
  expect(review).toMatchObject({ conversations: 1, held: false });
  const asked = JSON.parse((await as('priya', 'erasure', 'request', review.subjectId, '--json')).out);
  expect(await as('priya', 'erasure', 'confirm', asked.id)).toMatchObject({
    code: 1,
    err: expect.stringContaining('cannot confirm'),
  });
  const hold = JSON.parse((await as('ada', 'hold', 'place', '--matter', '2026/17', '--json')).out);
  expect((await as('ada', 'erasure', 'confirm', asked.id)).err).toContain('legal hold');
  expect((await as('ada', 'hold', 'lift', hold.id)).code).toBe(0);
  expect((await as('ada', 'erasure', 'confirm', asked.id)).out).toContain('erasure certificate');
  expect((await as('priya', 'records', 'show', id, '--reason', 'why not')).code).toBe(1);
}, 60_000);

test('rules and the policy of consent are chosen, and what would go is seen before it goes', async () => {
  const { folder, as } = await site();
  const rules = ['recording', 'transcript', 'conversation'].map((dataClass) => ({
    dataClass,
    purpose: 'service',
    keepDays: 0,
  }));
  writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules));
  expect((await as('priya', 'retention', 'show')).out).toContain('transcript (service): 30 days');
  expect((await as('priya', 'retention', 'set', '--file', join(folder, 'rules.json'))).code).toBe(0);
  expect((await as('priya', 'retention', 'preview')).out).toContain('recording: 1 beyond 0 days');
  expect((await as('priya', 'retention', 'sweep')).out).toContain('1 recordings');
  expect((await as('priya', 'consent', 'show')).out).toMatch(/^strictest 1:.*recording: off/s);
  const set = await as('priya', 'consent', 'set', '--policy', 'us-ca', '--recording', 'on');
  expect(set.out).toContain('us-ca 1, recording on');
  expect((await as('ada', 'consent', 'set', '--policy', 'mars')).err).toContain('no consent policy');
}, 60_000);
