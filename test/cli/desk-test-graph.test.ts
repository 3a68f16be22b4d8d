import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FlowGraph, RehearsalReport } from '../../main/dialogue/index.ts';
import { jsonLines, scratch, sotto } from './sotto.ts';

const BANK = fileURLToPath(new URL('../../desks/bank-branch', import.meta.url));
const LIBRARY = fileURLToPath(new URL('../desks/library', import.meta.url));

/** A copy of the third desk with one of its files changed. */
function library(file: string, change: (text: string) => string): string {
  const folder = join(scratch(), 'library');
  cpSync(LIBRARY, folder, { recursive: true });
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')));
  return folder;
}

describe('sotto desk test', () => {
  it.each(['bank-branch', 'clinic-frontdesk', LIBRARY])(
    '%s: every conversation goes as written, every step is taken',
    async (desk) => {
      const { code, out } = await sotto(['desk', 'test', desk, '--json']);
      const [report] = jsonLines<RehearsalReport>(out);
      expect(report?.tests.filter(({ ok }) => !ok)).toEqual([]);
      expect(report?.tests.length).toBeGreaterThan(7);
      expect(report?.flows.flatMap(({ uncovered }) => uncovered)).toEqual([]);
      expect(report?.tookMs).toBeLessThan((report?.tests.length ?? 0) * 250);
      expect(code).toBe(0);
    },
  );

  it('a desk that was just made has tests, and they hold', async () => {
    const parent = scratch();
    await sotto(['desk', 'new', 'north-branch', '--in', parent]);
    const { code, out } = await sotto(['desk', 'test', join(parent, 'north-branch')]);
    expect(out).toContain('2 of 2 conversations went as written');
    expect(code).toBe(0);
  });

  it('tells what went otherwise: the line in the test, what was expected, what was', async () => {
    const folder = library('flows/questions.yaml', (text) => text.replace('{question}', 'opening hours'));
    const { code, out } = await sotto(['desk', 'test', folder]);
    const line = lineOf(join(LIBRARY, 'tests/library.yaml'), 'replied: one week');
    expect(out).toContain(`  tests/library.yaml:${line}: turn 1, "how long can I keep a film": replied`);
    expect(out).toContain('    expected: "one week"');
    expect(out).toMatch(/was: {6}"The library is open Monday to Saturday/);
    expect(code).toBe(1);
  });

  it('tells which steps and branches no test goes through', async () => {
    const folder = library('tests/library.yaml', (text) =>
      text.replace(/ {2}- name: it cannot be renewed here[\s\S]*?\n\n/, ''),
    );
    const { code, out } = await sotto(['desk', 'test', folder]);
    const line = lineOf(join(LIBRARY, 'flows/renew_loan.yaml'), 'Please bring it to the desk');
    expect(out).toContain(`  flows/renew_loan.yaml:${line}: renew_loan: the step was never taken`);
    expect(code).toBe(0);
  });

  it('a tool that the test forgot, and an answer that the tool cannot give, fail the test', async () => {
    const forgotten = library('tests/library.yaml', (text) =>
      text.replace('  check_day: { open: true }\n', ''),
    );
    expect((await sotto(['desk', 'test', forgotten])).out).toContain(
      'the test has no answer for `check_day`',
    );
    const wrong = library('tests/library.yaml', (text) =>
      text.replace('name: The blue room }', 'room: blue }'),
    );
    expect((await sotto(['desk', 'test', wrong])).out).toContain(
      '`reserve_room` cannot answer {"room":"blue"}',
    );
  });

  it('a reply that a conversation would hold back fails the test, which says why', async () => {
    const folder = library('tests/library.yaml', (text) =>
      text.replace('name: The blue room }', 'name: "We guarantee you a loan. The blue room" }'),
    );
    const { code, out } = await sotto(['desk', 'test', folder]);
    expect(out).toMatch(/was: {6}withheld \(promise\b.*\): We guarantee you a loan\. The blue room is yours/);
    expect(code).toBe(1);
  });

  it('so does what the bank’s server would tell about another customer', async () => {
    const folder = join(scratch(), 'bank-branch');
    cpSync(BANK, folder, { recursive: true });
    const file = join(folder, 'tests', 'accounts.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace('ninety dollars, customer: "123456"', 'ninety dollars, customer: "654321"'),
    );
    const { code, out } = await sotto(['desk', 'test', folder]);
    expect(out).toMatch(/withheld \(other-persons-data\b.*\): Your savings balance is ninety dollars\./);
    expect(code).toBe(1);
  });

  it('a mistake in a test is told like one in the pack', async () => {
    const folder = library('tests/library.yaml', (text) => text.replace('asked: card', 'asked: crad'));
    const { code, out } = await sotto(['desk', 'test', folder]);
    expect(out).toMatch(
      /^tests\/library\.yaml:\d+:\d+: error: There is no slot `crad`\.\n {2}next: Did you mean `card`\?/,
    );
    expect(code).toBe(1);
  });

  it('runs those that are named; none is no success', async () => {
    const some = await sotto(['desk', 'test', LIBRARY, '--filter', 'room']);
    expect(some.out).toContain('2 of 2 conversations');
    expect(some.out).not.toContain('steps covered');
    expect((await sotto(['desk', 'test', LIBRARY, '--filter', 'nowhere'])).code).toBe(1);
  });
});

describe('sotto desk graph', () => {
  it('draws every flow, with words for those who cannot see it, in light and dark', async () => {
    const out = join(scratch(), 'drawings');
    const { code } = await sotto(['desk', 'graph', LIBRARY, '--out', out]);
    expect(code).toBe(0);
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(['renew_loan.svg', 'situation_threat.svg', 'never_other_readers.svg']),
    );
    const svg = readFileSync(join(out, 'renew_loan.svg'), 'utf8');
    expect(svg).toContain('<title id="title">The flow renew loan</title>');
    expect(svg).toMatch(
      /<desc id="desc">renew what you have borrowed\..*day\.open = true.* \(no\) leads to ask until/,
    );
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toMatch(/[&<](?![\w/#])/);
  });

  it('prints one, or the graph as data: every node is reached', async () => {
    const { out } = await sotto(['desk', 'graph', LIBRARY, '--flow', 'reserve_room']);
    expect(out).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    const json = await sotto(['desk', 'graph', LIBRARY, '--json']);
    const [{ flows } = { flows: [] }] = jsonLines<{ flows: FlowGraph[] }>(json.out);
    for (const { nodes, edges } of flows)
      for (const { id, kind } of nodes)
        if (kind !== 'start')
          expect(
            edges.some(({ to }) => to === id),
            id,
          ).toBe(true);
  });

  it('knows no flow of another name, and wants to be told where to draw', async () => {
    const wrong = await sotto(['desk', 'graph', LIBRARY, '--flow', 'renew']);
    expect(wrong.err).toContain('There is no flow `renew`');
    expect(wrong.code).toBe(1);
    expect((await sotto(['desk', 'graph', LIBRARY])).code).toBe(2);
  });
});

function lineOf(file: string, text: string): number {
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1
  );
}
