/**
 * What outside text can do: messages on the wire, desk packs, and what is masked. Seeded, bounded, and built on the
 * structure of what is read, so that most of it gets past the first check. Nothing may hang, crash or throw but typed errors.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeMessage, MAX_CLIENT_MESSAGE_BYTES } from '../../main/api/carriers/codec.ts';
import { clientMessageSchema } from '../../main/api/contract/wire.ts';
import { SottoError } from '../../main/base/index.ts';
import { checkDeskPack, parsePhrase } from '../../main/dialogue/index.ts';
import { createMasker, maskSensitive, screenReply, screenTranscript } from '../../main/guard/index.ts';
import { writeDesk } from '../dialogue/desk-files.ts';

const SEED = 20_261_121;
const runs = (numRuns: number) => ({ seed: SEED, numRuns, endOnFailure: true });
const SLOW_MS = 1_500;

async function inTime<T>(act: () => T | Promise<T>): Promise<T> {
  const startedMs = performance.now();
  try {
    return await act();
  } finally {
    expect(performance.now() - startedMs).toBeLessThan(SLOW_MS);
  }
}

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

const message = fc.oneof(
  fc.record({ id: fc.nat(), call: fc.string({ maxLength: 70 }), input: fc.constant(null) }),
  fc.record({ id: fc.integer(), call: fc.string(), input: fc.json().map((text) => JSON.parse(text)) }),
  fc.record({ id: fc.double(), cancel: fc.boolean() }),
  fc.record({ id: fc.nat(), listen: fc.string({ maxLength: 90 }), extra: fc.boolean() }),
  fc.anything({ withNullPrototype: false, maxDepth: 4 }),
);
const jsonBytes = fc
  .record({
    text: message,
    cut: fc.option(fc.nat(60), { freq: 1 }),
    dirt: fc.option(fc.uint8Array({ maxLength: 4 }), { freq: 1 }),
  })
  .map(({ text, cut, dirt }) => {
    const whole = Buffer.from(JSON.stringify(text, (_, each) => (typeof each === 'bigint' ? 0 : each)) ?? '');
    return Buffer.concat([cut === null ? whole : whole.subarray(0, cut), dirt ?? Buffer.alloc(0)]);
  });

it('a message on the wire is taken, or refused by name', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(jsonBytes, (bytes) =>
      inTime(() => {
        try {
          const read = clientMessageSchema.safeParse(decodeMessage(bytes, MAX_CLIENT_MESSAGE_BYTES));
          if (read.success) {
            taken += 1;
            expect(Number.isSafeInteger(read.data.id)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SottoError);
          expect((error as SottoError).code).toMatch(/^wire\//);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    ),
    runs(3_000),
  );
  expect(taken).toBeGreaterThan(300);
  const deep = Buffer.from('['.repeat(30_000) + ']'.repeat(30_000));
  expect(clientMessageSchema.safeParse(decodeMessage(deep, MAX_CLIENT_MESSAGE_BYTES)).success).toBe(false);
});

const marks = fc.constantFrom(
  '[',
  ']',
  '(',
  ')',
  '|',
  '<',
  '>',
  '{',
  '}',
  '*',
  '+',
  ' ',
  'want',
  'amount',
  'i',
  "'",
);
const phraseText = fc
  .array(fc.oneof(marks, fc.string({ maxLength: 3 })), { maxLength: 60 })
  .map((all) => all.join(''));

it('a phrase is read or its mistakes are told', async () => {
  await fc.assert(
    fc.asyncProperty(phraseText, (text) => inTime(() => void parsePhrase(text))),
    runs(3_000),
  );
});

/** YAML as one who means harm, or nobody anything, writes it. */
const yaml = fc.oneof(
  fc.constantFrom(
    'a: &a [1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]',
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    '__proto__: {admin: true}\nconstructor: 1',
    '!!js/function "return 1": x',
    '? {a: 1}\n: b\n',
    '--- a\n--- b\n',
    'a: 1\na: 2\n',
    '<<: {format: 1}\n',
    '%YAML 1.1\n---\nno: yes\n',
    'format: 1\u0000\n',
    '',
  ),
  fc.json({ maxDepth: 4 }),
  anyText,
);
const FILE = fc.constantFrom(
  'desk.yaml',
  'tools.yaml',
  'flows/transfer.yaml',
  'flows/more.yaml',
  'tests/t.yaml',
);
const value = fc.oneof(
  yaml,
  fc.constantFrom('null', '1e999', '{{{{', '"{amount}"', '[[], {}]', '&x *x', '-1'),
);

