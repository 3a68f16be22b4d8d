import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { witness } from '../../main/audit/index.ts';
import { exportTo, longLog, makeLog, scratch } from './support.ts';
import { buildTlogVerifier, sha256sumCheck, shell, sshVerify } from './tools.ts';

/** One export of 601 entries; every cheat works on its own copy. */
let go: ReturnType<typeof buildTlogVerifier>;
let made: string;
let whole: string;
let key: string;
beforeAll(async () => {
  go = buildTlogVerifier();
  made = mkdtempSync(join(tmpdir(), 'sotto-export-'));
  whole = join(made, 'out');
  const { vault, audit } = await makeLog(600, join(made, 'vault'));
  await exportTo(audit, whole);
  key = audit.verifierKey;
  vault.close();
});
afterAll(() => {
  go?.remove();
  rmSync(made, { recursive: true, force: true });
});

const goVerify = (pinned: string, out: string) => go.run('verify', pinned, out);
const change = (file: string, by: (text: string) => string) =>
  writeFileSync(file, by(readFileSync(file, 'utf8')));
const edit = (out: string, by: (lines: string[]) => string[]) =>
  change(join(out, 'entries.jsonl'), (text) => `${by(text.split('\n').slice(0, -1)).join('\n')}\n`);
const lie = (line: string | undefined) => (line ?? '').replace('hours', 'other');
const flip = (file: string, at: number) => {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
};
const cut = (file: string) => writeFileSync(file, readFileSync(file).subarray(0, -1));
const exchange = (one: string, other: string) => {
  renameSync(one, `${one}.x`);
  renameSync(other, one);
  renameSync(`${one}.x`, other);
};

const cheats: readonly [cheat: string, told: RegExp, act: (out: string) => void][] = [
  ['an entry edited', /^lines: entry 260 /, (out) => edit(out, (lines) => lines.with(260, lie(lines[260])))],
  ['an entry dropped', /^lines: entry 260 /, (out) => edit(out, (lines) => lines.toSpliced(260, 1))],
  [
    'the last entries dropped',
    /^lines: entries 590 to 600 are missing/,
    (out) => edit(out, (lines) => lines.slice(0, 590)),
  ],
  [
    'entries reordered',
    /^lines: entry 10 /,
    (out) => edit(out, (lines) => lines.with(10, lines[11] ?? '').with(11, lines[10] ?? '')),
  ],
  [
    'an entry slipped in',
    /^lines: there are more/,
    (out) => edit(out, (lines) => [...lines, lines[600] ?? '']),
  ],
  ['a bundle edited', /^bundle: entry 256 /, (out) => flip(join(out, 'tile/entries/001'), 40)],
  ['a bundle cut off', /^bundle: entry /, (out) => cut(join(out, 'tile/entries/001'))],
  [
    'two bundles exchanged',
    /^bundle: entry 0 /,
    (out) => exchange(join(out, 'tile/entries/000'), join(out, 'tile/entries/001')),
  ],
  [
    'two tiles exchanged',
    /^tree: the tiles have another root/,
    (out) => exchange(join(out, 'tile/0/000'), join(out, 'tile/0/001')),
  ],
  [
    'a hash in a tile changed',
    /^tree: the tiles have another root/,
    (out) => flip(join(out, 'tile/0/001'), 100),
  ],
  [
    'a hash in an upper tile changed',
    /^tile: tile.1.000.p.2 does not fit/,
    (out) => flip(join(out, 'tile/1/000.p/2'), 3),
  ],
  ['a tile taken away', /no such file/, (out) => rmSync(join(out, 'tile/0/001'))],
  ['a tile cut off', /has 8191 bytes/, (out) => cut(join(out, 'tile/0/001'))],
  [
    'the size in the checkpoint changed',
    /^checkpoint: .*signature/,
    (out) => change(join(out, 'checkpoint'), (text) => text.replace('\n601\n', '\n600\n')),
  ],
  [
    'the root in the checkpoint changed',
    /^checkpoint: .*signature/,
    (out) =>
      change(join(out, 'checkpoint'), (text) =>
        text.replace(/\n(.)(.{42}=\n)/, (_, a, b) => `\n${a === 'A' ? 'B' : 'A'}${b}`),
      ),
  ],
  [
    'the entry of the export exchanged',
    /^export: export.json is not the last/,
    (out) => change(join(out, 'export.json'), (text) => text.replace('"first":0', '"first":5')),
  ],
];

test.each(cheats)(
  '%s: Go’s transparency log refuses it, and so do sha256sum and the witness',
  async (_, told, act) => {
    const out = join(scratch(), 'out');
    cpSync(whole, out, { recursive: true });
    expect(goVerify(key, out).code).toBe(0);
    act(out);
    const outcome = goVerify(key, out);
    expect(outcome.code).toBe(1);
    expect(outcome.out).toMatch(told);
    expect(sha256sumCheck(out).code).toBe(1);
    expect(sshVerify(out).code).toBe(0); // the list itself is still the one that was signed
    const [report] = await witness({ store: join(scratch(), 'store'), sources: [out], pin: key });
    expect(report).toMatchObject({ verdict: 'refused' });
  },
);

test('and the list of hashes made to fit again: ssh-keygen refuses it', () => {
  const out = join(scratch(), 'out');
  cpSync(whole, out, { recursive: true });
  edit(out, (lines) => lines.with(260, lie(lines[260])));
  const again = "find . -type f ! -name 'SHA256SUMS*' -exec sha256sum {} + > SHA256SUMS";
  expect(shell(again, out).code).toBe(0);
  expect(sha256sumCheck(out).code).toBe(0);
  expect(sshVerify(out)).toMatchObject({ code: 255, out: expect.stringContaining('incorrect signature') });
});

test('all of it forged with keys of the forger’s own: the pinned key of the log refuses it', async () => {
  const { audit } = await longLog(600);
  const forged = join(scratch(), 'out');
  await exportTo(audit, forged);
  expect(sshVerify(forged).code).toBe(0);
  expect(goVerify(audit.verifierKey, forged).code).toBe(0);
  expect(goVerify(key, forged)).toMatchObject({ code: 1, out: expect.stringMatching(/^checkpoint: /) });
});
