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

/** Up to here a grammar counts the digits; longer numbers are said in free groups. */
const LONGEST_COUNTED = 4;
const ONE = '<digit>';
const TWO = '<digitPair>';

export const DIGIT_RULES: Readonly<Record<string, readonly string[]>> = {
  digit: [`(${DIGIT_WORDS.join('|')}|oh)`],
  digitPair: [
    `double <digit>`,
    `(${TEEN_WORDS.join('|')})`,
    `(${TENS_WORDS.join('|')}) [(${DIGIT_WORDS.slice(1).join('|')})]`,
  ],
  digitGroup: [
    '<digit>',
    '<digitPair>',
    'triple <digit>',
    '(one|two|three|four|five|six|seven|eight|nine) hundred',
  ],
};

/** `digits(n)` and `digits(n-m)`; `digits` alone takes 1 to 20. */
export function digitsSlot(least: number, most: number): SlotType {
  const spoken = most <= LONGEST_COUNTED ? counted(least, most) : `(<digitGroup>)+`;
  return {
    spoken,
    rules: DIGIT_RULES,
    match: (sentence, at) =>
      digitRuns(sentence, at)
        .filter(({ digits }) => digits.length >= least && digits.length <= most)
        .map(({ digits, end }): SlotMatch => ({ end, value: digits, mayGoOn: digits.length < most })),
    readBack: (value) => groups(value).map(sayDigits).join(', '),
  };
}

/** All ways of saying `least` to `most` digits in ones and twos. */
function counted(least: number, most: number): string {
  const ways = (count: number): string[] => {
    if (count === 0) return [''];
    const after = (head: string, rest: number) => ways(rest).map((way) => `${head} ${way}`.trim());
    return [...after(ONE, count - 1), ...(count > 1 ? after(TWO, count - 2) : [])];
  };
  const all: string[] = [];
  for (let count = least; count <= most; count += 1) all.push(...ways(count));
  if (least <= 3 && most >= 3) all.push('triple <digit>');
  if (most === 4) all.push('triple <digit> <digit>', '<digit> triple <digit>');
  return `(${all.join('|')})`;
}

/** Every run of digits from token `at` on, shortest first. */
export function digitRuns({ words }: Sentence, at: number): { digits: string; end: number }[] {
  const runs: { digits: string; end: number }[] = [];
  let digits = '';
  let position = at;
  while (position < words.length && digits.length < 32) {
    const group = digitGroup(words, position);
    if (group === null) break;
    digits += group.digits;
    position = group.end;
    runs.push({ digits, end: position });
  }
  return runs;
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
