/** Values of every type that the issue lists, made by their rules, and the sentences in which people tell them. */
import { spokenIn } from './spoken-forms.ts';

type Random = () => number;

/** One value as it is written and, where somebody could say it, as it is said. */
export interface SaidValue {
  readonly type: string;
  readonly written: string;
  readonly spoken: string;
}

const pick = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
const LETTERS = 'ABCEGHJKMNPRTWXY';
const letters = (random: Random, count: number) =>
  Array.from({ length: count }, () => pick(random, Array.from(LETTERS))).join('');
const NATO: Readonly<Record<string, string>> = Object.fromEntries(
  `alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango
  uniform victor whiskey xray yankee zulu`
    .split(/\s+/)
    .map((word) => [word.charAt(0).toUpperCase(), word]),
);

/** `A` a letter, `9` a digit, anything else itself. */
const inShape = (random: Random, shape: string) =>
  shape.replace(/[A9]/g, (sign) => (sign === 'A' ? letters(random, 1) : digits(random, 1)));

/** Letters by name or by the spelling alphabet, digits in every way. */
function said(value: string, random: Random): string {
  const byAlphabet = random() < 0.4;
  return value
    .replace(/[^A-Za-z0-9]/g, '')
    .replace(/[A-Z]|\d+/gi, (part) =>
      /\d/.test(part)
        ? ` ${spokenIn(part, random)} `
        : ` ${byAlphabet && part !== 'X' ? NATO[part.toUpperCase()] : part.toLowerCase()} `,
    )
    .replace(/\s+/g, ' ')
    .trim();
}

const SHAPES: Readonly<Record<string, readonly string[]>> = {
  card: ['9999 9999 9999 9999', '9999999999999999', '9999-9999-9999-9999', '9999 999999 99999'],
  cvv: ['999', '9999'],
  account: ['99999999', '9999999999', '999 999 9999', '999999999999'],
  routing: ['999999999', '99-99-99'],
  iban: ['GB99 AAAA 9999 9999 9999 99', 'DE99 9999 9999 9999 9999 99', 'FR99 9999 9999 9999 9999 9999 999'],
  ssn: ['999-99-9999', '999 99 9999', '999999999'],
  nino: ['AB 99 99 99 C', 'AB999999C'],
  nhs: ['999 999 9999', '9999999999'],
  npi: ['1999999999', '2999999999'],
  mbi: ['1EG4-TE9-MK99', '9AA9-AA9-AA99'],
  mrn: ['99999999', 'A999999', '9999-999'],
  phone: ['(999) 999-9999', '999-999-9999', '+44 9999 999999', '999.999.9999'],
  pin: ['9999', '999999'],
  code: ['999999', '99 99 99', '9999'],
};
/** Sentences around a value; `#` stands for it. Those without a word about it are in every list. */
const CARRIERS: Readonly<Record<string, readonly string[]>> = {
  card: ['my card number is #', 'the card is # thanks', 'charge it to # please', 'it is #', 'visa #', '#'],
  cvv: ['the security code is #', 'cvv #', 'my c v v is #', 'the three digits on the back are #'],
  account: ['my account number is #', 'from account # please', 'the account is #', 'put it into #'],
  routing: ['the routing number is #', 'sort code #', 'routing #', 'my a b a is #'],
  iban: ['my iban is #', 'send it to # please', 'the iban # belongs to me', '#'],
  ssn: ['my social is #', 'social security number #', 'my s s n is #', 'it is #'],
  nino: ['my national insurance number is #', 'n i number #', 'nino #', 'it is # thanks'],
  nhs: ['my nhs number is #', 'n h s number #', 'the nhs number was #', 'it is #'],
  npi: ['the npi is #', 'my n p i is #', 'provider number #', 'it is #'],
  mbi: ['my medicare number is #', 'medicare #', 'the m b i is #', 'it is #'],
  mrn: ['my medical record number is #', 'mrn #', 'chart number # please', 'patient number #'],
  phone: ['call me on #', 'my phone number is #', 'you can reach me at # today', 'my mobile is #', '#'],
  pin: ['my pin is #', 'the pin was #', 'pin #', 'i use the pin #'],
  code: ['the code is #', 'they texted me #', 'my verification code is #', 'one time code #'],
};
export const DIGIT_TYPES = Object.keys(SHAPES);
export const carriersOf = (type: string): readonly string[] => CARRIERS[type] ?? ['#'];

/** A value of a type, made anew. */
export function madeValue(type: string, random: Random): SaidValue {
  const written = inShape(random, pick(random, SHAPES[type] ?? ['9999']));
  return { type, written, spoken: said(written, random) };
}

const BETWEEN = /^(uh|no|sorry|and|then|dash|double)$/;

/** Nothing is left of a turn that was a value or a part of one, but what stands between digits. */
export function isAllGone(masked: string): boolean {
  const left = masked.replace(/\[[a-z-]+\]/g, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  return left.every((word) => BETWEEN.test(word));
}

/** Nothing is left of the value: around the mask stands what stood around the value, and no more. */
export function isGone(masked: string, carrier: string): boolean {
  const [before = '', after = ''] = carrier.split('#');
  const middle = masked.slice(before.length, masked.length - after.length);
  return masked.startsWith(before) && masked.endsWith(after) && /^(\[[a-z-]+\][ ,.]*)+$/.test(middle);
}
