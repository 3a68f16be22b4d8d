import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { codeOf, systemClock } from '../../main/base/index.ts';
import {
  createVault,
  openVault,
  readSetting,
  vaultKeySource,
  vaultState,
  writeSetting,
} from '../../main/vault/index.ts';
import { credential, dataFolder, filesIn, filesWith, ports, refusal, throwaway } from './support.ts';

const PASSPHRASE = { kind: 'passphrase', passphrase: 'violet harbour kestrel' } as const;
const child = join(import.meta.dirname, 'holder-child.ts');

async function closedVault() {
  const paths = dataFolder();
  const source = credential();
  const vault = await createVault(paths, source, ports);
  vault.secret('mark', () => Buffer.from('first'));
  vault.close();
  return { paths, source };
}

describe('a vault', () => {
  test('keeps its secrets from one opening to the next', async () => {
    const paths = dataFolder();
    expect(vaultState(paths)).toBe('absent');
    expect(vaultKeySource(paths)).toBeNull();
    const made = await createVault(paths, PASSPHRASE, ports);
    const secret = made.secret('pepper', () => Buffer.from('0123456789abcdef'));
    made.close();
    expect(vaultState(paths)).toBe('locked');
    expect(vaultKeySource(paths)).toBe('passphrase');
    const opened = await openVault(paths, PASSPHRASE, ports);
    expect(opened.secret('pepper', () => Buffer.from('another'))).toEqual(secret);
    expect(opened.keySource).toBe('passphrase');
    opened.close();
  });

  test('takes a passphrase however the keyboard composed its letters', async () => {
    const paths = dataFolder();
    const composed = 'caf\u00e9 au lait, s\u2019il vous pla\u00eet';
    (await createVault(paths, { kind: 'passphrase', passphrase: composed }, ports)).close();
    const decomposed = { kind: 'passphrase', passphrase: composed.normalize('NFD') } as const;
    (await openVault(paths, decomposed, ports)).close();
  });

  test('leaves no readable word in any file, open or closed', async () => {
    const paths = dataFolder();
    const vault = await createVault(paths, credential(), ports);
    const word = 'Marzipankartoffel';
    writeSetting(vault, 'site', { name: word }, systemClock);
    vault.secret(`${word}-name`, () => Buffer.from(word));
    expect([...filesIn(paths.data).keys()].some((file) => file.endsWith('-wal'))).toBe(true);
    for (const readable of [word, 'CREATE TABLE', 'settings', 'SQLite format']) {
      expect(filesWith(readable, paths.data)).toEqual([]);
    }
    vault.close();
    expect(filesWith(word, paths.data)).toEqual([]);
    expect(filesWith('SQLite format', paths.data)).toEqual([]);
    expect(filesWith('sotto-vault', paths.data)).toEqual([paths.vaultHeader]); // the search does find
  });

  test('is entered by its owner alone', async () => {
    const { paths } = await closedVault();
    expect(statSync(paths.data).mode & 0o777).toBe(0o700);
    expect(statSync(paths.database).mode & 0o777).toBe(0o600);
    expect(statSync(paths.vaultHeader).mode & 0o777).toBe(0o600);
  });

  test('undoes a transaction that throws, and a nested one alone when the outer goes on', async () => {
    const vault = await throwaway();
    const set = (name: string) => writeSetting(vault, name, true, systemClock);
    const isSet = (name: string) => readSetting(vault, name, z.boolean()) !== null;
    const fail = () => {
      throw new Error('no');
    };
    vault.transaction(() => {
      set('outer');
      expect(() =>
        vault.transaction(() => {
          set('inner');
          fail();
        }),
      ).toThrow('no');
    });
    expect([isSet('outer'), isSet('inner')]).toEqual([true, false]);
    expect(() =>
      vault.transaction(() => {
        set('gone');
        vault.transaction(() => set('goneToo'));
        fail();
      }),
    ).toThrow('no');
    expect([isSet('gone'), isSet('goneToo')]).toEqual([false, false]);
  });

  test('made for once leaves nothing behind', async () => {
    const paths = dataFolder();
    const vault = await createVault(paths, { kind: 'ephemeral' }, ports);
    expect(existsSync(paths.database)).toBe(true);
    vault.close();
    expect(vaultState(paths)).toBe('absent');
    expect([...filesIn(paths.data).keys()]).toEqual([]);
  });

  test('comes whole out of a creation that died before its last rename', async () => {
    const { paths, source } = await closedVault();
    renameSync(paths.database, `${paths.database}.new`);
    const vault = await openVault(paths, source, ports);
    expect(vault.secret('mark', () => Buffer.from('new')).toString()).toBe('first');
    vault.close();
  });

  test('is made afresh over the leftovers of a creation that died before its header', async () => {
    const paths = dataFolder();
    mkdirSync(paths.data, { recursive: true });
    writeFileSync(`${paths.database}.new`, 'half a database');
    expect(vaultState(paths)).toBe('absent');
    (await createVault(paths, credential(), ports)).close();
  });
});

