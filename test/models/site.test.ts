import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { LIMITS, openModels } from '../../main/models/index.ts';
import { createVault, openVault } from '../../main/vault/index.ts';
import { actions, FILES, pack, refusal, scratch, signer, site } from './support.ts';

const ACTOR = { actor: 'system' };

test('a pack by a key that the site does not trust is refused, and the refusal is in the log', async () => {
  const { models, audit, folder } = await site();
  const stranger = signer();
  expect(await refusal(async () => models.install(await pack(stranger), ACTOR))).toBe('models/untrusted-key');
  expect(await refusal(async () => models.install(await pack(undefined), ACTOR))).toBe('models/unsigned');
  expect(actions(audit).slice(0, 2)).toEqual(['model.install refused', 'model.install refused']);
  expect(existsSync(folder)).toBe(false);
});

test('a key counts from its first day to its last, and what it signed before stays in use', async () => {
  let now = 1_000_000;
  const { models } = await site({ clock: { now: () => now, monotonicMs: () => now } });
  const by = signer();
  models.trust(by.publicKey, { name: 'IT', validFrom: 2_000_000, validUntil: 3_000_000 }, 'system');
  const path = await pack(by);
  expect(await refusal(() => models.install(path, ACTOR))).toBe('models/key-not-valid');
  now = 2_500_000;
  await models.install(path, ACTOR);
  now = 3_000_000;
  expect(await refusal(() => models.verify(path))).toBe('models/key-not-valid');
  await models.open('tiny-voice');
});

test('what a distrusted key signed does not load any more', async () => {
  const { models, audit } = await site();
  const by = signer();
  models.trust(by.publicKey, { name: 'IT' }, 'system');
  expect(() => models.trust(by.publicKey, { name: 'IT' }, 'system')).toThrow(/already/);
  await models.install(await pack(by), ACTOR);
  expect(await refusal(() => models.distrust(by.publicKey.fingerprint.slice(0, 4), 'system'))).toBe(
    'models/no-such-key',
  );
  models.distrust(by.publicKey.fingerprint.slice(0, 12), 'system');
  expect(await refusal(() => models.open('tiny-voice'))).toBe('models/untrusted-key');
  // What is not loaded any more is told, too.
  expect(actions(audit).slice(0, 2)).toEqual(['model.refuse refused', 'model.distrust ok']);
});

test('an older pack, or another of the same version, is installed only when asked; a newer one takes its place', async () => {
  const { models, folder } = await site();
  const by = signer();
  models.trust(by.publicKey, { name: 'IT' }, 'system');
  const first = await pack(by);
  await models.install(first, ACTOR);
  await models.install(first, ACTOR);
  const older = await pack(by, { version: '1.1.9' });
  const other = await pack(by, {}, { files: { ...FILES, LICENSE: 'do not' } });
  expect(await refusal(() => models.install(older, ACTOR))).toBe('models/downgrade');
  expect(await refusal(() => models.install(other, ACTOR))).toBe('models/downgrade');
  await models.install(older, { ...ACTOR, downgrade: true });
  await models.install(await pack(by, { version: '1.10.0' }), ACTOR);
  const engine = { family: 'gtcrn', files: { model: 'model.onnx' } };
  const denoiser = await pack(by, { version: '2.0.0', kind: 'denoiser', engine });
  expect(await refusal(() => models.install(denoiser, ACTOR))).toBe('models/other-kind');
  expect(models.installed().map(({ version }) => version)).toEqual(['1.10.0']);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a file that changes after the installation is found before it is loaded', async () => {
  const { models } = await site();
  const by = signer();
  models.trust(by.publicKey, { name: 'IT' }, 'system');
  await models.install(await pack(by), ACTOR);
  const { path, folder } = await models.open('tiny-voice');
  chmodSync(path('tokens.txt'), 0o600);
  writeFileSync(path('tokens.txt'), '_ 1\n');
  expect(await refusal(() => models.open('tiny-voice'))).toBe('models/damaged');
  chmodSync(join(folder, 'manifest.json'), 0o600);
  writeFileSync(join(folder, 'manifest.json'), '{}');
  expect(await refusal(() => models.open('tiny-voice'))).not.toBe('nothing was refused');
  await models.install(await pack(by), ACTOR);
  await models.open('tiny-voice');
});

