import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sotto } from './sotto.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-replay-'));
const file = join(folder, 'visit.json');
const SAID = [
  'what are your opening hours',
  'transfer fifty dollars from checking to savings',
  '100200',
  '4711',
  'yes',
  'bye',
];

test('a conversation is kept for a replay, for its owner alone', async () => {
  const held = await sotto(['talk', '--desk', 'bank-branch', '--typed', '--keep-replay', file], {
    input: `${SAID.join('\n')}\n`,
  });
  expect(held.code, held.err).toBe(0);
  expect(held.out).toContain('transfer_money: ok');
  expect(statSync(file).mode & 0o777).toBe(0o600);
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('it is run again, and decides the same', async () => {
  const { code, out } = await sotto(['replay', file, '--desk', 'bank-branch', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ turns: SAID.length + 1, differences: 0, same: true });
});

test('what is decided otherwise is told, and the command fails', async () => {
  const other = join(folder, 'other.json');
  writeFileSync(other, readFileSync(file, 'utf8').replace('"text": "yes"', '"text": "no"'));
  const { code, out } = await sotto(['replay', other, '--desk', 'bank-branch', '--json']);
  expect(code).toBe(1);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ turn: 6, what: 'understanding' });
  expect(lines.at(-1)).toMatchObject({ same: false });
});

test('another desk pack is refused', async () => {
  const { code, err } = await sotto(['replay', file, '--desk', 'clinic-frontdesk']);
  expect(code).toBe(1);
  expect(err).toContain('another desk pack');
});

test('nothing is kept in clear of a conversation that is kept', async () => {
  const { code, err } = await sotto(
    ['talk', '--desk', 'bank-branch', '--typed', '--keep-replay', join(folder, 'no.json'), '--data', folder],
    { input: '' },
  );
  expect(code).toBe(2);
  expect(err).toContain('throwaway');
});
