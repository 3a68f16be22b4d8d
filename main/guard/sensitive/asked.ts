import { BETWEEN, SPELLING } from './dictation.ts';
import type { Finding } from './finding.ts';
import { REPEATS } from './number-words.ts';
import { isCommon } from './ordinary-words.ts';
import type { Token } from './tokens.ts';

/** What a question asks for whose answer is words that nothing else gives away, and what its type is. */
const QUESTIONS: readonly (readonly [type: string, question: RegExp])[] = [
  [
    'password',
    /\b(?:password|passphrase|pass ?word|(?:memorable|secret|security|code) word|security answer)\b/i,
  ],
  [
    'name',
    /\b(?:your|the|last|first|full|family|maiden|middle|given) (?:\w+ )?(?:name|surname)\b|\bsurname\b/i,
  ],
  ['address', /\b(?:your|the|home|postal|mailing|billing|street) address\b|\bwhere do you live\b/i],
];
/** Longer answers are sentences: what is in them is found as in any other. */
const MOST_WORDS = 6;
/** Words around the answer, and answers that are none. */
const AROUND: ReadonlySet<string> = new Set(
  `it its it's is that's that i am i'm my the name first last full and yes yeah no not okay ok sorry please thanks thank you um uh
  er well so what why who when how do don't know can could cancel stop help repeat again wait nothing none teller person
  receptionist human say`.split(/\s+/),
);

/** The answer to a question for a name, a password or an address: a short turn of it is nothing else. */
export function findAsked(tokens: readonly Token[], question: string): Finding[] {
  // "What is your e-mail address" asks for something that is found by its form.
  const plain = question.replace(/\be-?mail address\b/gi, '');
  const type = QUESTIONS.find(([, asks]) => asks.test(plain))?.[0];
  const words = tokens.filter(({ kind }) => kind !== 'mark');
  if (type === undefined || words.length > MOST_WORDS) return [];
  const told = tokens.filter(({ kind, text }) => kind !== 'mark' && !AROUND.has(text));
  const isOrdinary = told.every(({ text }) => /^[ai]$/.test(text) || (isCommon(text) && text.length > 1));
  const [first, last] = [told[0], told.at(-1)];
  if (!first || !last || (isOrdinary && type !== 'password')) return [];
  return [{ start: first.start, end: last.end, type, score: 0.6, why: `${type}: asked for` }];
}

/** The letters of an identifier that was asked for, in a turn without a digit: "g b", "whiskey bravo double". */
export function findSpelled(tokens: readonly Token[], type: string | null): Finding[] {
  const words = tokens.filter(({ kind }) => kind !== 'mark');
  const letters = words.filter(({ raw, text }) => /^\p{L}$/u.test(raw) || SPELLING.has(text));
  const others = words.filter((word) => !letters.includes(word));
  const [first, last] = [letters[0], letters.at(-1)];
  if (type === null || letters.length < 2 || !first || !last) return [];
  if (!others.every(({ text }) => BETWEEN.has(text) || REPEATS.has(text))) return [];
  return [{ start: first.start, end: last.end, type, score: 0.5, why: `${type}: letters, asked for` }];
}
