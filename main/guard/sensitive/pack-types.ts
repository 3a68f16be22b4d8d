import type { Dictation } from './dictation.ts';
import type { Finding, PackType } from './finding.ts';
import type { Token } from './tokens.ts';

/** How far the words of a type reach, in words: as the built-in ones do. */
const BEFORE = 9;
const AFTER = 5;

/** How a dictated value fits a type that the pack declares. */
export interface PackMatch {
  readonly type: string;
  /** Its first token: letters that open a shape may stand before what was dictated. */
  readonly from: number;
  /** All of its shape; otherwise the beginning, as when a value is spread over turns. */
  readonly whole: boolean;
  /** The word near it, where the type names some. */
  readonly near: string | null;
}

/**
 * The pack's own type that a dictated value fits best: by all of a shape, or by the beginning of one where words near it
 * say what it is. A shape with letters of its own ("HB-999999") speaks for itself. Shapes are compared sign by sign:
 * nothing that a pack can write is ever slow.
 */
export function packTypeOf(
  types: readonly PackType[],
  value: Dictation,
  tokens: readonly Token[],
  asked: string,
): PackMatch | null {
  const around = tokens.slice(Math.max(0, value.from - BEFORE), value.from);
  const words = spaced([...around, ...tokens.slice(value.to, value.to + AFTER)].map(({ text }) => text));
  const question = spaced(asked.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? []);
  const isNear = (phrase: string) => {
    const said = spaced(phrase.toLowerCase().split(/\s+/));
    return words.includes(said) || question.includes(said);
  };
  const said = readings(value, tokens);
  const matches = types.flatMap((type) => matchesOf(type, said, type.near.find(isNear) ?? null));
  return matches.find(({ whole }) => whole) ?? matches[0] ?? null;
}

type Reading = readonly [from: number, said: string];

function matchesOf(
  { type, shapes, near: needed }: PackType,
  said: readonly Reading[],
  near: string | null,
): PackMatch[] {
  const matches: PackMatch[] = [];
  for (const shape of shapes) {
    const known = near !== null || needed.length === 0 || /[B-Z].*[B-Z]/i.test(shape);
    for (const [from, text] of known ? said : []) {
      const fits = fitsShape(text, shape);
      if (fits === 'whole' || (fits === 'beginning' && near !== null))
        matches.push({ type, from, whole: fits === 'whole', near });
    }
  }
  return matches;
}

/** The value as it was dictated, and with the word that stands against it: "mlc-12345". */
function readings({ value, from }: Dictation, tokens: readonly Token[]): readonly Reading[] {
  const dashed = /^[-./]$/.test(tokens[from - 1]?.raw ?? '');
  const at = dashed ? from - 2 : from - 1;
  const before = tokens[at];
  if (before?.kind !== 'word' || !/^[a-z]{1,8}$/.test(before.text)) return [[from, value]];
  return [
    [at, before.text.toUpperCase() + value],
    [from, value],
  ];
}

/** Words and phrases that the pack keeps out of records wherever they are said. */
export function findPackWords(tokens: readonly Token[], types: readonly PackType[]): Finding[] {
  const found: Finding[] = [];
  for (const { type, words } of types)
    for (const phrase of words) {
      const wanted = phrase.toLowerCase().split(/[^\p{L}\p{N}'’]+/u);
      for (let at = 0; at + wanted.length <= tokens.length; at += 1) {
        if (!wanted.every((word, offset) => tokens[at + offset]?.text === word)) continue;
        const [first, last] = [tokens[at], tokens[at + wanted.length - 1]];
        if (!first || !last) continue;
        found.push({
          start: first.start,
          end: last.end,
          type,
          score: 0.97,
          why: `${type}: a word of the pack`,
        });
      }
    }
  return found;
}

/** Whether a text, a question say, speaks of one of the types. */
export function speaksOf(types: readonly PackType[], tokens: readonly Token[]): boolean {
  const words = spaced(tokens.map(({ text }) => text));
  return types.some(({ near }) => near.some((phrase) => words.includes(spaced([phrase.toLowerCase()]))));
}

function spaced(words: readonly string[]): string {
  return ` ${words.join(' ')} `;
}

/** `A` a letter, `9` a digit, anything else itself; marks between stand for nothing. */
function fitsShape(value: string, shape: string): 'whole' | 'beginning' | null {
  const signs = shape.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
  if (value.length > signs.length) return null;
  for (let at = 0; at < value.length; at += 1) {
    const [sign, char] = [signs[at] ?? '', value[at] ?? ''];
    const fits = sign === 'A' ? /[A-Z]/.test(char) : sign === '9' ? /\d/.test(char) : sign === char;
    if (!fits) return null;
  }
  return value.length === signs.length ? 'whole' : 'beginning';
}
