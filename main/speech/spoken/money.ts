import { cardinalInWords } from '../../base/index.ts';
import { counted, decimal, wholeNumber } from './say.ts';

interface Currency {
  readonly one: string;
  readonly many: string;
  readonly cent?: string;
  readonly cents?: string;
}

const DOLLAR: Currency = { one: 'dollar', many: 'dollars', cent: 'cent', cents: 'cents' };
const EURO: Currency = { one: 'euro', many: 'euros', cent: 'cent', cents: 'cents' };
const POUND: Currency = { one: 'pound', many: 'pounds', cent: 'penny', cents: 'pence' };
const YEN: Currency = { one: 'yen', many: 'yen' };
const CURRENCIES: Readonly<Record<string, Currency>> = {
  $: DOLLAR,
  '€': EURO,
  '£': POUND,
  '¥': YEN,
  '₩': { one: 'won', many: 'won' },
  '₹': { one: 'rupee', many: 'rupees' },
  USD: DOLLAR,
  EUR: EURO,
  GBP: POUND,
  JPY: YEN,
  CHF: { one: 'franc', many: 'francs', cent: 'centime', cents: 'centimes' },
  CAD: named('Canadian'),
  AUD: named('Australian'),
  US$: named('U.S.'),
  C$: named('Canadian'),
  CA$: named('Canadian'),
  A$: named('Australian'),
};
const SCALES: Readonly<Record<string, string>> = { k: 'thousand', m: 'million', b: 'billion', t: 'trillion' };
const PERIODS: Readonly<Record<string, string>> = {
  mo: 'month',
  yr: 'year',
  wk: 'week',
  d: 'day',
  hr: 'hour',
  h: 'hour',
};
const NUMBER = String.raw`(\d+(?:,\d{3})*)?(?:\.(\d+))?`;
const SCALE = String.raw`(?:\s?(thousand|million|billion|trillion|mn|bn|tn|[kmbt])(?![a-z0-9]))?`;
const PERIOD = String.raw`(?:\/(mo|month|yr|year|wk|week|day|d|hr|hour|h)\b)?`;
const SYMBOL = String.raw`(US ?\$|CA\$|C\$|A\$|[$€£¥₩₹])`;
const BEFORE = new RegExp(String.raw`(-\s?)?${SYMBOL}\s?(?=\.?\d)${NUMBER}${SCALE}${PERIOD}`, 'gi');
const CODE_BEFORE = new RegExp(
  String.raw`()\b(USD|EUR|GBP|CAD|AUD|CHF|JPY)\s?(?=\d)${NUMBER}${SCALE}${PERIOD}`,
  'g',
);
const CODE_AFTER = new RegExp(
  String.raw`\b(\d[\d,]*)(?:\.(\d+))?${SCALE}\s?(USD|EUR|GBP|CAD|AUD|CHF|JPY|€|£)(?!\w)`,
  'gi',
);
/** A tool that says "12.50 dollars" means dollars and cents. */
const WORD_AFTER = /\b(\d[\d,]*)\.(\d\d) (dollars?|euros?|pounds?)\b/gi;
const BETWEEN = new RegExp(String.raw`(${SYMBOL}[\d,.]*\d)\s?[-–—]\s?(?=${SYMBOL}?\d)`, 'gi');
/** "€1,50": a comma before two last digits is a point. */
const COMMA = /([$€£]\s?\d+),(\d\d)(?![\d,])/g;
const CENTS = /\b(\d+)\s?¢/g;

/** "$1,204.50" is "one thousand two hundred four dollars and fifty cents"; "$20/mo", "$2.5 million", "$50-$100". */
export function money(text: string): string {
  return text
    .replace(COMMA, '$1.$2')
    .replace(BETWEEN, (_, from: string, symbol: string, next?: string) =>
      next === undefined ? `${from.slice(symbol.length)} to ${symbol}` : `${from} to `,
    )
    .replace(BEFORE, (_, minus, symbol, whole, fraction, scale, period) =>
      amount({ minus, currency: currencyOf(symbol), whole, fraction, scale, period }),
    )
    .replace(CODE_BEFORE, (_, minus, code, whole, fraction, scale, period) =>
      amount({ minus, currency: currencyOf(code), whole, fraction, scale, period }),
    )
    .replace(CODE_AFTER, (_, whole, fraction, scale, code) =>
      amount({ currency: currencyOf(code), whole, fraction, scale }),
    )
    .replace(WORD_AFTER, (_, whole, fraction, word: string) => {
      const currency = word.startsWith('d') ? DOLLAR : word.startsWith('e') ? EURO : POUND;
      return amount({ currency, whole, fraction });
    })
    .replace(CENTS, (_, count: string) => counted(wholeNumber(count), 'cent', 'cents'));
}

interface Amount {
  readonly currency: Currency;
  readonly minus?: string | undefined;
  readonly whole?: string | undefined;
  readonly fraction?: string | undefined;
  readonly scale?: string | undefined;
  readonly period?: string | undefined;
}

function amount({ currency, minus, whole = '', fraction = '', scale, period }: Amount): string {
  const sign = minus ? 'minus ' : '';
  const per = period === undefined ? '' : ` per ${PERIODS[period.toLowerCase()] ?? period.toLowerCase()}`;
  if (scale !== undefined) {
    const word = SCALES[scale.toLowerCase().replace(/^([mbt])n$/, '$1')] ?? scale.toLowerCase();
    return `${sign}${decimal(whole, fraction)} ${word} ${currency.many}${per}`;
  }
  return `${sign}${withCents(currency, whole, fraction)}${per}`;
}

/** Three decimals that matter ("$20.506") are read as a decimal: there is no coin for them. */
function withCents(currency: Currency, whole: string, fraction: string): string {
  const cents = fraction.replace(/0+$/, '').padEnd(2, '0');
  const big = wholeNumber(whole);
  if (Number(fraction) === 0) return counted(big, currency.one, currency.many);
  if (cents.length > 2 || !currency.cent || !currency.cents) {
    return `${decimal(whole, fraction)} ${currency.many}`;
  }
  const small = counted(cardinalInWords(Number(cents)), currency.cent, currency.cents);
  return Number(whole.replaceAll(',', '')) === 0
    ? small
    : `${counted(big, currency.one, currency.many)} and ${small}`;
}

function currencyOf(symbol: string): Currency {
  return CURRENCIES[symbol.toUpperCase().replace(' ', '')] ?? DOLLAR;
}

function named(country: string): Currency {
  return { ...DOLLAR, one: `${country} dollar`, many: `${country} dollars` };
}
