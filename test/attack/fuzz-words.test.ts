/**
 * Words and files that nobody would say or write: values for every type of slot, numbers in words, types of the desk's own,
 * checkpoints for a witness, replay logs, answers of tools. Seeded, bounded, built on the structure of what is read.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { witness } from '../../main/audit/index.ts';
import { cardinalInWords, digitsInWords, SottoError } from '../../main/base/index.ts';
import { parseReplayLog } from '../../main/conversation/index.ts';
import { type CompiledDesk, checkDeskPack, compileDesk } from '../../main/dialogue/index.ts';
import { maskSensitive, ownWords, screenReply } from '../../main/guard/index.ts';
import { parseStrictly } from '../../main/tools/servers/untrusted-json.ts';
import { longLog } from '../audit/support.ts';
import { writeDesk } from '../dialogue/desk-files.ts';

const SEED = 20_261_121;
const runs = (numRuns: number) => ({ seed: SEED, numRuns, endOnFailure: true });
const SLOW_MS = 1_500;
const NOW = new Date(2026, 4, 4, 10).getTime();

const folder = mkdtempSync(join(tmpdir(), 'sotto-fuzz-words-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inTime<T>(act: () => T): T {
  const startedMs = performance.now();
  try {
    return act();
  } finally {
    expect(performance.now() - startedMs).toBeLessThan(SLOW_MS);
  }
}

/** A type of slot, and the form that every value of it has. */
const SLOTS: Readonly<Record<string, readonly [declaration: string, form: RegExp]>> = {
  sum: ['{type: amount, ask: How much?}', /^\d+\.\d{2}$/],
  day: ['{type: date, ask: When?}', /^\d{4}-\d{2}-\d{2}$/],
  hour: ['{type: time, ask: What time?}', /^([01]\d|2[0-3]):[0-5]\d$/],
  phone: ['{type: phone, ask: Which number?}', /^\+?\d{3,15}$/],
  code: ['{type: digits(4-6), ask: Which code?}', /^\d{4,6}$/],
  number: ['{type: digits, ask: Which number?}', /^\d{1,20}$/],
  surname: ['{type: spelled, ask: Please spell it.}', /^[A-Z0-9]+$/],
  kind: ['{type: choice, ask: Which?, options: {red: [red, crimson], blue: [blue]}}', /^(red|blue)$/],
  sure: ['{type: yesNo, ask: Are you sure?}', /^(yes|no)$/],
  reason: ['{type: text, ask: Why?}', /./],
};
let desk: CompiledDesk;
beforeAll(async () => {
  const slots = Object.entries(SLOTS).map(([name, [declared]]) => `  ${name}: ${declared}`);
  await writeDesk(join(folder, 'desk'), {
    'flows/form.yaml': [
      'flow: form',
      'description: fill in a form',
      'phrases: [fill in a form]',
      'slots:',
      ...slots,
      'steps:',
      `  - collect: [${Object.keys(SLOTS).join(', ')}]`,
      '',
    ].join('\n'),
  });
  const { pack } = await checkDeskPack(join(folder, 'desk'));
  if (!pack) throw new Error('The desk of this test is broken.');
  desk = compileDesk(pack);
});

/** Scraps of which values are made, in any order: mostly nonsense that is nearly a value. */
const scrap = fc.constantFrom(
  ...`one two twenty forty hundred thousand million and a an oh zero double triple point dollars cents fifty half quarter past to o'clock
  am pm noon midnight may second the of twenty next last friday tomorrow yesterday today week in days january thirty first minus plus
  dash no sorry i mean make that b c as in sam bravo capital red crimson blue yes yeah nope sure it is 5 12 100 2026-02-31 31/31 25:99
  $5 $1,00 1e9 0x10 ½ ٣ ５ – ' .`.split(/\s+/),
);
const nearly = fc.array(scrap, { maxLength: 14 }).map((all) => all.join(' '));
const said = fc.oneof(
  { weight: 5, arbitrary: nearly },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 120 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
);

it('whatever is answered, a slot has a value of its form or none, which can be read back', () => {
  const found = new Map<string, number>();
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(SLOTS)), said, (slot, text) => {
      const { slots } = inTime(() =>
        desk.understand(text, { kind: 'slot', flow: 'form', slot } as never, NOW),
      );
      for (const [name, value] of Object.entries(slots)) {
        expect(value, `${name} from ${JSON.stringify(text)}`).toMatch(SLOTS[name]?.[1] ?? /^$/);
        expect(desk.readBack('form', name, value).length).toBeGreaterThan(0);
        found.set(name, (found.get(name) ?? 0) + 1);
      }
    }),
    runs(4_000),
  );
  for (const name of ['sum', 'day', 'hour', 'number', 'kind', 'sure', 'reason'])
    expect(found.get(name) ?? 0, name).toBeGreaterThan(10);
});

