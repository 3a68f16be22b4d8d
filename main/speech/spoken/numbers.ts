import { cardinalInWords, digitsInWords, ordinalInWords, yearInWords } from '../../base/index.ts';
import { decimal, digitGroups, wholeNumber } from './say.ts';

const ORDINAL = /\b(\d[\d,]*)(st|nd|rd|th)\b/gi;
const MIXED_FRACTION = /(?<![\w./-])(\d+)\s(\d{1,2})\/(\d{1,3})(?![\w/]|\.\d)/g;
const FRACTION = /(?<![\w./,-])(\d{1,2})\/(\d{1,3})(?![\w/]|\.\d)/g;
const COPIES = /\b(\d+)x\b/gi;
const TIMES = /\b(\d+)\s?x(?=\s+(?:daily|weekly|monthly|a|per|each)\b)/gi;
const ALWAYS = /\b24\/7\b/g;
const SPAN =
  /(?<![\w.,/-])(\d{1,4}(?:\.\d+)?|\d{1,3}(?:,\d{3})+)\s?[-–—]\s?(\d{1,4}(?:\.\d+)?|\d{1,3}(?:,\d{3})+)(?![\w/-]|[.,]\d)/g;
const VERSION = /\b\d+(?:\.\d+){2,}\b/g;
const DECIMAL = /(?<![\w.])(-)?(\d[\d,]*)?\.(\d+)(?![\w])/g;
const WHOLE = /(?<![\w])(-)?(\d{1,3}(?:,\d{3})+|\d+)(?![\w])/g;
const YEAR_WORD = /\b(in|since|year|until|till|by|of|from|during|before|after|copyright)\s+$/i;
const ROMAN =
  /\b(chapter|part|section|phase|type|volume|class|level|tier|schedule|figure|article|appendix|stage|war)\s+(X{0,3}(?:IX|IV|V?I{0,3}))\b(?=\S|\s|$)/gi;
const SCALED = /(\d)\s?(bn|mn|tn)\b/g;
const SCALES: Readonly<Record<string, string>> = { bn: 'billion', mn: 'million', tn: 'trillion' };
/** Whatever stands too close to something else to be any of the above. */
const LEFT = /\d+/g;
const SQUARES: Readonly<Record<string, string>> = { '²': ' squared', '³': ' cubed' };

/** What is left of digits: ordinals, fractions, spans, decimals, years and whole numbers. */
export function numbers(text: string): string {
  return text
    .replace(ORDINAL, (_, digits: string) => ordinalInWords(BigInt(digits.replaceAll(',', ''))))
    .replace(SCALED, (_, digit, scale: string) => `${digit} ${SCALES[scale] ?? ''}`)
    .replace(ROMAN, (all: string, name, numeral: string) =>
      numeral === '' ? all : `${name} ${cardinalInWords(fromRoman(numeral.toUpperCase()))}`,
    )
    .replace(TIMES, '$1 times')
    .replace(COPIES, '$1 x')
    .replace(ALWAYS, 'twenty four seven')
    .replace(
      MIXED_FRACTION,
      (_, whole, above, below) =>
        `${wholeNumber(whole)} and ${above === '1' ? fraction('a', below) : fraction(above, below)}`,
    )
    .replace(FRACTION, (all: string, above: string, below: string) =>
      Number(above) < Number(below) ? fraction(above, below) : all,
    )
    .replace(SPAN, (all: string, from: string, to: string) =>
      plain(from) < plain(to) && to.length - from.length < 3 ? `${from} to ${to}` : all,
    )
    .replace(VERSION, (version) => version.split('.').map(wholeNumber).join(' point '))
    .replace(
      DECIMAL,
      (_, minus, whole = '', digits = '') => `${minus ? 'minus ' : ''}${decimal(whole, digits)}`,
    )
    .replace(WHOLE, (_, minus, digits: string, at: number, whole: string) => {
      if (minus) return `minus ${wholeNumber(digits)}`;
      return number(digits, whole.slice(0, at), whole.slice(at + digits.length));
    })
    .replace(LEFT, (digits) => ` ${digits.length > 4 ? digitGroups(digits) : number(digits, 'x', 'x')} `)
    .replace(/[²³]/g, (sign) => SQUARES[sign] ?? '');
}

function number(digits: string, before: string, after: string): string {
  if (digits.length > 1 && digits.startsWith('0')) return digitsInWords(digits);
  const value = Number(digits.replaceAll(',', ''));
  if (/^\d{4}$/.test(digits) && isYear(value, before, after)) return yearInWords(value);
  return wholeNumber(digits);
}

/** "1985" and "2012" wherever they stand, older ones where a word says so or nothing else is said. */
function isYear(value: number, before: string, after: string): boolean {
  if (value >= 1900 && value < 2100) return true;
  return value >= 1100 && value < 1900 && (YEAR_WORD.test(before) || !/\w/.test(before + after));
}

function fraction(above: string, below: string): string {
  const one = above === 'a' || above === '1';
  const count = above === 'a' ? 'a' : wholeNumber(above);
  if (below === '2') return `${count} ${one ? 'half' : 'halves'}`;
  if (below === '4') return `${count} ${one ? 'quarter' : 'quarters'}`;
  return `${count} ${ordinalInWords(Number(below))}${one ? '' : 's'}`;
}

function plain(digits: string): number {
  return Number(digits.replaceAll(',', ''));
}

function fromRoman(numeral: string): number {
  const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10 };
  return [...numeral].reduce((sum, letter, at, all) => {
    const value = values[letter] ?? 0;
    return sum + (value < (values[all[at + 1] ?? ''] ?? 0) ? -value : value);
  }, 0);
}
