import type { Dictation } from './dictation.ts';
import { pieceAt } from './number-words.ts';
import type { Token } from './tokens.ts';

/**
 * What a record needs to read: amounts, times, counts, years. They are kept as they are, unless the words around
 * say that they are an identifier after all.
 */
export const UNITS: ReadonlySet<string> = new Set(
  `dollar dollars bucks pound pounds quid euro euros cent cents pence penny pennies yen won yuan rupees francs usd eur gbp
  percent per % minute minutes min mins hour hours hr hrs day days night nights week weeks month months year years yr
  second seconds times people persons adults kids children guests o'clock am pm miles mile km kilometers kilometres
  meters metres feet foot inches inch cm mm kilo kilos kg g grams mg milligrams mcg ml milliliters millilitres liters
  litres tablets pills doses degrees steps words points copies thousand million billion trillion k bn
  € £ ¥ ₩ ₹ $`.split(/\s+/),
);
/** More digits than an amount has: they are masked whatever stands beside them. */
const MOST_IN_AMOUNT = 7;

const MONEY =
  /(?:[$£€¥₩₹]|\b(?:USD|GBP|EUR|US\$)) ?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})?(?:\.\d{1,4})?(?![\d,]\d|\d|[ .-]\d)/g;
const GROUPED = /(?<![\d,.-])\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?(?![\d]|[-,. ]\d)/g;
const DECIMAL = /(?<![\d.,/-])\d{1,5}\.\d{1,2}(?![\d.]|[- ]\d)/g;
const CLOCK = /(?<![\d:.-])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])/g;

/** The tokens of amounts and times in figures. */
export function writtenQuantities(text: string, tokens: readonly Token[]): Set<number> {
  const kept = new Set<number>();
  for (const pattern of [MONEY, GROUPED, DECIMAL, CLOCK])
    for (const match of text.matchAll(pattern))
      if (/\d/.test(match[0])) keepWithin(tokens, match.index, match.index + match[0].length, kept);
  return kept;
}

function keepWithin(tokens: readonly Token[], start: number, end: number, kept: Set<number>): void {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < tokens.length && (tokens[at]?.end ?? end + 1) <= end; at += 1) kept.add(at);
}

/** Whether a value that was read is an amount, a count, a time or a year, by how it is said and what follows. */
export function isQuantity(tokens: readonly Token[], value: Dictation): boolean {
  if (value.letters > 0) return false;
  const after = tokens[value.to]?.text ?? '';
  if (UNITS.has(after) && value.exact <= MOST_IN_AMOUNT) return true;
  if (after === '-' && UNITS.has(tokens[value.to + 1]?.text ?? '') && value.exact <= MOST_IN_AMOUNT)
    return true;
  if (value.quantity) return value.digits < 13 || UNITS.has(after);
  return isTime(tokens, value) || isYear(tokens, value) || isDecimal(tokens, value);
}

const TIME_BEFORE = /^(at|around|by|until|till|before|after|from|to|about|between|past)$/;
const TIME_AFTER = /^(am|pm|a\.m|p\.m|o'clock|tomorrow|today|tonight|sharp|works)$/;

/** "at ten thirty", "half past", "nine oh five in the morning". */
export function isTime(tokens: readonly Token[], value: Dictation, asked = false): boolean {
  const hour = pieceAt(tokens, value.from);
  if (!hour || Number(hour.digits) > 12 || Number(hour.digits) < 1 || hour.digits.length > 2) return false;
  let rest = '';
  for (let at = hour.next; at < value.to; at = pieceAt(tokens, at)?.next ?? at + 1)
    rest += pieceAt(tokens, at)?.digits ?? '';
  if (rest.length > 2 || Number(rest) > 59 || value.digits !== hour.digits.length + rest.length) return false;
  if (tokens[value.from]?.kind === 'digits' && rest === '') return false;
  const before = tokens[value.from - 1]?.text ?? '';
  const after = tokens[value.to]?.text ?? '';
  const next = tokens[value.to + 1]?.text ?? '';
  const dayPart =
    TIME_AFTER.test(after) ||
    (after === 'in' && next === 'the') ||
    (/^[ap]$/.test(after) && /^(m|\.)$/.test(next)) ||
    (after === 'on' && /day$/.test(next));
  return asked || dayPart || TIME_BEFORE.test(before);
}

const YEAR_BEFORE =
  /^(in|since|until|of|year|from|during|by|before|after|around|circa|early|late|spring|summer|fall|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)$/;

function isYear(tokens: readonly Token[], value: Dictation): boolean {
  if (value.digits !== 4 || value.digitByDigit || !/^(1[1-9]|20|21)/.test(value.value)) return false;
  return YEAR_BEFORE.test(tokens[value.from - 1]?.text ?? '');
}

/** "twenty point five zero six", "point five": one point, few digits, nothing that counts as a group. */
function isDecimal(tokens: readonly Token[], value: Dictation): boolean {
  const points = tokens.slice(value.from, value.to).filter((token) => token.text === 'point').length;
  return points === 1 && value.exact <= 7 && (value.scaled > 0 || value.digits <= 9);
}
