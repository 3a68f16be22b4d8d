import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { Incidents, Standstill } from '../../main/guard/index.ts';
import { openIdentity, openMembers } from '../../main/identity/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { jsonLines, scratch, sotto } from './sotto.ts';

/** A vault under a credential file, with one administrator and one incident. */
async function site() {
  const folder = scratch();
  const [data, credential] = [join(folder, 'data'), join(folder, 'credential')];
  writeFileSync(credential, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o400 });
  const ports = { clock: systemClock, log: silentLog };
  const vault = await createVault(pathsIn(data), { kind: 'credential', file: credential }, ports);
  const audit = openAuditLog(vault, ports);
  const admin = {
    username: 'ada',
    displayName: 'Ada',
    passphrase: 'violet harbour kestrel',
    roles: ['admin'],
  } as const;
  await openIdentity(vault, audit, ports).createMember(admin, 'system');
  const members = openMembers(vault, audit, ports);
  const standstill = new Standstill(vault, audit, { ...ports, requests: null, rolesOf: () => [] });
  const incidents = new Incidents({ vault, audit, clock: systemClock, members, standstill, alert: () => {} });
  incidents.open({ kind: 'drill', severity: 'low', summary: 'A drill.' }, 'system');
  standstill.close();
  audit.close();
  vault.close();
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'granite meadow lantern', { mode: 0o600 });
  const env = { SOTTO_CREDENTIAL_FILE: credential, SOTTO_MEMBER_PASSPHRASE_FILE: secret };
  return { folder, run: (...args: string[]) => sotto([...args, '--data', data], { env }) };
}

test('the operator adds a member, changes roles, locks, and never removes the last administrator', async () => {
  const { run } = await site();
  expect(await run('member', 'add', 'ben', '--role', 'staff')).toMatchObject({
    code: 0,
    out: 'Added ben.\n',
  });
  expect(await run('member', 'roles', 'ben', '--role', 'staff', '--role', 'supervisor')).toMatchObject({
    code: 0,
  });
  expect(await run('member', 'lock', 'ben', '--reason', 'on leave')).toMatchObject({
    code: 0,
    out: 'Locked.\n',
  });
  const roster = jsonLines<{ username: string }>((await run('member', 'list', '--json')).out);
  expect(roster.find(({ username }) => username === 'ben')).toMatchObject({
    roles: ['staff', 'supervisor'],
    locked: { by: 'system', reason: 'on leave' },
    mustChangePassphrase: true,
  });
  const removed = await run('member', 'remove', 'ada');
  expect([removed.code, removed.err]).toEqual([1, expect.stringContaining('Nobody would be left')]);
  expect((await run('member', 'review')).out).toMatch(/^ben .*locked.*never-reviewed/m);
  expect((await run('member', 'unlock', 'nobody')).err).toContain('There is no such member');
}, 30_000);

test('incidents are listed, shown and exported with the proof of the log', async () => {
  const { run, folder } = await site();
  expect((await run('incident', 'list')).out).toMatch(/^ {3}1 {2}low {4}drill .*next: identify$/m);
  expect((await run('incident', 'show', '1')).out).toContain('[ ] What happened is written down');
  const out = join(folder, 'incident-1');
  expect(await run('incident', 'export', '1', '--out', out)).toMatchObject({ code: 0 });
  expect(existsSync(join(out, 'proof.json')) && existsSync(join(out, 'log', 'SHA256SUMS.sig'))).toBe(true);
  expect((await run('incident', 'show', '7')).code).toBe(1);
}, 30_000);

test('the relay for alerts is named from a file, told without its secrets, and taken away', async () => {
  const { run, folder } = await site();
  const relay = { host: 'mail.bank.example', from: 'sotto@bank.example', to: ['it@bank.example'] };
  const ca = '-----BEGIN CERTIFICATE-----';
  const file = join(folder, 'relay.json');
  writeFileSync(file, JSON.stringify({ ...relay, ca, login: { user: 'sotto', password: 'quiet-secret' } }));
  const named = await run('incident', 'mail', '--set', file, '--json');
  expect(JSON.parse(named.out)).toMatchObject({ relay: { ...relay, port: 465 }, waiting: 0 });
  expect(named.out).not.toMatch(/quiet-secret|CERTIFICATE/);
  expect((await run('incident', 'mail', '--off')).out).toBe('No relay is named.\n');
}, 30_000);
