import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault, openVault } from '../../main/vault/index.ts';
import { jsonLines, scratch, sotto } from './sotto.ts';

const ports = { clock: systemClock, log: silentLog };

/** A vault under a credential, an empty disk, and the environment that opens the vault. */
async function site() {
  const folder = scratch();
  const [data, disk, credential] = [join(folder, 'data'), join(folder, 'disk'), join(folder, 'credential')];
  writeFileSync(credential, randomBytes(32), { mode: 0o400 });
  mkdirSync(disk);
  const vault = await createVault(pathsIn(data), { kind: 'credential', file: credential }, ports);
  const audit = openAuditLog(vault, ports);
  audit.append({ action: 'vault.create', actor: 'system', outcome: 'success' });
  audit.close();
  vault.close();
  return { folder, data, disk, credential, env: { SOTTO_CREDENTIAL_FILE: credential, SOTTO_HOME: data } };
}

it('a vault is backed up, verified and restored elsewhere, each step in the log', async () => {
  const { folder, disk, env } = await site();
  const early = await sotto(['vault', 'backup', '--into', disk], { env });
  expect(early).toMatchObject({ code: 1, err: expect.stringContaining('sotto vault recovery-key') });
  const key = join(folder, 'recovery.json');
  expect((await sotto(['vault', 'recovery-key', '--out', key], { env })).code).toBe(0);
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(await sotto(['vault', 'recovery-key', '--out', key], { env })).toMatchObject({ code: 1 });
  const backup = await sotto(['vault', 'backup', '--into', disk, '--json'], { env });
  const [made] = jsonLines<{ folder: string; sha256: string }>(backup.out);
  expect(readdirSync(disk)).toContain('keyring.jwe');
  const verify = ['vault', 'verify-backup', `${made?.folder}`, '--recovery-key', key];
  expect(await sotto(verify)).toMatchObject({ code: 0, out: expect.stringContaining('Whole') });

  const elsewhere = join(folder, 'elsewhere');
  const passphrase = join(folder, 'passphrase');
  writeFileSync(passphrase, 'violet harbour kestrel\n', { mode: 0o600 });
  const restore = ['vault', 'restore', `${made?.folder}`, '--recovery-key', key, '--to', 'passphrase'];
  const restored = await sotto([...restore, '--data', elsewhere], {
    env: { SOTTO_NEW_PASSPHRASE_FILE: passphrase },
  });
  expect(restored).toMatchObject({ code: 0, err: '' });
  const opened = { SOTTO_HOME: elsewhere, SOTTO_PASSPHRASE_FILE: passphrase };
  const recent = await sotto(['audit', 'recent', '--json'], { env: opened });
  expect(recent.out).toContain('vault.restore');
  expect((await sotto(['audit', 'verify'], { env: opened })).code).toBe(0);
}, 40_000);

it('the keys of a vault are changed: the earlier credential opens nothing, the database is encrypted anew', async () => {
  const { folder, data, env, credential } = await site();
  const before = readFileSync(join(data, 'sotto.db'));
  expect((await sotto(['vault', 'rotate'], { env })).code).toBe(0);
  expect(readFileSync(join(data, 'sotto.db')).equals(before)).toBe(false);
  const next = join(folder, 'next');
  writeFileSync(next, randomBytes(32), { mode: 0o400 });
  const change = ['vault', 'change-key', '--to', 'credential', '--new-credential', next];
  expect(await sotto(change, { env })).toMatchObject({
    code: 0,
    out: expect.stringContaining('credential now'),
  });
  const old = await sotto(['audit', 'recent'], { env });
  expect(old).toMatchObject({ code: 1, err: expect.stringContaining('does not open') });
  const vault = await openVault(pathsIn(data), { kind: 'credential', file: next }, ports);
  const actions = openAuditLog(vault, ports)
    .recent(10)
    .map(({ json }) => JSON.parse(json).activity_name);
  expect(actions).toEqual(expect.arrayContaining(['key.rotate', 'key.source']));
  vault.close();
  expect(credential).not.toBe(next);
}, 40_000);
