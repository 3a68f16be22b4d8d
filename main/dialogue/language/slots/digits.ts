/**
 * Digits said in groups: single, "double five", "triple oh", pairs ("fifty five", "twelve"), "eight hundred".
 */
import {
  belowHundred,
  DIGIT_WORDS,
  digitValue,
  sayDigits,
  TEEN_WORDS,
  TENS_WORDS,
  tensValue,
} from '../numbers.ts';
import type { Sentence, SlotMatch, SlotType } from './slot-type.ts';

/** Ranges up to this wide are counted in pairs too; behind the least count of wider ones, digits come one by one. */
const WIDEST_IN_PAIRS = 6;
/** Digits read in one run. */
const LONGEST_READ = 32;

export const DIGIT_RULES: Readonly<Record<string, readonly string[]>> = {
  digit: [`(${DIGIT_WORDS.join('|')}|/0.6/ oh)`],
  digitPair: [
    `(/0.2/ double <digit>|/0.3/ (${TEEN_WORDS.join('|')})|/0.5/ (${TENS_WORDS.join('|')}) [/0.8/ (${DIGIT_WORDS.slice(1).join('|')})])`,
  ],
  twoDigits: ['(/0.9/ <digit> <digit>|/0.1/ <digitPair>)'],
  threeDigits: [
    '(/0.8/ <digit> <digit> <digit>|/0.1/ <digit> <digitPair>|/0.03/ <digitPair> <digit>|/0.03/ triple <digit>|/0.04/ (one|two|three|four|five|six|seven|eight|nine) hundred)',
  ],
};

/** `digits(n)` and `digits(n-m)`; `digits` alone takes 1 to 20. */
export function digitsSlot(least: number, most: number): SlotType {
  return {
    spoken: spokenDigits(least, most),
    rules: DIGIT_RULES,
    match: (sentence, at) => {
      const runs = digitRuns(sentence, at);
      return runs
        .filter(({ digits }) => digits.length >= least && digits.length <= most)
        .map(({ digits, end }): SlotMatch => {
          const mayGoOn =
            digits.length < most ||
            tensValue(sentence.words[end - 1]) !== undefined ||
            isLong(runs, digits, end);
          return { end, value: digits, mayGoOn };
        });
    },
    readBack: (value) => groups(value).map(sayDigits).join(', '),
  };
}

/**
 * Whether the same words can be fewer digits: "thirty seven" is 37 sooner than 30 and 7, and is what "three seven" is
 * often taken for. Then one more may come.
 */
function isLong(runs: ReturnType<typeof digitRuns>, digits: string, end: number): boolean {
  return runs.some((other) => other.end === end && other.digits.length < digits.length);
}

/**
 * `least` to `most` digits, counted: a grammar that let them run on would hear breaths and echoes as more of them.
 * A number of so many digits is said one by one, in twos or in threes.
 */
export function spokenDigits(least: number, most: number): string {
  if (most - least <= WIDEST_IN_PAIRS && most > least) {
    const counts = Array.from({ length: most - least + 1 }, (_, more) => digitsExactly(least + more));
    return `(${counts.join('|')})`;
  }
  const more = Array.from({ length: most - least }).reduce<string>(
    (behind) => `[<digit>${behind === '' ? '' : ` ${behind}`}]`,
    '',
  );
  return `${digitsExactly(least)} ${more}`.trim();
}

/** Ways of saying exactly so many digits. */
export function digitsExactly(count: number): string {
  const inThrees = (from: number): string[] =>
    from < 3 || from === 4 ? inTwos(from) : ['<threeDigits>', ...inThrees(from - 3)];
  if (count <= 3) return inThrees(count).join(' ');
  const ways = [`/0.8/ ${inTwos(count).join(' ')}`, `/0.2/ ${inThrees(count).join(' ')}`];
  if (count % 2 === 1) ways.push(`/0.1/ ${inTwos(count).toReversed().join(' ')}`);
  if (count === 4) ways[1] = '/0.05/ (triple <digit> <digit>|<digit> (triple <digit>|<digitPair> <digit>))';
  return `(${ways.join('|')})`;
}

function inTwos(count: number): string[] {
  const pairs = Array.from({ length: Math.floor(count / 2) }, () => '<twoDigits>');
  return count % 2 === 1 ? [...pairs, '<digit>'] : pairs;
}

/**
 * Every run of digits from token `at` on, shortest first. "Seventy eight" is 78 before it is 70 and 8: both are given,
 * for only the count that is asked for can tell.
 */
export function digitRuns({ words }: Sentence, at: number): { digits: string; end: number }[] {
  const reached = new Map<number, Map<number, string>>([[at, new Map([[0, '']])]]);
  const reach = (end: number, digits: string) => {
    const there = reached.get(end) ?? new Map<number, string>();
    reached.set(end, there);
    if (digits.length <= LONGEST_READ && !there.has(digits.length)) there.set(digits.length, digits);
  };
  for (let position = at; position < words.length; position += 1) {
    const joined = reached.has(position) ? digitGroup(words, position) : null;
    if (joined === null) continue;
    const tens = tensValue(words[position]);
    for (const digits of reached.get(position)?.values() ?? []) {
      reach(joined.end, digits + joined.digits);
      if (tens !== undefined && joined.end > position + 1) reach(position + 1, `${digits}${tens}`);
    }
  }
  reached.delete(at);
  return [...reached]
    .sort(([a], [b]) => a - b)
    .flatMap(([end, readings]) =>
      [...readings].sort(([a], [b]) => a - b).map(([, digits]) => ({ digits, end })),
    );
}

function digitGroup(words: readonly string[], at: number): { digits: string; end: number } | null {
  const word = words[at] ?? '';
  if (/^\d[\d.,/-]*$/.test(word)) return { digits: word.replaceAll(/\D/g, ''), end: at + 1 };
  const times = { double: 2, triple: 3 }[word];
  if (times !== undefined) {
    const repeated = /^\d$/.test(words[at + 1] ?? '') ? Number(words[at + 1]) : digitValue(words[at + 1]);
    return repeated === undefined ? null : { digits: String(repeated).repeat(times), end: at + 2 };
  }
  const digit = digitValue(word);
  if (digit !== undefined)
    return words[at + 1] === 'hundred' && digit > 0
      ? { digits: `${digit}00`, end: at + 2 }
      : { digits: String(digit), end: at + 1 };
  const pair = belowHundred(words, at);
  if (pair !== null) return { digits: String(pair.value), end: pair.end };
  return tensValue(word) === undefined ? null : { digits: String(tensValue(word)), end: at + 1 };
}

/** Groups of three and four as people read numbers aloud: 10 digits are 3-3-4, 16 are 4-4-4-4. */
export function groups(digits: string): string[] {
  if (digits.length <= 4) return [digits];
  const size = digits.length % 4 === 0 ? 4 : 3;
  const found: string[] = [];
  let rest = digits;
  while (rest.length > size + 1 || rest.length === size * 2) {
    found.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return rest === '' ? found : [...found, rest];
}