it('amounts and digits in words are what was said', () => {
  const understood = (slot: string, text: string) =>
    desk.understand(text, { kind: 'slot', flow: 'form', slot } as never, NOW).slots[slot];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 1, max: 99 }), (dollars, cents) => {
      const whole = `${cardinalInWords(dollars)} dollars`;
      expect(understood('sum', whole), whole).toBe(`${dollars}.00`);
      const both = `${whole} and ${cardinalInWords(cents)} cents`;
      expect(understood('sum', both), both).toBe(`${dollars}.${String(cents).padStart(2, '0')}`);
    }),
    runs(600),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,20}$/), (digits) => {
      expect(understood('number', digitsInWords(digits))).toBe(digits);
    }),
    runs(300),
  );
});

/** Without an O, which is a nought where it stands beside digits. */
const shape = fc.stringMatching(/^[B-NP-Z]{2}[A9]{2,8}9$/);
it('a value of a declared shape is masked, with any marks and in any case', () => {
  fc.assert(
    fc.property(
      shape,
      fc.infiniteStream(fc.nat(24)),
      fc.constantFrom('', '-', ' '),
      (signs, chance, mark) => {
        const next = () => chance.next().value ?? 0;
        const value = signs
          .slice(2)
          .replace(/[A9]/g, (sign) =>
            sign === '9' ? String(next() % 10) : 'ABCDEFGHIJKLMNPQRSTUVWXYZ'.charAt(next()),
          );
        const text = `it is ${signs.slice(0, 2)}${mark}${value} thanks`;
        const packTypes = [{ type: 'own', shapes: [signs], near: [], words: [] }];
        const { masked } = inTime(() => maskSensitive(text, { packTypes }));
        expect(masked.replace(/\[[a-z-]+\]/g, ''), text).not.toMatch(/\d/);
      },
    ),
    runs(400),
  );
});

it('any reply is judged against any ground, in time', () => {
  const words = fc
    .array(
      fc.oneof(
        scrap,
        fc.constantFrom('we', 'will', 'you', 'receive', 'refund', 'by', 'Monday', 'Testa', '{x}'),
      ),
      {
        maxLength: 60,
      },
    )
    .map((all) => all.join(' '));
  fc.assert(
    fc.property(words, words, words, (reply, ground, template) =>
      inTime(() => {
        const own = ownWords([template, `Your balance is {x}. ${template}`]);
        const context = { own, others: [ground], promises: { allowed: [] }, packTypes: [] };
        const judged = screenReply(reply, { ...context, grounds: [ground] });
        expect(['pass', 'flag', 'block']).toContain(judged.verdict);
        // What stands whole in the grounds comes from there.
        const { reasons } = screenReply(reply, { grounds: [reply], promises: { allowed: [] } });
        expect(reasons).not.toContain('ungrounded-number');
      }),
    ),
    runs(1_000),
  );
  for (const part of [
    'we will ',
    'you will get ',
    'your money will be ',
    '5 of may ',
    'one ',
    '{x} is ',
    'Anna ',
  ])
    inTime(() =>
      screenReply(part.repeat(2_000), {
        own: ownWords(['{a} {b} is {c}', 'Your {a} is {b} of {c}.']),
        grounds: [part.repeat(500)],
        others: ['somebody else'],
        promises: { allowed: ['nothing'] },
      }),
    );
});

it('a witness takes no checkpoint that was changed, and says why', async () => {
  const { audit } = await longLog(40);
  const note = audit.checkpoint();
  const key = audit.verifierKey;
  const lines = note.split('\n');
  const line = fc.oneof(
    fc.constantFrom(...lines, '', '-1', '1e3', '99999999999999999999', '0', 'AAAA', '— x AAAA'),
    fc.string({ maxLength: 60 }),
  );
  const changed = fc.oneof(
    fc.tuple(fc.nat(lines.length - 1), line).map(([at, text]) => lines.with(at, text).join('\n')),
    fc.array(line, { maxLength: 8 }).map((all) => all.join('\n')),
    fc.nat(note.length).map((cut) => note.slice(0, cut)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  let number = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(changed, async (text) => {
      if (text === note) return;
      const place = join(folder, `witness-${number++}`);
      mkdirSync(place);
      writeFileSync(join(place, 'checkpoint'), text);
      try {
        const request = { store: join(place, 'store'), sources: [join(place, 'checkpoint')], pin: key };
        const [report] = await witness(request);
        expect(report?.verdict, JSON.stringify(text)).toBe('refused');
        expect(report?.problems.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(SottoError);
        expect((error as SottoError).code).toMatch(/^audit\//);
      }
      refused += 1;
    }),
    runs(250),
  );
  expect(refused).toBeGreaterThan(150);
});

it('a replay log and the answer of a tool are read or refused', () => {
  const log = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc
      .record({
        format: fc.constantFrom(1, 2, '1'),
        deskId: fc.string(),
        packHash: fc.string(),
        timeZone: fc.string(),
        turns: fc.array(fc.anything({ maxDepth: 2 }), { maxLength: 3 }),
      })
      .map((value) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? 0 : each)) ?? ''),
    fc.string({ unit: 'binary', maxLength: 100 }),
  );
  fc.assert(
    fc.property(log, (text) =>
      inTime(() => {
        try {
          expect(parseReplayLog(text)).toMatchObject({ format: 1 });
        } catch (error) {
          expect((error as SottoError).code).toBe('replay/bad-file');
        }
        parseStrictly(text);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    ),
    runs(1_000),
  );
});
