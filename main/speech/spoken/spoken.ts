import { cardinalInWords, digitsInWords } from '../../base/index.ts';
import { abbreviations, HOUSE_NUMBER } from './abbreviations.ts';
import { dates } from './dates.ts';
import { electronic } from './electronic.ts';
import { money } from './money.ts';
import { numbers } from './numbers.ts';
import { references } from './references.ts';
import { telephone } from './telephone.ts';
import { times } from './times.ts';
import { units } from './units.ts';

/** From the most particular form to what is left: each turns what it knows into words, which no later one touches. */
const RULES: readonly ((text: string) => string)[] = [
  plainSigns,
  electronic,
  money,
  dates,
  times,
  telephone,
  units,
  addresses,
  references,
  numbers,
  abbreviations,
];

/**
 * A sentence as people say it (US English): numbers, amounts, dates, times, telephone numbers, references, addresses and
 * abbreviations in words. What is in words already stays as it is. The screen keeps the written form.
 */
export function spokenForm(text: string): string {
  let said = text;
  for (const rule of RULES) said = rule(said);
  return said
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.;!?])/g, '$1')
    .replace(/,(?:\s?,)+/g, ',')
    .replace(/,([.;!?])/g, '$1')
    .replace(/([A-Z]\.)\.(?!\.)/g, '$1')
    .replace(/^[,\s]+/, '')
    .trim();
}

const FRACTIONS: Readonly<Record<string, string>> = {
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  '⅓': '1/3',
  '⅔': '2/3',
};

/** One sign for each meaning. */
function plainSigns(text: string): string {
  return text
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/\u2212/g, '-')
    .replace(/(\d)?([½¼¾⅓⅔])/g, (_, digit: string | undefined, sign: string) =>
      digit === undefined ? (FRACTIONS[sign] ?? '') : `${digit} ${FRACTIONS[sign]}`,
    );
}

const ROOM = /\b(room|suite|flat|apartment|apt\.?|rm\.?|gate|flight|route|bus|desk|counter)\s+(\d{3})\b/gi;

/** House and room numbers in pairs: "2788" is "twenty seven eighty eight", room 204 "two oh four". */
function addresses(text: string): string {
  return text
    .replace(HOUSE_NUMBER, (_, digits: string) => inPairs(digits))
    .replace(ROOM, (_, name: string, digits: string) => `${name} ${inPairs(digits)}`);
}

function inPairs(digits: string): string {
  if (digits.endsWith('00')) return cardinalInWords(Number(digits));
  const head = digits.slice(0, -2);
  const tail = digits.slice(-2);
  const said = tail.startsWith('0') ? `oh ${digitsInWords(tail.slice(1))}` : cardinalInWords(Number(tail));
  return `${head.length > 2 ? digitsInWords(head) : cardinalInWords(Number(head))} ${said}`;
}