describe('opening refuses, each with its own code and without touching a file:', () => {
  type Folder = Awaited<ReturnType<typeof closedVault>>;
  const cases: readonly [string, string, (folder: Folder) => void][] = [
    ['a missing header', 'vault/header-missing', ({ paths }) => rmSync(paths.vaultHeader)],
    ['a missing database', 'vault/database-missing', ({ paths }) => rmSync(paths.database)],
    ['an empty database', 'vault/database-missing', ({ paths }) => truncateSync(paths.database, 0)],
    ['an empty header', 'vault/bad-header', ({ paths }) => truncateSync(paths.vaultHeader, 0)],
    ['a header of something else', 'vault/bad-header', ({ paths }) => writeFileSync(paths.vaultHeader, '{}')],
    [
      'a header from a later version',
      'vault/newer',
      ({ paths }) => writeFileSync(paths.vaultHeader, '{"format":"sotto-vault","version":2,"more":1}'),
    ],
    ['random bytes for a database', 'vault/foreign', ({ paths }) => writeFileSync(paths.database, noise())],
    ['a plaintext database', 'vault/plaintext', ({ paths }) => plaintext(paths.database)],
    ['another credential', 'vault/wrong-key', ({ source }) => rewrite(source.file, noise(), 0o400)],
    ['a credential that is gone', 'vault/key-missing', ({ source }) => rmSync(source.file)],
    [
      'a credential others can read',
      'vault/credential-unsafe',
      ({ source }) => chmodSync(source.file, 0o444),
    ],
    [
      'a credential that is too short',
      'vault/credential-unsafe',
      ({ source }) => truncateSync(source.file, 8),
    ],
    ['a credential behind a link', 'vault/credential-unsafe', ({ source }) => link(source.file)],
  ];
  test.each(cases)('%s (%s)', async (_, code, change) => {
    const folder = await closedVault();
    change(folder);
    const before = filesIn(folder.paths.data);
    expect(await refusal(() => openVault(folder.paths, folder.source, ports))).toBe(code);
    expect(filesIn(folder.paths.data)).toEqual(before);
  });

  test('the database of another vault (vault/foreign)', async () => {
    const mine = await closedVault();
    const other = await closedVault();
    copyFileSync(other.paths.database, mine.paths.database);
    const before = filesIn(mine.paths.data);
    expect(await refusal(() => openVault(mine.paths, mine.source, ports))).toBe('vault/foreign');
    expect(filesIn(mine.paths.data)).toEqual(before);
  });

  test('a wrong passphrase (vault/wrong-key), and another kind of key (vault/other-key-source)', async () => {
    const paths = dataFolder();
    (await createVault(paths, PASSPHRASE, ports)).close();
    const before = filesIn(paths.data);
    const wrong = { kind: 'passphrase', passphrase: 'violet harbour kestrels' } as const;
    expect(await refusal(() => openVault(paths, wrong, ports))).toBe('vault/wrong-key');
    expect(await refusal(() => openVault(paths, credential(), ports))).toBe('vault/other-key-source');
    expect(await refusal(() => openVault(paths, { kind: 'ephemeral' }, ports))).toBe(
      'vault/other-key-source',
    );
    expect(filesIn(paths.data)).toEqual(before);
  });

  test('a folder without a vault (vault/absent), and makes none', async () => {
    const paths = dataFolder();
    expect(await refusal(() => openVault(paths, PASSPHRASE, ports))).toBe('vault/absent');
    expect(existsSync(paths.data)).toBe(false);
  });

  test('a schema from a later version (vault/newer)', async () => {
    const { paths, source } = await closedVault();
    const vault = await openVault(paths, source, ports);
    vault.db.pragma('user_version = 9999');
    vault.close();
    expect(await refusal(() => openVault(paths, source, ports))).toBe('vault/newer');
  });

  test('a database of another application (vault/foreign)', async () => {
    const { paths, source } = await closedVault();
    const vault = await openVault(paths, source, ports);
    vault.db.pragma('application_id = 7');
    vault.close();
    expect(await refusal(() => openVault(paths, source, ports))).toBe('vault/foreign');
  });

  test('a vault that is open, here or in another process (vault/in-use), until that one is gone', async () => {
    const { paths, source } = await closedVault();
    const here = await openVault(paths, source, ports);
    expect(await refusal(() => openVault(paths, source, ports))).toBe('vault/in-use');
    here.close();
    const holder = spawn(process.execPath, [child, paths.data, source.file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(await refusal(() => openVault(paths, source, ports))).toBe('vault/in-use');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    (await openVault(paths, source, ports)).close();
  });

  test('a header with one bit flipped, wherever', async () => {
    const { paths } = await closedVault();
    const whole = readFileSync(paths.vaultHeader);
    const missed = [];
    for (let bit = 0; bit < whole.length * 8; bit += 5) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      writeFileSync(paths.vaultHeader, bytes);
      const code = await refusal(() => vaultKeySource(paths));
      if (code !== 'vault/bad-header' && code !== 'vault/newer') missed.push([bit, code]);
    }
    expect(missed).toEqual([]);
  });
});

describe('creating refuses', () => {
  test('a folder that holds a vault, or half of one', async () => {
    const { paths, source } = await closedVault();
    const before = filesIn(paths.data);
    expect(await refusal(() => createVault(paths, source, ports))).toBe('vault/exists');
    expect(await refusal(() => createVault(paths, { kind: 'ephemeral' }, ports))).toBe('vault/exists');
    expect(filesIn(paths.data)).toEqual(before);
    rmSync(paths.vaultHeader);
    expect(await refusal(() => createVault(paths, source, ports))).toBe('vault/exists');
  });

  test('a short passphrase', async () => {
    const paths = dataFolder();
    const short = { kind: 'passphrase', passphrase: 'eleven char' } as const;
    expect(await refusal(() => createVault(paths, short, ports))).toBe('vault/weak-passphrase');
    expect(vaultState(paths)).toBe('absent');
  });
});

test('a flipped bit in the database is told and never served', async () => {
  const { paths, source } = await closedVault();
  const filled = await openVault(paths, source, ports);
  const original = 'x'.repeat(3000);
  for (let i = 0; i < 20; i += 1) writeSetting(filled, `setting-${i}`, `${original}${i}`, systemClock);
  filled.close();
  const whole = readFileSync(paths.database);
  let told = 0;
  for (let page = 0; page < whole.length / 4096; page += 1) {
    const bytes = Buffer.from(whole);
    const at = page * 4096 + ((page * 1237 + 100) % 4096);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
    writeFileSync(paths.database, bytes);
    try {
      const vault = await openVault(paths, source, ports);
      try {
        for (let i = 0; i < 20; i += 1) {
          const served = vault.transaction(() => readSetting(vault, `setting-${i}`, z.string()));
          expect(served).toBe(`${original}${i}`);
        }
      } finally {
        vault.close();
      }
    } catch (error) {
      expect(['vault/damaged', 'vault/foreign']).toContain(codeOf(error));
      told += 1;
    }
  }
  expect(told).toBeGreaterThan(20);
});

function noise(): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8192)));
}

function plaintext(file: string): void {
  rmSync(file);
  const db = new Database(file);
  db.exec('CREATE TABLE t (a)');
  db.close();
}

function rewrite(file: string, bytes: Buffer, mode: number): void {
  rmSync(file);
  writeFileSync(file, bytes, { mode });
}

function link(file: string): void {
  renameSync(file, `${file}.real`);
  symlinkSync(`${file}.real`, file);
}
