import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { silentLog } from '../../main/base/index.ts';
import {
  requestStandstill,
  Standstill,
  type StandstillTarget,
  standstillFolder,
} from '../../main/guard/index.ts';
import { openIdentity, openMembers, type Role } from '../../main/identity/index.ts';
import { createVault, openVault, type Vault } from '../../main/vault/index.ts';
import { eventually } from '../support/eventually.ts';
import { credential, dataFolder, refusal, testClock } from '../vault/support.ts';

const ALL = { scope: 'all' } as const;
const TRANSFER = { scope: 'tool', name: 'transfer_money' } as const;

async function house() {
  const paths = dataFolder();
  const clock = testClock();
  const key = credential();
  const ports = { clock, log: silentLog };
  let vault = await createVault(paths, key, ports);
  onTestFinished(() => vault.close());
  const requests = standstillFolder(paths.deskData);
  const rooms = (on: Vault) => {
    const audit = openAuditLog(on, ports);
    const members = openMembers(on, audit, ports);
    const options = { ...ports, requests, rolesOf: (id: string) => members.rolesOf(id) };
    const standstill = new Standstill(on, audit, options);
    onTestFinished(() => standstill.close());
    return { audit, members, standstill, identity: openIdentity(on, audit, ports) };
  };
  const opened = rooms(vault);
  const add = async (username: string, ...roles: Role[]) =>
    (
      await opened.identity.createMember(
        { username, displayName: username, passphrase: 'violet harbour kestrel', roles },
        'system',
      )
    ).id;
  const restart = async () => {
    opened.standstill.close();
    opened.audit.close();
    vault.close();
    vault = await openVault(paths, key, ports);
    return rooms(vault);
  };
  return { ...opened, add, clock, requests, restart, vault: () => vault };
}

test('anybody may stop; it takes two different supervisors or administrators to lift, within an hour', async () => {
  const { standstill, add, clock, members, audit } = await house();
  const [ada, ben, tom] = [
    await add('ada', 'admin'),
    await add('ben', 'supervisor'),
    await add('tom', 'staff'),
  ];
  standstill.stop(ALL, tom, { reason: 'misbehaviour' });
  expect([standstill.stopsDesk('bank-branch'), standstill.stopsTool('bank-branch', 'any')]).toEqual([
    true,
    true,
  ]);
  expect(await refusal(() => standstill.lift(ALL, tom))).toBe('standstill/not-allowed');
  expect(standstill.lift(ALL, ada)).toEqual({ kind: 'waiting', askedBy: [ada] });
  expect(standstill.lift(ALL, ada)).toEqual({ kind: 'waiting', askedBy: [ada] });
  clock.advance(61 * 60_000);
  expect(standstill.lift(ALL, ben)).toEqual({ kind: 'waiting', askedBy: [ben] });
  // Who asked and may not any more does not count.
  members.lock(ben, ada, 'left');
  expect(standstill.lift(ALL, ada)).toEqual({ kind: 'waiting', askedBy: [ada] });
  members.unlock(ben, ada);
  standstill.stop(ALL, tom); // stopped anew: earlier words for going on are void
  expect(standstill.lift(ALL, ben)).toMatchObject({ kind: 'waiting' });
  expect(standstill.lift(ALL, ada)).toEqual({ kind: 'lifted' });
  expect(standstill.stopsDesk('bank-branch')).toBe(false);
  expect(await refusal(() => standstill.lift(ALL, ada))).toBe('standstill/not-stopped');
  const lifted = audit.recent(1).map(({ json }) => JSON.parse(json));
  expect(lifted).toMatchObject([{ activity_name: 'standstill.lift', unmapped: { by: [ben, ada] } }]);
});

test('a desk stops with its tools, a tool alone, and neither the others', async () => {
  const { standstill } = await house();
  standstill.stop(TRANSFER, 'system');
  standstill.stop({ scope: 'desk', name: 'clinic-frontdesk' }, 'system');
  expect(standstill.stopsTool('bank-branch', 'transfer_money')).toBe(true);
  expect(standstill.stopsTool('bank-branch', 'get_balance')).toBe(false);
  expect(standstill.stopsDesk('bank-branch')).toBe(false);
  expect(standstill.stopsTool('clinic-frontdesk', 'book_appointment')).toBe(true);
});

test('what another program asks for holds within half a second, is in the log, and outlives a restart', async () => {
  const { standstill, requests, restart, audit } = await house();
  const told: StandstillTarget[] = [];
  standstill.onStop((target) => told.push(target));
  requestStandstill(requests, TRANSFER);
  await eventually(() => expect(told).toEqual([TRANSFER]), 500);
  expect(readdirSync(requests)).toEqual([]);
  expect(JSON.parse(audit.recent(1)[0]?.json ?? '')).toMatchObject({
    activity_name: 'standstill.begin',
    actor: { user: { uid: 'system' } },
    unmapped: { via: 'command-line', target: 'standstill:tool:transfer_money' },
  });
  // Asked for while nobody runs: it holds from the first moment of the next run.
  const again = await restart();
  expect(again.standstill.stopsTool('bank-branch', 'transfer_money')).toBe(true);
  requestStandstill(requests, ALL);
  expect(again.standstill.stopsDesk('bank-branch')).toBe(true);
});

test('what cannot be read stops everything, and what cannot be written down holds all the same', async () => {
  const { standstill, requests, vault } = await house();
  mkdirSync(requests, { recursive: true });
  writeFileSync(join(requests, 'by-hand'), 'stop it!');
  expect(standstill.stopsDesk('bank-branch')).toBe(true);
  expect(standstill.list()).toMatchObject([{ target: ALL }]);
  // The log takes no more entries, as on a full disk.
  vault().db.exec(
    "CREATE TRIGGER full BEFORE INSERT ON audit_entries BEGIN SELECT raise(ABORT, 'full'); END",
  );
  expect(await refusal(() => standstill.stop(TRANSFER, 'system'))).not.toBe('none');
  expect(standstill.stopsTool('bank-branch', 'transfer_money')).toBe(true);
  requestStandstill(requests, { scope: 'desk', name: 'clinic-frontdesk' });
  expect(standstill.stopsDesk('clinic-frontdesk')).toBe(true);
  expect(readdirSync(requests)).toHaveLength(1);
  vault().db.exec('DROP TRIGGER full');
  await eventually(() => expect(readdirSync(requests)).toEqual([]), 2000);
  expect(standstill.list()).toHaveLength(2);
});

test('a file that somebody else put into the folder is no request, one of this user is', async () => {
  const { standstill, requests } = await house();
  mkdirSync(requests, { recursive: true });
  const file = join(requests, 'of-a-stranger');
  writeFileSync(file, '{"scope":"all"}');
  // Only root can give a file away; anybody else cannot, and there the file is of this user.
  const given = process.getuid?.() === 0;
  if (given) chownSync(file, 12_345, 12_345);
  expect(standstill.stopsDesk('bank-branch')).toBe(!given);
  expect(existsSync(file)).toBe(given);
});
