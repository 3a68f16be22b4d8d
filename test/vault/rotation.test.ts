import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changeKeySource, createVault, openVault, rotateDatabaseKey } from '../../main/vault/index.ts';
import { credential, dataFolder, ports, refusal } from './support.ts';

const child = join(import.meta.dirname, 'rotation-child.ts');
const passphrase = (words: string) => ({ kind: 'passphrase', passphrase: words }) as const;

describe('the database key', () => {
  test('is changed while in use: what was written before and after is there, under the same passphrase', async () => {
    const paths = dataFolder();
    const source = credential();
    const vault = await createVault(paths, source, ports);
    const count = vault.db.prepare('SELECT count(*) FROM secrets').pluck();
    vault.secret('before', () => Buffer.from('before'));
    const bytes = readFileSync(paths.database).subarray(4096);
    await rotateDatabaseKey(vault, paths, source);
    expect(readFileSync(paths.database).subarray(4096).equals(bytes)).toBe(false);
    vault.secret('after', () => Buffer.from('after'));
    expect(count.get()).toBe(2);
    vault.close();
    const opened = await openVault(paths, source, ports);
    expect(opened.secret('before', () => Buffer.from('lost')).toString()).toBe('before');
    expect(opened.secret('after', () => Buffer.from('lost')).toString()).toBe('after');
    opened.close();
  });

  test('is not changed by someone who does not hold the present one', async () => {
    const paths = dataFolder();
    const vault = await createVault(paths, credential(), ports);
    expect(await refusal(() => rotateDatabaseKey(vault, paths, credential()))).toBe('vault/wrong-key');
    vault.close();
  });
});

describe('the source of the key', () => {
  test('is changed from a credential to a passphrase to another one; the earlier ones open nothing', async () => {
    const paths = dataFolder();
    const [file, first, second] = [
      credential(),
      passphrase('violet harbour kestrel'),
      passphrase('amber quarry lintel'),
    ];
    const vault = await createVault(paths, file, ports);
    vault.secret('mark', () => Buffer.from('kept'));
    await changeKeySource(vault, paths, file, first);
    expect(vault.keySource).toBe('passphrase');
    await changeKeySource(vault, paths, first, second);
    vault.close();
    expect(await refusal(() => openVault(paths, file, ports))).toBe('vault/other-key-source');
    expect(await refusal(() => openVault(paths, first, ports))).toBe('vault/wrong-key');
    const opened = await openVault(paths, second, ports);
    expect(opened.secret('mark', () => Buffer.from('lost')).toString()).toBe('kept');
    opened.close();
  });

  test('stays when the new passphrase is refused', async () => {
    const paths = dataFolder();
    const source = credential();
    const vault = await createVault(paths, source, ports);
    expect(await refusal(() => changeKeySource(vault, paths, source, passphrase('short')))).toBe(
      'vault/weak-passphrase',
    );
    vault.close();
    (await openVault(paths, source, ports)).close();
  });
});

test('killed at any moment of a change of keys, the vault opens with all that was acknowledged', async () => {
  const paths = dataFolder();
  const [first, second] = [credential(), credential()];
  const vault = await createVault(paths, first, ports);
  vault.secret('weight', () => Buffer.alloc(2_000_000, 1));
  vault.close();
  const acknowledged = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const running = spawn(process.execPath, [child, paths.data, first.file, second.file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    running.stdout.on('data', (bytes) => {
      told += String(bytes);
    });
    await once(running.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 120));
    running.kill('SIGKILL');
    await once(running, 'close');
    for (const line of told.split('\n').slice(0, -1)) acknowledged.add(`written/${line}`);
    const opened = await openVault(paths, first, ports).catch(() => openVault(paths, second, ports));
    const names = new Set(opened.db.prepare<[], string>('SELECT name FROM secrets').pluck().all());
    expect([...acknowledged].filter((name) => !names.has(name))).toEqual([]);
    expect(opened.db.pragma('integrity_check', { simple: true })).toBe('ok');
    opened.close();
  }
  expect(acknowledged.size).toBeGreaterThan(0); // how many there are depends on how busy the machine is
});
