import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { DEFAULT_LIMITS, DEFAULT_SOUND_POLICY, readLimits, readSoundPolicy } from '../../main/guard/index.ts';
import { openIdentity } from '../../main/identity/index.ts';
import { createVault, openVault } from '../../main/vault/index.ts';
import { scratch, sotto } from './sotto.ts';

const PASSPHRASE = 'violet harbour kestrel';
const ports = { clock: systemClock, log: silentLog };

/** A site with an administrator and an auditor. */
async function site() {
  const folder = scratch();
  const [data, credential, secret] = ['data', 'credential', 'secret'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(credential, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o400 });
  writeFileSync(secret, PASSPHRASE, { mode: 0o600 });
  const key = { kind: 'credential', file: credential } as const;
  const vault = await createVault(pathsIn(data), key, ports);
  const audit = openAuditLog(vault, ports);
  const identity = openIdentity(vault, audit, ports);
  for (const [username, role] of [
    ['ada', 'admin'],
    ['otto', 'auditor'],
  ] as const)
    await identity.createMember(
      { username, displayName: username, passphrase: PASSPHRASE, roles: [role] },
      'system',
    );
  audit.close();
  vault.close();
  const env = { SOTTO_CREDENTIAL_FILE: credential, SOTTO_MEMBER_PASSPHRASE_FILE: secret };
  return {
    file: join(folder, 'file.json'),
    run: (...args: string[]) => sotto(['guard', ...args, '--data', data], { env }),
    open: () => openVault(pathsIn(data), key, ports),
  };
}

test('limits go out as a file and come in again changed; what is wrong is named, and who may not is refused', async () => {
  const { run, open, file } = await site();
  expect((await run('limits', '--as', 'otto')).out).toMatch(
    /^probing: rate \(of probe, per conversation, most 2, withinMinutes 60\) -> warn, endConversation$/m,
  );
  writeFileSync(file, (await run('limits', '--as', 'otto', '--json')).out);
  const { rules } = JSON.parse(readFileSync(file, 'utf8'));
  expect(rules).toEqual(DEFAULT_LIMITS);
  writeFileSync(file, JSON.stringify({ rules: [{ ...rules[0], enabled: false }] }));
  expect(await run('set-limits', '--file', file, '--as', 'otto')).toMatchObject({ code: 1 });
  expect(await run('set-limits', '--file', file, '--as', 'ada')).toMatchObject({ code: 0 });
  const vault = await open();
  expect(readLimits(vault)).toEqual([{ ...rules[0], enabled: false }]);
  vault.close();
  writeFileSync(file, JSON.stringify({ rules: [{ ...rules[0], does: [] }] }));
  const refused = await run('set-limits', '--file', file, '--as', 'ada');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(`${rules[0].id}: does`)]);
  expect(await run('set-limits', '--as', 'ada')).toMatchObject({ code: 2 });
  expect((await run('set-limits', '--usual', '--as', 'ada', '--json')).out).toContain('"probing"');
});

test('the policy of sound is shown, set for one kind, and taken back', async () => {
  const { run, open, file } = await site();
  expect((await run('policy', '--as', 'otto')).out).toMatch(
    /^ultrasound: flag from 0\.5, refuse from 0\.95$/m,
  );
  const policy = { ...DEFAULT_SOUND_POLICY, tone: [{ from: 0.7, act: 'challenge' }], noise: [] };
  writeFileSync(file, JSON.stringify({ policy }));
  expect((await run('set-policy', '--file', file, '--as', 'ada')).out).toMatch(/^noise: ignore$/m);
  const vault = await open();
  expect(readSoundPolicy(vault).tone).toEqual([{ from: 0.7, act: 'challenge' }]);
  vault.close();
  writeFileSync(file, JSON.stringify({ policy: { tone: [{ from: 7, act: 'refuse' }] } }));
  const refused = await run('set-policy', '--file', file, '--as', 'ada');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('tone.0.from')]);
  expect((await run('set-policy', '--usual', '--as', 'ada', '--json')).out.trim()).toBe(
    JSON.stringify({ policy: DEFAULT_SOUND_POLICY }),
  );
});
