import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { credential } from '../vault/support.ts';
import { sotto } from './sotto.ts';

test('sotto model chooses a server of the list, keeps its key to itself, and takes it back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-cli-model-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const key = credential();
  (await createVault(pathsIn(folder), key, { clock: systemClock, log: silentLog })).close();
  const opening = ['--data', folder, '--credential', key.file];
  const keyFile = join(folder, 'key.txt');
  const ca = join(folder, 'ca.pem');
  writeFileSync(keyFile, 'sk-lan-0123456789\n');
  writeFileSync(ca, '-----BEGIN CERTIFICATE-----\n');
  const lan = [
    'model',
    'lan',
    'https://llm.branch.example:8443/v1',
    '--model',
    'm',
    '--ca',
    ca,
    '--key-file',
    keyFile,
  ];

  expect((await sotto(['model', 'status', ...opening])).out).toContain('Language model: none.');
  const refused = await sotto([...lan, ...opening]);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('does not allow') });
  expect((await sotto(['model', 'allow', 'llm.branch.example', ...opening])).code).toBe(1);
  expect((await sotto(['model', 'allow', 'llm.branch.example:8443', ...opening])).code).toBe(0);
  const chosen = await sotto([...lan, '--json', ...opening]);
  expect(JSON.parse(chosen.out)).toMatchObject({
    chosen: { kind: 'lan', url: 'https://llm.branch.example:8443/v1', key: true },
    servers: ['llm.branch.example:8443'],
  });
  expect(chosen.out + chosen.err).not.toContain('sk-lan');
  expect(readFileSync(pathsIn(folder).database).includes('sk-lan')).toBe(false);
  expect((await sotto(['model', 'pack', 'gone', ...opening])).code).toBe(1);
  const off = await sotto(['model', 'off', '--json', ...opening]);
  expect(JSON.parse(off.out)).toMatchObject({ chosen: { kind: 'none' } });
});
