import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { DESCRIPTION, FILES, folderOf } from '../models/support.ts';
import { jsonLines, scratch, sotto } from './sotto.ts';

/** A data folder whose vault a credential file opens. */
async function site() {
  const data = scratch();
  const file = join(scratch(), 'credential');
  writeFileSync(file, Buffer.alloc(32, 7), { mode: 0o600 });
  const ports = { clock: systemClock, log: silentLog };
  const vault = await createVault(pathsIn(data), { kind: 'credential', file }, ports);
  openAuditLog(vault, ports).close();
  vault.close();
  return { SOTTO_HOME: data, SOTTO_CREDENTIAL_FILE: file };
}

test('from files on a connected machine to an installed pack, as docs/model-packs.md tells it', async () => {
  const work = scratch();
  const about = join(work, 'about.yaml');
  writeFileSync(about, `upstream: {}\npack: ${JSON.stringify(DESCRIPTION)}\n`);
  const [key, pub, out] = [join(work, 'it.key.pem'), join(work, 'it.pub.pem'), join(work, 'tiny.sottopack')];
  const secret = join(work, 'secret');
  writeFileSync(secret, 'long enough for a test\n', { mode: 0o600 });
  const signing = { SOTTO_SIGNING_PASSPHRASE_FILE: secret };

  const made = await sotto(['pack', 'keygen', '--out', join(work, 'it'), '--protect', '--json'], {
    env: signing,
  });
  expect(made.code).toBe(0);
  const [{ fingerprint }] = jsonLines<{ fingerprint: string }>(made.out) as [{ fingerprint: string }];
  expect(readFileSync(key, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect((await sotto(['pack', 'keygen', '--out', join(work, 'it')])).err).toContain('never overwritten');

  expect((await sotto(['pack', 'build', folderOf(FILES), '--about', about, '--out', out])).err).toContain(
    'pack sign',
  );
  const unsigned = await sotto(['pack', 'verify', out, '--key', pub, '--json']);
  expect([unsigned.code, jsonLines(unsigned.out)]).toMatchObject([
    1,
    [{ error: { code: 'models/unsigned' } }],
  ]);
  expect((await sotto(['pack', 'sign', out, '--key', key], { env: signing })).code).toBe(0);
  expect((await sotto(['pack', 'verify', out, '--key', pub])).out).toContain(fingerprint);

  const env = await site();
  const untrusted = await sotto(['pack', 'install', out], { env });
  expect(untrusted.code).toBe(1);
  expect(untrusted.err).toContain('sotto pack trust add');
  await sotto(['pack', 'trust', 'add', pub, '--name', 'IT', '--until', '2099-01-01'], { env });
  expect(jsonLines((await sotto(['pack', 'trust', 'list', '--json'], { env })).out)).toMatchObject([
    { name: 'IT', fingerprint },
  ]);
  expect((await sotto(['pack', 'install', out], { env })).out).toContain('tiny-voice 1.2.0');
  expect(jsonLines((await sotto(['pack', 'list', '--json'], { env })).out)).toMatchObject([
    { id: 'tiny-voice', signer: fingerprint },
  ]);
  expect((await sotto(['pack', 'use', 'tiny-voice'], { env })).out).toBe('synthesiser: tiny-voice\n');
  expect((await sotto(['pack', 'list'], { env })).out).toContain('in use');
  expect((await sotto(['pack', 'remove', 'tiny-voice'], { env })).code).toBe(0);
  expect((await sotto(['pack', 'remove', 'tiny-voice'], { env })).err).toContain('sotto pack list');
  expect((await sotto(['pack', 'trust', 'remove', fingerprint.slice(0, 10)], { env })).code).toBe(0);
  const log = (await sotto(['audit', 'recent'], { env })).out;
  for (const action of ['model.trust', 'model.install', 'model.remove', 'model.distrust'])
    expect(log).toContain(action);
}, 60_000);

test('every command explains itself', async () => {
  const all = [
    'keygen',
    'build',
    'sign',
    'verify',
    'install',
    'list',
    'use',
    'remove',
    'trust add',
    'trust list',
    'trust remove',
  ];
  for (const command of all) {
    const help = await sotto(['pack', ...command.split(' '), '--help']);
    expect(help.code).toBe(0);
    expect(help.out, command).toContain('Exit codes:');
    expect(help.out, command).toContain('--json');
  }
}, 60_000);