/** A sound pack with one place of it written anew. */
const KEYS = [
  'greeting',
  'name',
  'version',
  'agent',
  'handOff',
  'lists',
  'disclosures',
  'cannot',
  'neverDiscuss',
  'sensitiveTypes',
  'mayPromise',
  'tries',
];
const brokenDesk = fc.tuple(fc.constantFrom(...KEYS), value);

it('a desk pack is taken or all that is wrong with it is told', { timeout: 40_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-fuzz-'));
  let refused = 0;
  const check = async (name: string, changes: Readonly<Record<string, string>>) => {
    const at = join(folder, name);
    await writeDesk(at, changes);
    const { pack, problems } = await inTime(() => checkDeskPack(at));
    if (pack === null) {
      refused += 1;
      expect(problems.length).toBeGreaterThan(0);
    }
    for (const problem of problems) expect(problem.line).toBeGreaterThan(0);
    await rm(at, { recursive: true });
  };
  let number = 0;
  try {
    await fc.assert(
      fc.asyncProperty(FILE, yaml, (file, text) => check(`f${number++}`, { [file]: text })),
      runs(120),
    );
    await fc.assert(
      fc.asyncProperty(brokenDesk, ([key, text]) =>
        check(`k${number++}`, { 'desk.yaml': `format: 1\nid: tiny-desk\n${key}: ${text}\n` }),
      ),
      runs(120),
    );
    expect(refused).toBeGreaterThan(150);
    expect(Object.getPrototypeOf({})).not.toHaveProperty('admin');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const DIGIT = fc.constantFrom(
  '0',
  'oh',
  'zero',
  'one',
  '2',
  'three',
  'double four',
  '5',
  'six',
  'seven',
  'eight',
  'nine',
);
/** A number of thirteen digits and more, said or written in any way, and the digits that it has. */
const longNumber = fc.array(DIGIT, { minLength: 13, maxLength: 19 }).map((digits) => digits.join(' '));
const around = fc.constantFrom('', 'my card is', 'it is', 'take', 'please note', 'um', 'sorry no');

it('masking never throws, covers its spans exactly, and is done when it is done', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText, longNumber, phraseText), (text) =>
      inTime(() => {
        const { masked, spans } = maskSensitive(text);
        let at = 0;
        let rebuilt = '';
        for (const span of spans) {
          expect(span.start).toBeGreaterThanOrEqual(at);
          rebuilt += `${text.slice(at, span.start)}[${span.type}]`;
          at = span.end;
        }
        expect(rebuilt + text.slice(at)).toBe(masked);
        // What is masked stands as it is: nothing comes back, and no digit that was hidden is shown.
        const again = maskSensitive(masked).masked;
        expect((again.match(/\d/g) ?? []).length).toBeLessThanOrEqual((masked.match(/\d/g) ?? []).length);
        for (const tag of masked.match(/\[[a-z-]+\]/g) ?? [])
          if (spans.length > 0) expect(again).toContain(tag);
      }),
    ),
    runs(1_500),
  );
});

it('no digit of a long number is left, whatever the checksum and however it is said', async () => {
  const word = /\d|\b(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)\b/;
  await fc.assert(
    fc.asyncProperty(around, longNumber, fc.nat(12), (before, number, cut) =>
      inTime(() => {
        expect(maskSensitive(`${before} ${number}`).masked).not.toMatch(word);
        // The same over two turns of a conversation.
        const masker = createMasker();
        masker.mask('What is your card number?', 'agent');
        const words = number.split(' ');
        const turns = [words.slice(0, cut + 1), words.slice(cut + 1)].map((part) => part.join(' '));
        for (const turn of turns) expect(masker.mask(turn, 'person').masked).not.toMatch(word);
      }),
    ),
    runs(800),
  );
});

it('the screens of words and replies judge anything, and never make text longer than they may', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText, phraseText, fc.string({ unit: 'grapheme', maxLength: 900 })), (text) =>
      inTime(() => {
        expect(screenTranscript(text).text.length).toBeLessThanOrEqual(500);
        expect(screenReply(text, { canary: 'canary-x1y2', grounds: [text] }).text.length).toBeLessThanOrEqual(
          2000,
        );
      }),
    ),
    runs(1_000),
  );
});
