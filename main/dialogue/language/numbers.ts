/** Numbers read from words (the British "and" is understood); base has the other way. */

import { ordinalInWords, TENS_IN_WORDS, UNITS_IN_WORDS } from '../../base/index.ts';

export {
  cardinalInWords as sayCardinal,
  digitsInWords as sayDigits,
  ordinalInWords as sayOrdinal,
  yearInWords as sayYear,
} from '../../base/index.ts';

const SCALES: readonly (readonly [string, number])[] = [
  ['trillion', 1e12],
  ['billion', 1e9],
  ['million', 1e6],
  ['thousand', 1e3],
];

const unitValues = new Map(UNITS_IN_WORDS.map((word, value) => [word, value]));
const tensValues = new Map(
  TENS_IN_WORDS.map((word, value) => [word, value * 10]).filter(([word]) => word !== '') as [
    string,
    number,
  ][],
);
const ordinalValues = new Map<string, number>(
  [...UNITS_IN_WORDS.keys(), 20, 30, 40, 50, 60, 70, 80, 90].map(
    (value) => [ordinalInWords(value), value] as const,
  ),
);

/** A number read from words: its value and the index behind its last word. */
export interface NumberMatch {
  readonly value: number;
  readonly end: number;
}

/** The words that begin or continue a number in speech grammars. */
export const DIGIT_WORDS: readonly string[] = UNITS_IN_WORDS.slice(0, 10);
export const TEEN_WORDS: readonly string[] = UNITS_IN_WORDS.slice(10);
export const TENS_WORDS: readonly string[] = TENS_IN_WORDS.slice(2);

/** 0..9 for a digit word ("oh" and "o" are 0), else undefined. */
export function digitValue(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (word === 'oh' || word === 'o') return 0;
  const value = unitValues.get(word);
  return value !== undefined && value < 10 ? value : undefined;
}

/** 10..19. */
export function teenValue(word: string | undefined): number | undefined {
  const value = word === undefined ? undefined : unitValues.get(word);
  return value !== undefined && value >= 10 ? value : undefined;
}

/** 20, 30 … 90. */
export function tensValue(word: string | undefined): number | undefined {
  return word === undefined ? undefined : tensValues.get(word);
}

/** 0..99: "seven", "twelve", "forty two". */
export function belowHundred(words: readonly string[], at: number): NumberMatch | null {
  const tens = tensValue(words[at]);
  if (tens !== undefined) {
    const unit = digitValue(words[at + 1]);
    const counts = unit !== undefined && unit > 0;
    return { value: tens + (counts ? unit : 0), end: at + (counts ? 2 : 1) };
  }
  const value = words[at] === undefined ? undefined : unitValues.get(words[at]);
  return value === undefined ? null : { value, end: at + 1 };
}

/** "a hundred and twenty", "twelve hundred", "three hundred five": up to 9,999 where hundreds are counted. */
function hundreds(words: readonly string[], at: number): NumberMatch | null {
  const first =
    words[at] === 'a' || words[at] === 'one' ? { value: 1, end: at + 1 } : belowHundred(words, at);
  const bare = words[at] === 'hundred' ? { value: 1, end: at } : first;
  if (bare === null) return null;
  if (words[bare.end] !== 'hundred' || bare.value === 0) return words[at] === 'a' ? null : bare;
  const rest = afterAnd(words, bare.end + 1, belowHundred);
  return { value: bare.value * 100 + (rest?.value ?? 0), end: rest?.end ?? bare.end + 1 };
}

/** The part of a number behind an optional "and". */
function afterAnd(
  words: readonly string[],
  at: number,
  read: (words: readonly string[], at: number) => NumberMatch | null,
): NumberMatch | null {
  const rest = read(words, words[at] === 'and' ? at + 1 : at);
  return rest !== null && rest.value > 0 ? rest : null;
}

/** A cardinal below a quadrillion, the longest reading from `at`; null when no number begins there. */
export function cardinal(words: readonly string[], at: number): NumberMatch | null {
  let total = 0;
  let position = at;
  let below = Number.POSITIVE_INFINITY;
  let read = false;
  while (true) {
    const joined = read && words[position] === 'and' ? position + 1 : position;
    const group = scaledGroup(words, joined, below);
    if (group === null || (read && group.value === 0)) break;
    total += group.value;
    position = group.end;
    read = true;
    if (group.scale === 1) break;
    below = group.scale;
  }
  return read ? { value: total, end: position } : null;
}

function scaledGroup(
  words: readonly string[],
  at: number,
  below: number,
): (NumberMatch & { readonly scale: number }) | null {
  const isArticle = words[at] === 'a' && SCALES.some(([word]) => word === words[at + 1]);
  const group = isArticle ? { value: 1, end: at + 1 } : hundreds(words, at);
  if (group === null) return null;
  const half = words[group.end] === 'and' && words[group.end + 1] === 'a' && words[group.end + 2] === 'half';
  const scaleAt = half ? group.end + 3 : group.end;
  const scale = SCALES.find(([word]) => word === words[scaleAt]);
  if (scale && scale[1] < below)
    return { value: (group.value + (half ? 0.5 : 0)) * scale[1], end: scaleAt + 1, scale: scale[1] };
  return group.value < below ? { ...group, scale: 1 } : null;
}

/** "second", "twenty third", "thirty first", and written "23rd": 1..99. */
export function ordinal(words: readonly string[], at: number): NumberMatch | null {
  const word = words[at];
  if (word === undefined) return null;
  const written = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(word);
  if (written) return { value: Number(written[1]), end: at + 1 };
  const tens = tensValue(word);
  const unit = ordinalValues.get(words[at + 1] ?? '');
  if (tens !== undefined && unit !== undefined && unit > 0 && unit < 10)
    return { value: tens + unit, end: at + 2 };
  const value = ordinalValues.get(word);
  return value === undefined ? null : { value, end: at + 1 };
}
