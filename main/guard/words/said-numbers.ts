import { pieceAt } from '../sensitive/number-words.ts';
import { UNITS } from '../sensitive/quantities.ts';
import { type Token, tokensOf } from '../sensitive/tokens.ts';

/**
 * Numbers and days that a text tells, in a form in which two texts can be compared: "$1,250.75", "1250.750" and a JSON
 * number are one, and so are "four four five one" and "4451".
 */
interface SaidNumber {
  /** Each part as digits without leading noughts: "(202) 555-0101" has three, "nine thirty" two. */
  readonly parts: readonly string[];
  /** Digits said one at a time: only all of them together are a number. */
  readonly spelled: boolean;
}

const MONTHS: ReadonlySet<string> = new Set(
  'january february march april may june july august september october november december'.split(' '),
);
const WEEKDAYS: ReadonlySet<string> = new Set(
  'monday tuesday wednesday thursday friday saturday sunday'.split(' '),
);
const ORDINALS: ReadonlyMap<string, number> = new Map(
  `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
  seventeenth eighteenth nineteenth twentieth`
    .split(/\s+/)
    .map((word, at) => [word, at + 1]),
);
/** A clock time, or figures with commas and a decimal point. */
const FIGURE = /(\d{1,2}):(\d{2})(?!\d)|\d[\d,]*(?:\.\d+)?/g;
/** Marks within one number: "(202) 555-0101", "4929 1312". */
const WITHIN = /^[ ()./-]{1,3}$/;
/** Fewer digits than this must be a whole number of the grounds, more may be a part of one: the last four of a card. */
const PART_OF = 4;

/** Whether all numbers, weekdays and months of a text are told in the grounds. */
export function numbersGrounded(text: string, grounds: readonly string[]): boolean {
  const said = numbersIn(text);
  const days = daysIn(text);
  if (said.length === 0 && days.size === 0) return true;
  const known = new Set<string>();
  const knownDays = new Set<string>();
  for (const ground of grounds) {
    for (const number of numbersIn(ground)) for (const each of spellings(number)) known.add(each);
    for (const also of otherForms(ground)) known.add(also);
    for (const day of daysIn(ground)) knownDays.add(day);
  }
  const long = [...known].filter((digits) => digits.length > PART_OF).join(' ');
  const isKnown = (digits: string) =>
    known.has(digits) || (digits.length >= PART_OF && long.includes(digits));
  for (const { parts, spelled } of said)
    if (!isKnown(parts.join('')) && (spelled || !parts.every(isKnown))) return false;
  return [...days].every((day) => knownDays.has(day));
}

function spellings({ parts, spelled }: SaidNumber): readonly string[] {
  return spelled ? [parts.join('')] : [parts.join(''), ...parts];
}

function numbersIn(text: string): SaidNumber[] {
  return [...inFigures(text), ...inWords(text)];
}

function inFigures(text: string): SaidNumber[] {
  const found: { parts: string[]; spelled: boolean }[] = [];
  let end = -1;
  for (const match of text.matchAll(FIGURE)) {
    const parts = match[1] === undefined ? [plain(match[0])] : [plain(match[1]), match[2] ?? ''];
    const last = found.at(-1);
    if (last && WITHIN.test(text.slice(end, match.index))) last.parts.push(...parts);
    else found.push({ parts, spelled: false });
    end = match.index + match[0].length;
  }
  return found;
}

/** "1,250.750" is 125075, "007" is 7. */
function plain(figure: string): string {
  const [whole = '', fraction = ''] = figure.replace(/,/g, '').split('.');
  return (whole + fraction.replace(/0+$/, '')).replace(/^0+(?=\d)/, '');
}

/** The parts of amounts, and times of the afternoon, as they are told in words: "1204.50" also 1204 and 50, "14:30" 2 and 30. */
function otherForms(text: string): string[] {
  const found: string[] = [];
  for (const [, whole = '', fraction = ''] of text.matchAll(/(\d[\d,]*)\.(\d+)/g))
    found.push(plain(whole), plain(fraction), plain(fraction.padEnd(2, '0')));
  for (const [, hour = '', minutes = ''] of text.matchAll(/(\d{1,2}):(\d{2})/g)) {
    const twelve = String(Number(hour) % 12 || 12);
    found.push(twelve, plain(hour), plain(minutes), twelve + minutes);
  }
  return found;
}

