import { describe, expect, test } from 'vitest';
import { type AuditLog, openAuditLog } from '../../main/audit/index.ts';
import { hasCode } from '../../main/base/index.ts';
import { type Identity, openIdentity } from '../../main/identity/index.ts';
import { createVault, openVault, type Vault } from '../../main/vault/index.ts';
import { credential, dataFolder, filesWith, ports, refusal, testClock, throwaway } from '../vault/support.ts';

const ANNA = {
  username: 'anna.berg',
  displayName: 'Anna Berg',
  passphrase: 'violet harbour kestrel',
  roles: ['admin', 'staff'],
} as const;
const MINUTE = 60_000;

interface House {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly identity: Identity;
  readonly clock: ReturnType<typeof testClock>;
}

async function house(): Promise<House> {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  return { vault, audit, clock, identity: openIdentity(vault, audit, { clock }) };
}

const told = (audit: AuditLog) =>
  audit
    .recent(100)
    .toReversed()
    .map(({ json }) => JSON.parse(json))
    .map((entry) => [entry.metadata.event_code, entry.unmapped.reason ?? null]);

describe('members', () => {
  test('are created once, seen without their passphrases, and logged without their names', async () => {
    const { identity, audit } = await house();
    expect(identity.empty).toBe(true);
    const anna = await identity.createMember(ANNA, 'system');
    expect(identity.empty).toBe(false);
    expect(anna).toMatchObject({
      username: 'anna.berg',
      displayName: 'Anna Berg',
      roles: ['admin', 'staff'],
    });
    expect(identity.members()).toEqual([anna]);
    const both = await Promise.allSettled([
      identity.createMember({ ...ANNA, username: 'carl' }, anna.id),
      identity.createMember({ ...ANNA, username: 'carl' }, anna.id),
    ]);
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(() => identity.createMember(ANNA, anna.id))).toBe('identity/name-taken');
    const log = audit.recent(10).map((entry) => entry.json);
    expect(log).toHaveLength(2);
    for (const json of log) expect(json).not.toMatch(/anna|berg|carl/i);
  });

  test.each(['Anna', 'a', '9lives', 'anna berg', 'x'.repeat(33), ''])(
    'do not bear the name "%s"',
    async (username) => {
      const { identity } = await house();
      expect(await refusal(() => identity.createMember({ ...ANNA, username }, 'system'))).toBe(
        'identity/bad-name',
      );
    },
  );

  test.each([
    'short-word',
    'password1234',
    'P@ssw0rd!!!!!',
    'passwordpassword',
    '123456789012',
    '987654321098',
    'qwertyuiop123',
    'aaaaaaaaaaaaaaaa',
    'abababababababab',
    'correct horse battery staple',
    'welcome2summer2026',
    'administrator1',
    'iloveyouforever',
    'my anna.berg passphrase x9',
    'the berg is over there 77',
  ])('may not choose "%s"', async (passphrase) => {
    const { identity } = await house();
    expect(await refusal(() => identity.createMember({ ...ANNA, passphrase }, 'system'))).toBe(
      'identity/weak-passphrase',
    );
    expect(identity.empty).toBe(true);
  });

  test.each([
    'violet harbour kestrel',
    'tiger orange hospital falcon',
    'xk7q-vmw2-ptz9',
    'Donaudampfschiff 1871 Regensburg',
  ])('may choose "%s"', async (passphrase) => {
    const { identity } = await house();
    await identity.createMember({ ...ANNA, passphrase }, 'system');
  });
});

