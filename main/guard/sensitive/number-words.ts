import { TENS_IN_WORDS, UNITS_IN_WORDS } from '../../base/index.ts';
import type { Token } from './tokens.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ...UNITS_IN_WORDS.slice(0, 10).map((word, at) => [word, at] as const),
  ...['oh', 'o', 'nought', 'naught', 'nil'].map((word) => [word, 0] as const),
  ['niner', 9],
]);
const TEENS: ReadonlyMap<string, number> = new Map(
  UNITS_IN_WORDS.slice(10).map((word, at) => [word, 10 + at]),
);
const TENS: ReadonlyMap<string, number> = new Map(
  TENS_IN_WORDS.slice(2).map((word, at) => [word, 20 + 10 * at]),
);
export const REPEATS: ReadonlyMap<string, number> = new Map([
  ['double', 2],
  ['triple', 3],
  ['treble', 3],
  ['quadruple', 4],
]);
const SCALES: ReadonlyMap<string, bigint> = new Map([
  ['hundred', 100n],
  ['thousand', 1_000n],
  ['million', 1_000_000n],
  ['billion', 1_000_000_000n],
  ['trillion', 1_000_000_000_000n],
  ['quadrillion', 1_000_000_000_000_000n],
  ['quintillion', 1_000_000_000_000_000_000n],
]);

/** A number as it is said in one piece: "4929", "four", "double one", "fifty five", "eight hundred and two". */
export interface Piece {
  /** The digits that it stands for. */
  readonly digits: string;
  /** It has "hundred", "thousand"…: a quantity, rather than digits of a number being dictated. */
  readonly scaled: boolean;
  /** One spoken digit ("four", "oh"). */
  readonly single: boolean;
  /** Index of the token after it. */
  readonly next: number;
}

/** The piece of a number that starts at a token, if one does. */
export function pieceAt(tokens: readonly Token[], at: number): Piece | null {
  const token = tokens[at];
  if (!token) return null;
  if (token.kind === 'digits') return { digits: token.text, scaled: false, single: false, next: at + 1 };
  if (token.kind !== 'word') return null;
  const repeat = REPEATS.get(token.text);
  if (repeat !== undefined) return repeated(tokens, at + 1, repeat);
  const small = belowHundred(tokens, at);
  if (!small) return null;
  const { value, next } = small;
  if (SCALES.has(tokens[next]?.text ?? '')) return cardinal(tokens, at);
  return { digits: String(value), scaled: false, single: UNITS.has(token.text), next };
}

function repeated(tokens: readonly Token[], at: number, times: number): Piece | null {
  const token = tokens[at];
  const digit = token?.kind === 'digits' && token.text.length === 1 ? token.text : unitOf(token);
  return digit === null ? null : { digits: digit.repeat(times), scaled: false, single: false, next: at + 1 };
}

function unitOf(token: Token | undefined): string | null {
  const value = UNITS.get(token?.text ?? '');
  return value === undefined ? null : String(value);
}

/** "four" 4, "fourteen" 14, "forty" 40, "forty four" and "forty-four" 44. */
function belowHundred(tokens: readonly Token[], at: number): { value: number; next: number } | null {
  const word = tokens[at]?.text ?? '';
  const plain = UNITS.get(word) ?? TEENS.get(word);
  if (plain !== undefined) return { value: plain, next: at + 1 };
  const tens = TENS.get(word);
  if (tens === undefined) return null;
  const hyphened = tokens[at + 1]?.text === '-' && tokens[at + 1]?.start === tokens[at]?.end;
  const unit = UNITS.get(tokens[at + (hyphened ? 2 : 1)]?.text ?? '');
  // "forty oh two": the oh is a digit of its own.
  if (!unit) return { value: tens, next: at + 1 };
  return { value: tens + unit, next: at + (hyphened ? 3 : 2) };
}

/** "eight hundred and fifty four thousand and two". */
function cardinal(tokens: readonly Token[], start: number): Piece {
  let total = 0n;
  let group = 0n;
  let at = start;
  let ceiling = 10n ** 21n;
  for (;;) {
    const small = belowHundred(tokens, at);
    if (!small || BigInt(small.value) >= ceiling) break;
    // "eight hundred five five": the second five is dictated, not counted.
    if (group % 100n !== 0n) break;
    group += BigInt(small.value);
    at = small.next;
    if (tokens[at]?.text === 'hundred') {
      group *= 100n;
      at += 1;
    }
    const scale = SCALES.get(tokens[at]?.text ?? '');
    if (scale !== undefined && scale > 100n && scale < ceiling) {
      total += group * scale;
      group = 0n;
      ceiling = scale;
      at += 1;
    } else if (group % 100n !== 0n) break;
    if (tokens[at]?.text === 'and' && belowHundred(tokens, at + 1)) at += 1;
  }
  return { digits: String(total + group), scaled: true, single: false, next: at };
}