function inWords(text: string): SaidNumber[] {
  const tokens = tokensOf(text);
  const found: SaidNumber[] = [];
  for (let at = 0; at < tokens.length; ) {
    if (tokens[at]?.kind === 'digits') {
      at += 1;
      continue;
    }
    const ordinal = ordinalAt(tokens, at);
    if (ordinal !== null) found.push({ parts: [String(ordinal)], spelled: false });
    const run = runAt(tokens, at);
    if (run.parts.length > 0 && !isFiller(tokens, at, run)) found.push(run);
    at = Math.max(run.next, at + 1);
  }
  return found;
}

/** Number words that stand beside each other. */
function runAt(tokens: readonly Token[], start: number): SaidNumber & { readonly next: number } {
  const parts: string[] = [];
  let spelled = true;
  let next = start;
  for (let at = start; at < tokens.length; ) {
    const piece = tokens[at]?.kind === 'word' ? pieceAt(tokens, at) : null;
    if (!piece) {
      if (parts.length === 0 || !/^[,-]$/.test(tokens[at]?.raw ?? '')) break;
      at += 1;
      continue;
    }
    parts.push(piece.digits);
    spelled &&= piece.single;
    next = piece.next;
    at = next;
  }
  return { parts, spelled: spelled && parts.length > 1, next };
}

/** "one moment", "oh": words that tell no number, unless something is counted by them. */
function isFiller(tokens: readonly Token[], at: number, { parts, next }: SaidNumber & { next: number }) {
  if (parts.length > 1 || !/^(one|oh|o)$/.test(tokens[at]?.text ?? '')) return false;
  return !UNITS.has(tokens[next]?.text ?? '');
}

/** "second" beside a month or a weekday. */
function ordinalAt(tokens: readonly Token[], at: number): number | null {
  const token = tokens[at];
  const tens = /^(twenty|thirty)$/.exec(token?.text ?? '')?.[0];
  const unit = ORDINALS.get(tokens[tens ? at + 1 : at]?.text ?? '');
  const value = tens ? (tens === 'twenty' ? 20 : 30) + (unit ?? 0) : token?.text === 'thirtieth' ? 30 : unit;
  if (value === undefined || (tens && unit === undefined)) return null;
  const near = [-2, -1, 1, 2, 3].map((offset) => tokens[at + offset]?.text ?? '');
  return near.some((word) => MONTHS.has(word) || WEEKDAYS.has(word)) ? value : null;
}

/** Months and weekdays; "may" and "march" only beside a number or in capitals within a sentence. */
function daysIn(text: string): Set<string> {
  const found = new Set<string>();
  const words = [...text.matchAll(/[\p{L}\d']+/gu)].map(([word]) => word);
  for (const [at, word] of words.entries()) {
    const day = word.toLowerCase().replace(/'?s$/, '');
    if (WEEKDAYS.has(day)) found.add(day);
    else if (MONTHS.has(day) && (!/^(may|march)$/.test(day) || isMonth(words, at))) found.add(day);
  }
  for (const [, month = ''] of text.matchAll(/\b\d{4}-(\d{2})-\d{2}/g)) {
    const named = [...MONTHS][Number(month) - 1];
    if (named !== undefined) found.add(named);
  }
  for (const [date] of text.matchAll(/\b\d{4}-\d{2}-\d{2}/g)) {
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    const named = [...WEEKDAYS][(weekday + 6) % 7];
    if (named !== undefined) found.add(named);
  }
  return found;
}

function isMonth(words: readonly string[], at: number): boolean {
  const beside = `${words[at - 1] ?? ''} ${words[at + 1] ?? ''}`.toLowerCase();
  return /\d|\b(of|twenty|thirty)\b/.test(beside) || beside.split(' ').some((word) => ORDINALS.has(word));
}