test('what an interrupted installation left is cleared at the next start, and nothing else', async () => {
  const { models, folder, reopen } = await site();
  const by = signer();
  models.trust(by.publicKey, { name: 'IT' }, 'system');
  const { folder: kept } = await models.install(await pack(by), ACTOR);
  for (const name of ['.incoming-0', 'x-1.0.0-019aa000-0000-7000-8000-000000000000', 'notes of the operator'])
    mkdirSync(join(folder, name));
  await reopen();
  expect(readdirSync(folder).sort()).toEqual(['notes of the operator', kept].sort());
});

test('a pack is used once it is chosen, and no more when it is removed or unchosen, each in the log', async () => {
  const { models, audit } = await site();
  const by = signer();
  models.trust(by.publicKey, { name: 'IT' }, 'system');
  expect(() => models.choose('tiny-voice', 'system')).toThrow(/installed/);
  await models.install(await pack(by), ACTOR);
  expect(models.chosen()).toEqual({});
  models.choose('tiny-voice', 'system');
  expect(models.chosen()).toEqual({ synthesiser: 'tiny-voice' });
  models.unchoose('synthesiser', 'system');
  expect(models.chosen()).toEqual({});
  models.choose('tiny-voice', 'system');
  await models.install(await pack(by, { version: '2.0.0' }), ACTOR);
  expect(models.chosen()).toEqual({ synthesiser: 'tiny-voice' });
  await models.remove('tiny-voice', 'system');
  expect(models.chosen()).toEqual({});
  expect(actions(audit).filter((action) => action === 'model.choose ok')).toHaveLength(3);
});

test('limits of the site hold for what a pack declares', async () => {
  const { models } = await site({ limits: { ...LIMITS, totalBytes: 10 } });
  const by = signer();
  models.trust(by.publicKey, { name: 'IT' }, 'system');
  expect(await refusal(async () => models.install(await pack(by), ACTOR))).toBe('models/too-large');
});

test('kill -9 in the middle of an installation leaves it undone or done, never half', async () => {
  const data = scratch();
  const paths = pathsIn(data);
  const passphrase = 'a passphrase of the test';
  const by = signer();
  const ports = { clock: systemClock, log: silentLog };
  const open = async (make: typeof openVault) => {
    const vault = await make(paths, { kind: 'passphrase', passphrase }, ports);
    const audit = openAuditLog(vault, { clock: systemClock });
    return { vault, audit, models: await openModels({ vault, audit, clock: systemClock, paths }) };
  };
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`data/${i}`, `${i}`]));
  const path = await pack(by, {}, { files: { ...FILES, ...files } });
  const first = await open(createVault);
  first.models.trust(by.publicKey, { name: 'IT' }, 'system');
  first.audit.close();
  first.vault.close();
  const child = fileURLToPath(new URL('./install-child.ts', import.meta.url));
  let done = 0;
  for (const waitMs of [0, 15, 40, 5000]) {
    await killedAfter(spawn(process.execPath, [child, data, passphrase, path]), waitMs);
    const { models, audit, vault } = await open(openVault);
    const installed = models.installed();
    expect(existsSync(paths.models) ? readdirSync(paths.models) : []).toEqual(
      installed.map(({ folder }) => folder),
    );
    expect(actions(audit).filter((action) => action === 'model.install ok')).toHaveLength(installed.length);
    if (installed.length === 1) {
      done += 1;
      await models.open('tiny-voice');
    }
    expect(audit.verify().ok).toBe(true);
    audit.close();
    vault.close();
    if (done > 0) break;
  }
  expect(done).toBe(1);
});

async function killedAfter(child: ReturnType<typeof spawn>, waitMs: number): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([new Promise((resolve) => child.stdout?.once('data', resolve)), ended]);
  await Promise.race([new Promise((resolve) => setTimeout(resolve, waitMs)), ended]);
  child.kill('SIGKILL');
  await ended;
}
