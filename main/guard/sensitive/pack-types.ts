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

/** A type made ready to be looked for. */
interface ReadyType {
  readonly type: string;
  readonly shapes: readonly { readonly signs: string; readonly tells: boolean }[];
  readonly near: readonly (readonly [phrase: string, spaced: string])[];
  readonly words: readonly (readonly string[])[];
}

const READY = new WeakMap<readonly PackType[], readonly ReadyType[]>();

function ready(types: readonly PackType[]): readonly ReadyType[] {
  const known = READY.get(types);
  if (known) return known;
  const made = types.map(({ type, shapes, near, words }) => ({
    type,
    shapes: shapes.map((shape) => ({
      signs: shape.replace(/[^A-Za-z0-9]/g, '').toUpperCase(),
      // Two letters of its own speak for themselves.
      tells: near.length === 0 || /[B-Z].*[B-Z]/i.test(shape),
    })),
    near: near.map((phrase) => [phrase, spaced(phrase.toLowerCase().split(/\s+/))] as const),
    words: words.map((phrase) =>
      phrase
        .toLowerCase()
        .replaceAll('’', "'")
        .split(/[^\p{L}\p{N}']+/u),
    ),
  }));
  READY.set(types, made);
  return made;
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
  if (types.length === 0) return null;
  const around = tokens.slice(Math.max(0, value.from - BEFORE), value.from);
  const words = spaced([...around, ...tokens.slice(value.to, value.to + AFTER)].map(({ text }) => text));
  const question = spaced(asked.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? []);
  const said = readings(value, tokens);
  const matches = ready(types).flatMap((type) => {
    const near = type.near.find(([, phrase]) => words.includes(phrase) || question.includes(phrase));
    return matchesOf(type, said, near?.[0] ?? null);
  });
  return matches.find(({ whole }) => whole) ?? matches[0] ?? null;
}

type Reading = readonly [from: number, said: string];

function matchesOf({ type, shapes }: ReadyType, said: readonly Reading[], near: string | null): PackMatch[] {
  const matches: PackMatch[] = [];
  for (const { signs, tells } of shapes)
    for (const [from, text] of near !== null || tells ? said : []) {
      const fits = fitsShape(text, signs);
      if (fits === 'whole' || (fits === 'beginning' && near !== null))
        matches.push({ type, from, whole: fits === 'whole', near });
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

/**
 * Values that stand written as their shape is, whatever letters they have: those with letters of their own, and those of
 * types that need no words near them.
 */
export function findPackShapes(
  tokens: readonly Token[],
  text: string,
  types: readonly PackType[],
): Finding[] {
  if (types.length === 0) return [];
  const found: Finding[] = [];
  for (const { type, shapes } of ready(types))
    for (const { signs, tells } of shapes)
      for (const { start } of tells ? tokens : []) {
        const end = writtenEnd(text, start, signs);
        if (end !== null) found.push({ start, end, type, score: 0.97, why: `${type}: the pack's own shape` });
      }
  return found;
}

/** Where a value of this shape ends that starts here, with single marks between its signs; null where none does. */
function writtenEnd(text: string, start: number, signs: string): number | null {
  if (/[\p{L}\p{N}]/u.test(text[start - 1] ?? '')) return null;
  let at = start;
  for (const sign of signs) {
    if (at > start && /[-./ ]/.test(text[at] ?? '')) at += 1;
    if (!fitsSign((text[at] ?? '').toUpperCase(), sign)) return null;
    at += 1;
  }
  return /[\p{L}\p{N}]/u.test(text[at] ?? '') ? null : at;
}

/** Words and phrases that the pack keeps out of records wherever they are said. */
export function findPackWords(tokens: readonly Token[], types: readonly PackType[]): Finding[] {
  if (types.length === 0) return [];
  const found: Finding[] = [];
  const byFirst = new Map<string, (readonly [type: string, words: readonly string[]])[]>();
  for (const { type, words } of ready(types))
    for (const phrase of words)
      byFirst.set(phrase[0] ?? '', [...(byFirst.get(phrase[0] ?? '') ?? []), [type, phrase]]);
  for (const [at, first] of tokens.entries())
    for (const [type, wanted] of byFirst.get(first.text) ?? []) {
      const last = tokens[at + wanted.length - 1];
      if (!last || !wanted.every((word, offset) => tokens[at + offset]?.text === word)) continue;
      const why = `${type}: a word of the pack`;
      found.push({ start: first.start, end: last.end, type, score: 0.97, why });
    }
  return found;
}

/** Whether a text, a question say, speaks of one of the types. */
export function speaksOf(types: readonly PackType[], tokens: readonly Token[]): boolean {
  const words = spaced(tokens.map(({ text }) => text));
  return ready(types).some(({ near }) => near.some(([, phrase]) => words.includes(phrase)));
}

function spaced(words: readonly string[]): string {
  return ` ${words.join(' ')} `;
}

function fitsShape(value: string, signs: string): 'whole' | 'beginning' | null {
  if (value.length > signs.length) return null;
  for (let at = 0; at < value.length; at += 1) if (!fitsSign(value[at] ?? '', signs[at] ?? '')) return null;
  return value.length === signs.length ? 'whole' : 'beginning';
}

/** `A` a letter, `9` a digit, anything else itself; O and 0 are one, as they are when they are said. */
function fitsSign(char: string, sign: string): boolean {
  if (sign === 'A') return (char >= 'A' && char <= 'Z') || char === '0';
  if (sign === '9') return (char >= '0' && char <= '9') || char === 'O';
  return char === sign || (sign === 'O' && char === '0');
}
