import { SPELLING } from './dictation.ts';
import { pieceAt } from './number-words.ts';
import type { Token } from './tokens.ts';

/** A calendar date in a text: token indices, and its year where it has one. */
export interface FoundDate {
  readonly from: number;
  readonly to: number;
  readonly year: number | null;
  /** Day, month and year: enough to be a birth date. */
  readonly whole: boolean;
}

const MONTHS: ReadonlySet<string> = new Set(
  `january february march april may june july august september october november december
  jan feb mar apr jun jul aug sep sept oct nov dec`.split(/\s+/),
);
const ORDINALS: ReadonlySet<string> = new Set(
  `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
  sixteenth seventeenth eighteenth nineteenth twentieth thirtieth`.split(/\s+/),
);
const NUMERIC =
  /(?<![\d./-])(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})([-/.])(\d{1,2})\5(\d{4}|\d{2}))(?![\d/]|[-.]\d)/g;

/** Dates written in figures, in words, or both, spoken ones too. */
export function datesIn(text: string, tokens: readonly Token[]): FoundDate[] {
  return [...inFigures(text, tokens), ...inWords(tokens)];
}

function inFigures(text: string, tokens: readonly Token[]): FoundDate[] {
  const found: FoundDate[] = [];
  for (const match of text.matchAll(NUMERIC)) {
    const [, iso, isoMonth, isoDay, first, , second, last] = match;
    const parts = iso ? [Number(isoMonth), Number(isoDay)] : [Number(first), Number(second)];
    const plausible = parts.every((part) => part >= 1 && part <= 31) && Math.min(...parts) <= 12;
    if (!plausible) continue;
    const from = tokens.findIndex((token) => token.start === match.index);
    const end = match.index + match[0].length;
    let to = from;
    while (to < tokens.length && (tokens[to]?.end ?? end) <= end) to += 1;
    if (from >= 0) found.push({ from, to, year: fullYear(iso ?? last ?? ''), whole: true });
  }
  return found;
}

function fullYear(digits: string): number | null {
  if (digits.length === 4) return Number(digits);
  // Of two digits: this century until it would lie far ahead.
  return digits.length === 2 ? (Number(digits) > 35 ? 1900 : 2000) + Number(digits) : null;
}

function inWords(tokens: readonly Token[]): FoundDate[] {
  const found: FoundDate[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (!MONTHS.has(tokens[at]?.text ?? '') || isSpelled(tokens, at)) continue;
    const before = dayBefore(tokens, at);
    const afterMonth = skip(tokens, at + 1);
    const after = before === null ? dayAt(tokens, afterMonth) : null;
    const dayEnds = after ?? at + 1;
    const year = yearAt(tokens, skip(tokens, dayEnds));
    const hasDay = before !== null || after !== null;
    // "november seven zero one": a letter and digits.
    if (!year && after !== null && tokens[at]?.text === 'november' && pieceAt(tokens, after)) continue;
    if (!hasDay && !year) continue;
    found.push({
      from: before ?? at,
      to: year?.next ?? dayEnds,
      year: year?.year ?? null,
      whole: hasDay && year !== null,
    });
    at = (year?.next ?? dayEnds) - 1;
  }
  return found;
}

/** "bravo twenty nine november whiskey": a letter of the spelling alphabet. */
function isSpelled(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.text !== 'november') return false;
  return [at - 1, at + 1].some((beside) => {
    const word = tokens[beside]?.text ?? '';
    return SPELLING.has(word) || /^[b-hj-z]$/.test(word);
  });
}

/** "the fifteenth of", "15th", "15", "fifteen" before the month: where it starts. */
function dayBefore(tokens: readonly Token[], month: number): number | null {
  let at = month - 1;
  if (/^[-./]$/.test(tokens[at]?.text ?? '')) at -= 1;
  if (tokens[at]?.text === 'of') at -= 1;
  for (const back of [3, 2, 1, 0]) {
    const start = at - back;
    if (start >= 0 && dayAt(tokens, start) === at + 1)
      return tokens[start - 1]?.text === 'the' ? start - 1 : start;
  }
  return null;
}

/** A day of the month: where it ends. */
function dayAt(tokens: readonly Token[], start: number): number | null {
  const at = tokens[start]?.text === 'the' ? start + 1 : start;
  const token = tokens[at];
  if (!token) return null;
  if (token.kind === 'digits') {
    if (token.text.length > 2 || Number(token.text) < 1 || Number(token.text) > 31) return null;
    return /^(st|nd|rd|th)$/.test(tokens[at + 1]?.text ?? '') ? at + 2 : at + 1;
  }
  if (ORDINALS.has(token.text)) return at + 1;
  if (/^(twenty|thirty)$/.test(token.text)) {
    const unit = tokens[at + 1]?.text === '-' ? at + 2 : at + 1;
    if (ORDINALS.has(tokens[unit]?.text ?? '')) return unit + 1;
  }
  const piece = pieceAt(tokens, at);
  if (!piece || piece.scaled) return null;
  return Number(piece.digits) >= 1 && Number(piece.digits) <= 31 ? piece.next : null;
}

/** "2012", "'81", "twenty twelve", "nineteen oh six", "two thousand and six". */
function yearAt(tokens: readonly Token[], start: number): { year: number; next: number } | null {
  const at = /^(in|of)$/.test(tokens[start]?.text ?? '') ? start + 1 : start;
  const first = pieceAt(tokens, at);
  if (!first) return null;
  const value = Number(first.digits);
  if (value >= 1100 && value <= 2199) return { year: value, next: first.next };
  if (first.digits.length === 2 && value >= 11 && value <= 21) {
    let digits = '';
    let next = first.next;
    while (digits.length < 2) {
      const piece = pieceAt(tokens, next);
      if (!piece || piece.scaled || digits.length + piece.digits.length > 2) break;
      digits += piece.digits;
      next = piece.next;
    }
    if (digits.length === 2) return { year: Number(first.digits + digits), next };
  }
  if (first.digits.length === 2 && !first.scaled)
    return { year: fullYear(first.digits) ?? value, next: first.next };
  return null;
}

function skip(tokens: readonly Token[], start: number): number {
  let at = start;
  while (/^[-,./']$/.test(tokens[at]?.text ?? '') && at - start < 2) at += 1;
  return at;
}
