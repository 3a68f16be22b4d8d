import { describe, expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { openIdentity, openMembers, type Role, totpCode } from '../../main/identity/index.ts';
import { refusal, testClock, throwaway } from '../vault/support.ts';

const PASSPHRASE = 'violet harbour kestrel';
const OTHER = 'granite meadow lantern';
const DAY = 86_400_000;

async function house() {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  const identity = openIdentity(vault, audit, { clock });
  const members = openMembers(vault, audit, { clock });
  const add = (username: string, ...roles: Role[]) =>
    identity.createMember({ username, displayName: username, passphrase: PASSPHRASE, roles }, 'system');
  const told = () =>
    audit
      .recent(100)
      .toReversed()
      .map(({ json }) => JSON.parse(json));
  return { clock, vault, audit, identity, members, add, told };
}

describe('administration', () => {
  test('locks a member: signed out everywhere, refused at sign-in, without roles; until unlocked', async () => {
    const { identity, members, add, told } = await house();
    const root = await add('root.one', 'admin');
    const tom = await add('tom', 'staff', 'supervisor');
    const session = await identity.signIn('tom', PASSPHRASE);
    members.lock(tom.id, root.id, 'left the keys at the desk');
    expect(identity.resume(session.token)).toBeNull();
    expect(members.rolesOf(tom.id)).toEqual([]);
    expect(await refusal(() => identity.signIn('tom', PASSPHRASE))).toBe('identity/locked');
    // Whoever does not know the passphrase does not learn that it is locked.
    expect(await refusal(() => identity.signIn('tom', OTHER))).toBe('identity/refused');
    members.unlock(tom.id, root.id);
    expect((await identity.signIn('tom', PASSPHRASE)).member.id).toBe(tom.id);
    expect(told().filter((entry) => /^member\.(lock|unlock)$/.test(entry.activity_name))).toHaveLength(2);
  });

  test('is for administrators, whatever the window asks for', async () => {
    const { members, add } = await house();
    await add('root.one', 'admin');
    const tom = await add('tom', 'staff');
    const ida = await add('ida', 'supervisor', 'auditor');
    for (const act of [
      () => members.setRoles(tom.id, ['admin'], ida.id),
      () => members.lock(ida.id, tom.id, 'x'),
      () => members.remove(ida.id, tom.id),
      () => members.resetPassphrase(ida.id, OTHER, tom.id),
      () => members.removeCodes(ida.id, tom.id),
    ])
      expect(await refusal(act)).toBe('identity/not-allowed');
    expect(members.rolesOf(tom.id)).toEqual(['staff']);
  });

  test('never leaves nobody who can administer, and a locked administrator does not count', async () => {
    const { members, add } = await house();
    const one = await add('root.one', 'admin');
    const two = await add('root.two', 'admin');
    members.lock(two.id, one.id, 'on leave');
    expect(await refusal(() => members.setRoles(one.id, ['staff'], one.id))).toBe('identity/last-admin');
    expect(await refusal(() => members.lock(one.id, 'system', 'limit'))).toBe('identity/last-admin');
    expect(await refusal(() => members.remove(one.id, 'system'))).toBe('identity/last-admin');
    members.unlock(two.id, 'system');
    members.remove(one.id, two.id);
    expect(members.roster().map(({ username }) => username)).toEqual(['root.two']);
    expect(await refusal(() => members.lock(one.id, two.id, 'x'))).toBe('identity/no-such-member');
  });

  test('changes roles at once, also for who is signed in, and logs both sets', async () => {
    const { identity, members, add, told } = await house();
    const root = await add('root.one', 'admin');
    const tom = await add('tom', 'staff');
    const { token } = await identity.signIn('tom', PASSPHRASE);
    members.setRoles(tom.id, ['auditor', 'auditor'], root.id);
    expect(identity.resume(token)?.member.roles).toEqual(['auditor']);
    expect(told().at(-1)).toMatchObject({
      activity_name: 'member.roles',
      unmapped: { before: ['staff'], after: ['auditor'] },
    });
  });

  test('a passphrase set by an administrator must be changed by the member, and the old ones open nothing', async () => {
    const { identity, members, add } = await house();
    const root = await add('root.one', 'admin');
    const tom = await add('tom', 'staff');
    const before = await identity.signIn('tom', PASSPHRASE);
    expect(before.mustChangePassphrase).toBeUndefined();
    await members.resetPassphrase(tom.id, OTHER, root.id);
    expect(identity.resume(before.token)).toBeNull();
    expect(await refusal(() => identity.signIn('tom', PASSPHRASE))).toBe('identity/refused');
    const given = await identity.signIn('tom', OTHER);
    expect(given.mustChangePassphrase).toBe(true);
    expect(identity.resume(given.token)?.mustChangePassphrase).toBe(true);
    expect(await refusal(() => members.changePassphrase(tom.id, OTHER, OTHER))).toBe(
      'identity/weak-passphrase',
    );
    expect(await refusal(() => members.changePassphrase(tom.id, PASSPHRASE, 'copper willow thimble'))).toBe(
      'identity/refused',
    );
    await members.changePassphrase(tom.id, OTHER, 'copper willow thimble');
    expect((await identity.signIn('tom', 'copper willow thimble')).mustChangePassphrase).toBeUndefined();
  });
});

describe('one-time codes', () => {
  const keyOf = (secret: string) => {
    const bits = [...secret]
      .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
      .join('');
    return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  };

  test('count once the first was typed in; what was set up before stays good until then', async () => {
    const { members, add, clock } = await house();
    const tom = await add('tom', 'staff', 'admin');
    const first = members.beginCodes(tom.id);
    expect(first.uri).toMatch(/^otpauth:\/\/totp\/Sotto:tom\?secret=[A-Z2-7]{32}&issuer=Sotto&/);
    expect(members.codeKey(tom.id)).toBeNull();
    members.confirmCodes(tom.id, totpCode(keyOf(first.secret), clock.now()));
    expect(members.codeKey(tom.id)).toEqual(keyOf(first.secret));
    members.beginCodes(tom.id);
    expect(await refusal(() => members.confirmCodes(tom.id, '000000'))).toBe('identity/wrong-code');
    expect(members.codeKey(tom.id)).toEqual(keyOf(first.secret));
    members.removeCodes(tom.id, tom.id);
    expect(members.codeKey(tom.id)).toBeNull();
  });

  test('cannot be guessed at while they are set up, nor left lying', async () => {
    const { members, add, clock } = await house();
    const tom = await add('tom', 'staff');
    const begun = members.beginCodes(tom.id);
    const right = totpCode(keyOf(begun.secret), clock.now());
    const wrong = right === '123456' ? '654321' : '123456';
    for (let i = 0; i < 5; i += 1)
      expect(await refusal(() => members.confirmCodes(tom.id, wrong))).toBe('identity/wrong-code');
    expect(await refusal(() => members.confirmCodes(tom.id, right))).toBe('identity/no-enrolment');
    const late = members.beginCodes(tom.id);
    clock.advance(11 * 60_000);
    const code = totpCode(keyOf(late.secret), clock.now());
    expect(await refusal(() => members.confirmCodes(tom.id, code))).toBe('identity/no-enrolment');
  });
});

describe('sign-in', () => {
  test('is limited by address too, and one good account does not clear it', async () => {
    const { identity, add, clock } = await house();
    await add('tom', 'staff');
    const refusals: string[] = [];
    identity.onRefusal?.(({ reason, address }) => refusals.push(`${reason} ${address}`));
    const from = (name: string, address: string, passphrase = OTHER) =>
      refusal(() => identity.signIn(name, passphrase, address));
    for (let i = 0; i < 19; i += 1) expect(await from(`name${i}`, '10.0.0.9')).toBe('identity/refused');
    expect(await from('tom', '10.0.0.9', PASSPHRASE)).toBe('none');
    expect(await from('name20', '10.0.0.9')).toBe('identity/refused');
    expect(await from('name21', '10.0.0.9')).toBe('identity/slow-down');
    expect(await from('tom', '10.0.0.9', PASSPHRASE)).toBe('identity/slow-down');
    expect(await from('tom', '10.0.0.10', PASSPHRASE)).toBe('none');
    clock.advance(15 * 60_000);
    expect(await from('tom', '10.0.0.9', PASSPHRASE)).toBe('none');
    expect(refusals.at(-1)).toBe('slow-down 10.0.0.9');
  }, 20_000);
});

describe('a review of access', () => {
  test('shows what is remarkable, and is recorded as made by another', async () => {
    const { identity, members, add, clock, told } = await house();
    const root = await add('root.one', 'admin', 'auditor');
    const tom = await add('tom', 'auditor');
    await identity.signIn('root.one', PASSPHRASE);
    clock.advance(100 * DAY);
    const remarks = (id: string) => members.review().find((one) => one.id === id)?.remarks;
    expect(remarks(root.id)).toEqual([
      'admin-and-auditor',
      'not-seen-for-90-days',
      'no-codes',
      'never-reviewed',
    ]);
    expect(remarks(tom.id)).toEqual(['never-signed-in', 'never-reviewed']);
    expect(await refusal(() => members.confirmReview([root.id], root.id))).toBe('identity/not-allowed');
    members.confirmReview([root.id], tom.id);
    expect(remarks(root.id)).not.toContain('never-reviewed');
    expect(told().at(-1)).toMatchObject({ activity_name: 'member.review', actor: { user: { uid: tom.id } } });
  });
});
