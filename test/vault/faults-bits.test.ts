import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { codeOf, type Paths, pathsIn } from '../../main/base/index.ts';
import { openRecords } from '../../main/records/index.ts';
import {
  backUp,
  createVault,
  makeRecoveryKey,
  openVault,
  type RecoveryPrivateKey,
  restoreBackup,
  type Vault,
} from '../../main/vault/index.ts';
import { ports, testClock } from './support.ts';

const ID = '01890000-0000-7000-8000-000000000001';
const WORDS = Array.from({ length: 60 }, (_, i) => `sentence ${i} ${'that was said at the desk '.repeat(6)}`);
const clock = testClock();

let made: string;
let source: { readonly kind: 'credential'; readonly file: string };
let privateKey: RecoveryPrivateKey;

/** A data folder with words, sound, keys and a log in it, a write-ahead log that a crash left, and a backup. */
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'sotto-bits-'));
  source = { kind: 'credential', file: join(made, 'credential') };
  writeFileSync(source.file, Buffer.alloc(32, 5), { mode: 0o400 });
  const paths = pathsIn(join(made, 'data'));
  const vault = await createVault(paths, source, ports);
  const audit = openAuditLog(vault, { clock });
  const records = openRecords(vault, audit, { clock });
  const writer = records.begin({
    id: ID,
    deskId: 'd',
    packHash: 'h',
    memberId: 'ada',
    carrier: 'device',
    startedAt: 1,
  });
  const sound = writer.record('person', 8000);
  WORDS.forEach((text, i) => {
    writer.turn({ turn: i, speaker: 'person', at: i, text, flow: null, confidence: 1, interrupted: false });
    if (i % 20 === 0) sound.write(new Float32Array(8000).fill(0.25));
  });
  sound.screen(10_000, []);
  sound.close();
  writer.about({ kind: 'customer', value: '4711' });
  writer.end('finished', 100);
  const keys = await makeRecoveryKey();
  privateKey = keys.privateKey;
  mkdirSync(join(made, 'disk'));
  await backUp(vault, { into: join(made, 'disk'), recoveryKey: keys.publicKey, clock });
  audit.checkpoint();
  cpSync(paths.data, join(made, 'crashed'), { recursive: true }); // as a power cut would leave it
  audit.close();
  vault.close();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

/** All that the vault keeps, as whoever opens it is shown it. */
async function serve(paths: Paths): Promise<string> {
  const vault = await openVault(paths, source, ports);
  try {
    return shown(vault);
  } finally {
    vault.close();
  }
}

function shown(vault: Vault): string {
  const audit = openAuditLog(vault, { clock });
  const records = openRecords(vault, audit, { clock });
  const reader = { memberId: 'ada', reason: 'test' };
  const read = records.read(reader, ID);
  const sound = records.listen(reader, ID);
  const found = records.search(reader, 'sentence', { limit: 100 });
  const { ok, problems } = audit.verify();
  if (!ok) throw Object.assign(new Error('told'), { told: problems });
  return JSON.stringify([
    read,
    sound.map(({ segments }) => segments.map((one) => one.sound.toString('hex'))),
    found.length,
  ]);
}

/** Flips one bit in a copy of a folder, and tells what comes of it: a code, or that the right content was served. */
async function withBitFlipped(
  folder: string,
  file: string,
  at: number,
  act: (copy: string) => Promise<string>,
  right: string,
) {
  const copy = mkdtempSync(join(tmpdir(), 'sotto-bit-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const bytes = readFileSync(join(copy, file));
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
    writeFileSync(join(copy, file), bytes);
    return (await act(copy)) === right ? 'right' : 'WRONG CONTENT SERVED';
  } catch (error) {
    return error instanceof Error && 'told' in error ? 'log/told' : codeOf(error);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** A few places on each page: its head, its middle, its authentication at the end. */
function places(file: string, most: number): readonly number[] {
  const { length } = readFileSync(file);
  const all = Array.from({ length: Math.ceil(length / 4096) }, (_, page) => page * 4096).flatMap((page) => [
    page + 3,
    page + ((page * 7919 + 1500) % 3900),
    page + 4096 - 20,
  ]);
  const inside = all.filter((at) => at < length);
  const step = Math.max(1, Math.floor(inside.length / most));
  return inside.filter((_, i) => i % step === 0);
}

describe('one flipped bit, wherever it is, is told or does no harm; it never makes something wrong be served:', () => {
  const TOLD_OPENING =
    /^(vault\/(damaged|foreign|bad-header|newer|wrong-key|database-missing|plaintext)|log\/told|audit\/damaged)$/;

  async function flips(
    folder: string,
    file: string,
    at: readonly number[],
    act: (copy: string) => Promise<string>,
  ) {
    const right = await inCopy(folder, act);
    const outcomes = new Map<string, number>();
    for (const place of at) {
      const outcome = await withBitFlipped(folder, file, place, act, right);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    return outcomes;
  }
  const open = (copy: string) => serve(pathsIn(copy));
  const whole = () => join(made, 'data');

  test('in the database, on every page', async () => {
    const told = await flips(whole(), 'sotto.db', places(join(whole(), 'sotto.db'), 90), open);
    told.delete('right'); // free pages, and pages that nothing of this was read from
    for (const code of told.keys()) expect(code).toMatch(TOLD_OPENING);
    expect(told.get('vault/damaged')).toBeGreaterThan(5);
  });

  test('in a write-ahead log that a power cut left', async () => {
    const crashed = join(made, 'crashed');
    const told = await flips(crashed, 'sotto.db-wal', places(join(crashed, 'sotto.db-wal'), 60), open);
    told.delete('right'); // the last transaction, which a power cut may have torn
    expect([...told.keys()]).toEqual(['vault/damaged']);
  });

  test('in the header, the credential', async () => {
    const header = await flips(whole(), 'vault.json', places(join(whole(), 'vault.json'), 40), open);
    for (const code of header.keys()) expect(code).toMatch(TOLD_OPENING);
    const credential = readFileSync(source.file);
    credential.writeUInt8(credential.readUInt8(7) ^ 2, 7);
    const other = join(made, 'other-credential');
    writeFileSync(other, credential, { mode: 0o400 });
    await expect(
      openVault(pathsIn(whole()), { kind: 'credential', file: other }, ports),
    ).rejects.toMatchObject({
      code: 'vault/wrong-key',
    });
  });

  test('in a backup, its manifest or its keyring', async () => {
    const disk = join(made, 'disk');
    const name = readdirSync(disk).find((entry) => entry.startsWith('sotto-')) ?? '';
    const restore = async (copy: string) => {
      const elsewhere = pathsIn(join(copy, 'restored'));
      await restoreBackup(elsewhere, { from: join(copy, name), recoveryKey: privateKey, source, clock });
      return await serve(elsewhere);
    };
    for (const file of [`${name}/sotto.db`, `${name}/backup.json`, 'keyring.jwe']) {
      const told = await flips(disk, file, places(join(disk, file), 12), restore);
      for (const code of told.keys()) expect(code, file).toMatch(/^backup\/|^right$/);
      if (basename(file) !== 'backup.json') expect(told.get('right'), file).toBeUndefined();
    }
  });
});

async function inCopy(folder: string, act: (copy: string) => Promise<string>): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'sotto-bit-'));
  try {
    cpSync(folder, copy, { recursive: true });
    return await act(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