describe('signing in', () => {
  test('gives a session that its token resumes until it is signed out', async () => {
    const { identity, audit } = await house();
    const anna = await identity.createMember(ANNA, 'system');
    const session = await identity.signIn(' Anna.Berg ', ANNA.passphrase);
    expect(session.member).toEqual(anna);
    expect(Buffer.from(session.token, 'base64url')).toHaveLength(32);
    expect(identity.resume(session.token)?.member).toEqual(anna);
    expect(identity.resume(`${session.token}x`)).toBeNull();
    identity.signOut(session.token);
    identity.signOut(session.token);
    expect(identity.resume(session.token)).toBeNull();
    expect(told(audit).map(([code]) => code)).toEqual(['member.create', 'signIn.succeed', 'signIn.end']);
  });

  test('refuses a wrong passphrase and an unknown name alike, in about the same time', async () => {
    const { identity, audit } = await house();
    await identity.createMember(ANNA, 'system');
    await identity.signIn('anna.berg', ANNA.passphrase);
    const quickest = async (name: string) => {
      const took = [];
      for (let i = 0; i < 2; i += 1) {
        const started = performance.now();
        expect(await refusal(() => identity.signIn(name, 'granite meadow lantern'))).toBe('identity/refused');
        took.push(performance.now() - started);
      }
      return Math.min(...took);
    };
    const [known, unknown] = [await quickest('anna.berg'), await quickest('nobody')];
    expect(unknown / known).toBeGreaterThan(0.3); // without the hash in vain it is below 0.05
    expect(told(audit).slice(-3, -1)).toEqual([
      ['signIn.refuse', 'wrong-passphrase'],
      ['signIn.refuse', 'unknown-name'],
    ]);
  });

  test('is slowed down name by name, longer each time, whether the name exists or not', async () => {
    const { identity, audit, clock } = await house();
    await identity.createMember(ANNA, 'system');
    for (const name of ['anna.berg', 'nobody']) {
      const guess = () => refusal(() => identity.signIn(name, 'granite meadow lantern'));
      const codes = [];
      for (let i = 0; i < 5; i += 1) codes.push(await guess());
      expect(codes).toEqual([...Array(4).fill('identity/refused'), 'identity/slow-down']);
      clock.advance(1000);
      expect([await guess(), await guess()]).toEqual(['identity/refused', 'identity/slow-down']);
      clock.advance(1000);
      expect(await guess()).toBe('identity/slow-down');
      clock.advance(1000);
      expect(await guess()).toBe('identity/refused');
    }
    expect(await refusal(() => identity.signIn('anna.berg', ANNA.passphrase))).toBe('identity/slow-down');
    clock.advance(15 * MINUTE);
    await identity.signIn('anna.berg', ANNA.passphrase);
    expect(await refusal(() => identity.signIn('anna.berg', 'granite meadow lantern'))).toBe(
      'identity/refused',
    );
    expect(told(audit)).toContainEqual(['signIn.refuse', 'slow-down']);
  });

  test('says for how long to wait', async () => {
    const { identity } = await house();
    const guesses = Array.from({ length: 6 }, () => identity.signIn('nobody', 'granite meadow lantern'));
    const outcomes = await Promise.allSettled(guesses);
    const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const slowed = reasons.filter((reason) => hasCode(reason, 'identity/slow-down'));
    expect(slowed).toHaveLength(2); // many at once gain nothing
    expect(slowed[0]?.remedy).toBe('Try again in 1 seconds.');
  });

  test('ends after half an hour idle, and after twelve hours in any case', async () => {
    const { identity, clock } = await house();
    await identity.createMember(ANNA, 'system');
    const idle = await identity.signIn('anna.berg', ANNA.passphrase);
    expect(idle.expiresAt).toBe(clock.now() + 30 * MINUTE);
    clock.advance(29 * MINUTE);
    expect(identity.resume(idle.token)?.expiresAt).toBe(clock.now() + 30 * MINUTE);
    clock.advance(30 * MINUTE);
    expect(identity.resume(idle.token)).toBeNull();
    const busy = await identity.signIn('anna.berg', ANNA.passphrase);
    const end = clock.now() + 12 * 60 * MINUTE;
    while (clock.now() + 20 * MINUTE < end) {
      clock.advance(20 * MINUTE);
      expect(identity.resume(busy.token)?.expiresAt).toBeLessThanOrEqual(end);
    }
    clock.advance(20 * MINUTE);
    expect(identity.resume(busy.token)).toBeNull();
  });

  test('does not last longer because the clock was set back', async () => {
    const { identity, clock } = await house();
    await identity.createMember(ANNA, 'system');
    const session = await identity.signIn('anna.berg', ANNA.passphrase);
    clock.advance(-60 * MINUTE);
    expect(identity.resume(session.token)).toBeNull();
  });
});

test('slow-down, sessions and members outlive a restart; no token, name or passphrase is readable on disk', async () => {
  const paths = dataFolder();
  const source = credential();
  const open = (vault: Vault) => {
    const audit = openAuditLog(vault, ports);
    return { vault, audit, identity: openIdentity(vault, audit, ports) };
  };
  const first = open(await createVault(paths, source, ports));
  await first.identity.createMember(ANNA, 'system');
  const { token } = await first.identity.signIn('anna.berg', ANNA.passphrase);
  for (let i = 0; i < 4; i += 1)
    await refusal(() => first.identity.signIn('nobody', 'granite meadow lantern'));
  const dump = first.vault.db.serialize();
  for (const secret of [token, ANNA.passphrase]) expect(dump.includes(secret)).toBe(false);
  for (const word of [token, ANNA.passphrase, 'anna', 'Berg'])
    expect(filesWith(word, paths.data)).toEqual([]);
  first.audit.close();
  first.vault.close();
  const second = open(await openVault(paths, source, ports));
  expect(second.identity.resume(token)?.member.username).toBe('anna.berg');
  expect(await refusal(() => second.identity.signIn('nobody', 'granite meadow lantern'))).toBe(
    'identity/slow-down',
  );
  expect(second.audit.verify()).toMatchObject({ ok: true, problems: [] });
  second.audit.close();
  second.vault.close();
});
