import { cardinalInWords, digitsInWords } from '../../base/index.ts';

/** Small parts that all rules of this folder speak with. */

/** "1,204" as a number in words. */
export function wholeNumber(digits: string): string {
  return cardinalInWords(BigInt(digits.replaceAll(',', '') || '0'));
}

/** "1,204.50" as "one thousand two hundred four point five zero". */
export function decimal(whole: string, fraction: string): string {
  return fraction === ''
    ? wholeNumber(whole)
    : `${whole === '' ? 'zero' : wholeNumber(whole)} point ${digitsInWords(fraction)}`;
}

/**
 * Digits one by one, with a pause between groups: three by three to nine digits, as telephone numbers at ten (3-3-4), four
 * by four beyond (cards, accounts).
 */
export function digitGroups(digits: string): string {
  return grouped(digits).map(digitsInWords).join(', ');
}

/**
 * Letters by their names. "A.T.M." and not "A T M": engines read a lone A as the article, and dotted capitals as letters.
 */
export function letterNames(letters: string): string {
  const capitals = letters.toUpperCase();
  if (capitals.length > 1) return [...capitals].map((letter) => `${letter}.`).join('');
  return capitals === 'A' ? ', A,' : capitals;
}

/** Whether a run of letters can be said as a word at all. */
export function sayable(letters: string): boolean {
  return letters.length > 1 && /[aeiouy]/i.test(letters);
}

/** "1 kilogram", "2 kilograms". */
export function counted(number: string, one: string, many: string): string {
  return `${number} ${number === 'one' || number === 'minus one' ? one : many}`;
}

function grouped(digits: string): readonly string[] {
  const { length } = digits;
  if (length <= 5) return [digits];
  if (length === 7) return [digits.slice(0, 3), digits.slice(3)];
  if (length === 10) return [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)];
  return digits.match(length > 10 || length === 8 ? /\d{1,4}/g : /\d{1,3}/g) ?? [];
}
