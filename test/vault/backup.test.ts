import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, systemClock } from '../../main/base/index.ts';
import {
  backUp,
  createVault,
  type KeyScope,
  lastBackupAt,
  makeRecoveryKey,
  openVault,
  renewKeyring,
  restoreBackup,
  type Vault,
  vaultState,
  verifyBackup,
} from '../../main/vault/index.ts';
import { credential, dataFolder, filesWith, ports, refusal, testClock } from './support.ts';

const child = join(import.meta.dirname, 'backup-child.ts');
const clock = systemClock;

/** A folder that stands for a USB disk. */
function disk(): string {
  const folder = dataFolder().data;
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A vault with a word under the key of a conversation of a subject, and a recovery key. */
async function filled() {
  const paths = dataFolder();
  const source = credential();
  const vault = await createVault(paths, source, ports);
  const subject = randomUUID();
  const scope: KeyScope = { kind: 'conversation', id: randomUUID() };
  vault.keys.create({ kind: 'subject', id: subject });
  vault.keys.create(scope, subject);
  const sealed = vault.keys.seal(scope, Buffer.from('Marzipankartoffel'), 'turn/1');
  vault.secret('sealed', () => sealed);
  return { paths, source, vault, subject, scope, ...(await makeRecoveryKey()), into: disk() };
}

function read(vault: Vault, scope: KeyScope): string {
  const sealed = vault.secret('sealed', () => Buffer.alloc(0));
  return vault.keys.open(scope, sealed, 'turn/1').toString();
}

describe('a backup', () => {
  test('is restored on another machine, under another key, by the recovery key alone', async () => {
    const { vault, scope, into, publicKey: recoveryKey, privateKey } = await filled();
    const made = await backUp(vault, { into, recoveryKey, clock });
    vault.secret('later', () => Buffer.from('not in the backup'));
    vault.close();
    const elsewhere = dataFolder();
    const source = { kind: 'passphrase', passphrase: 'violet harbour kestrel' } as const;
    const restored = await restoreBackup(elsewhere, {
      from: made.folder,
      recoveryKey: privateKey,
      source,
      clock,
    });
    expect(restored.erasedSince).toBe(0);
    const opened = await openVault(elsewhere, source, ports);
    expect(read(opened, scope)).toBe('Marzipankartoffel');
    expect(opened.secret('later', () => Buffer.from('no')).toString()).toBe('no');
    opened.close();
  });

  test('does not give back what was erased after it was made, once its keyring was renewed', async () => {
    const { vault, scope, subject, into, publicKey: recoveryKey, privateKey } = await filled();
    const made = await backUp(vault, { into, recoveryKey, clock });
    vault.keys.destroy({ kind: 'subject', id: subject });
    await renewKeyring(vault, { into, recoveryKey, clock });
    vault.close();
    const [elsewhere, source] = [dataFolder(), credential()];
    const restored = await restoreBackup(elsewhere, {
      from: made.folder,
      recoveryKey: privateKey,
      source,
      clock,
    });
    expect(restored.erasedSince).toBe(2); // the subject and its conversation
    const opened = await openVault(elsewhere, source, ports);
    expect(await refusal(() => read(opened, scope))).toBe('vault/key-destroyed');
    opened.close();
  });

  test('shows nobody a word, and holds no data key', async () => {
    const { vault, into, publicKey: recoveryKey, paths } = await filled();
    await backUp(vault, { into, recoveryKey, clock });
    for (const word of ['Marzipankartoffel', 'CREATE TABLE', 'SQLite format'])
      expect(filesWith(word, into)).toEqual([]);
    expect(filesWith('sotto-backup', into)).toHaveLength(1); // the search does find
    expect(readdirSync(paths.data).sort()).toEqual(['sotto.db', 'sotto.db-wal', 'vault.json']);
    vault.close();
  });

  test('is checked whole by verifying it', async () => {
    const { vault, into, publicKey: recoveryKey, privateKey } = await filled();
    expect(lastBackupAt(vault)).toBeNull();
    const made = await backUp(vault, { into, recoveryKey, clock });
    await renewKeyring(vault, { into, recoveryKey, clock }); // which is none
    expect(lastBackupAt(vault)).toBe(made.createdAt);
    vault.close();
    const manifest = await verifyBackup({ from: made.folder, recoveryKey: privateKey }, disk());
    expect(manifest.database).toMatchObject({ sha256: made.sha256, size: made.bytes });
  });
});

describe('restoring refuses, leaving no half vault:', () => {
  const restored = async (change: (made: { folder: string; into: string }) => Promise<void> | void) => {
    const site = await filled();
    const { vault, into, publicKey: recoveryKey, privateKey } = site;
    const made = await backUp(vault, { into, recoveryKey, clock });
    const older = readFileSync(join(into, 'keyring.jwe'));
    const newer = await backUp(vault, { into, recoveryKey, clock: testClock(clock.now() + 5000) });
    writeFileSync(join(into, 'older.jwe'), older);
    vault.close();
    await change({ folder: newer.folder, into });
    const elsewhere = dataFolder();
    const request = { from: newer.folder, recoveryKey: privateKey, source: credential(), clock };
    const code = await restoreBackup(elsewhere, request).then(() => 'restored', codeOf);
    if (code !== 'restored') expect(vaultState(elsewhere)).toBe('absent');
    expect(made.folder).not.toBe(newer.folder);
    return code;
  };
  const flip = (file: string) => {
    const bytes = readFileSync(file);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  };

  test('nothing, when nothing was changed', async () => {
    expect(await restored(() => {})).toBe('restored');
  });
  test('a changed bit in its database', async () => {
    expect(await restored(({ folder }) => flip(join(folder, 'sotto.db')))).toBe('backup/damaged');
  });
  test('a changed bit in its manifest', async () => {
    expect(await restored(({ folder }) => flip(join(folder, 'backup.json')))).toMatch(/^backup\//);
  });
  test('a changed bit in the keyring', async () => {
    expect(await restored(({ into }) => flip(join(into, 'keyring.jwe')))).toBe('backup/wrong-key');
  });
  test('an older keyring', async () => {
    const older = ({ into }: { into: string }) =>
      copyFileSync(join(into, 'older.jwe'), join(into, 'keyring.jwe'));
    expect(await restored(older)).toBe('backup/older-keyring');
  });
  test('another recovery key', async () => {
    const { vault, into, publicKey: recoveryKey } = await filled();
    const made = await backUp(vault, { into, recoveryKey, clock });
    vault.close();
    const { privateKey } = await makeRecoveryKey();
    const request = { from: made.folder, recoveryKey: privateKey, source: credential(), clock };
    expect(await refusal(() => restoreBackup(dataFolder(), request))).toBe('backup/wrong-key');
  });
  test('a data folder that has a vault', async () => {
    const { vault, paths, into, publicKey: recoveryKey, privateKey } = await filled();
    const made = await backUp(vault, { into, recoveryKey, clock });
    const request = { from: made.folder, recoveryKey: privateKey, source: credential(), clock };
    expect(await refusal(() => restoreBackup(paths, request))).toBe('vault/exists');
    vault.close();
  });
});

test('killed at any moment of a backup, each one that was acknowledged restores, and no half one has a name', async () => {
  const { vault, paths, source, into, publicKey, privateKey } = await filled();
  vault.secret('weight', () => Buffer.alloc(1_000_000, 1));
  vault.close();
  const keyFile = join(dirname(into), 'recovery.json');
  writeFileSync(keyFile, JSON.stringify(publicKey));
  for (let round = 0; round < 8; round += 1) {
    const running = spawn(process.execPath, [child, paths.data, source.file, into, keyFile], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(running.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    running.kill('SIGKILL');
    await once(running, 'close');
  }
  const named = readdirSync(into).filter((name) => name.startsWith('sotto-') && !name.endsWith('.partial'));
  expect(named.length).toBeGreaterThanOrEqual(8);
  const scratch = disk();
  for (const name of named) {
    expect(existsSync(join(into, name, 'backup.json'))).toBe(true);
    await verifyBackup({ from: join(into, name), recoveryKey: privateKey }, scratch);
  }
}, 30_000);
