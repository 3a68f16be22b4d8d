/**
 * Amounts of money: "one hundred twenty dollars and fifty cents", "twelve hundred", "fifty bucks", "$120.50".
 * The value has two decimals: "120.50". Without a unit, "twelve fifty" is 12.50 and "two fifty" is 250.
 */
import { belowHundred, cardinal, digitValue, type NumberMatch, sayCardinal } from '../numbers.ts';
import { NUMBER_RULES } from './number-rules.ts';
import type { Sentence, SlotMatch, SlotType } from './slot-type.ts';

interface Currency {
  readonly one: string;
  readonly many: string;
  readonly centOne: string;
  readonly centMany: string;
}

const CURRENCIES: Readonly<Record<string, Currency>> = {
  USD: { one: 'dollar', many: 'dollars', centOne: 'cent', centMany: 'cents' },
  CAD: { one: 'dollar', many: 'dollars', centOne: 'cent', centMany: 'cents' },
  AUD: { one: 'dollar', many: 'dollars', centOne: 'cent', centMany: 'cents' },
  EUR: { one: 'euro', many: 'euros', centOne: 'cent', centMany: 'cents' },
  GBP: { one: 'pound', many: 'pounds', centOne: 'penny', centMany: 'pence' },
  CHF: { one: 'franc', many: 'francs', centOne: 'centime', centMany: 'centimes' },
};
const SLANG = ['buck', 'bucks'];
/** Beyond this a heard amount is taken for something else (a card number). */
const MOST = 1e9;

export function amountSlot(currencyCode: string): SlotType {
  const currency = CURRENCIES[currencyCode] ?? (CURRENCIES.USD as Currency);
  const units = new Set([currency.one, currency.many, ...SLANG]);
  const cents = new Set([currency.centOne, currency.centMany]);
  return {
    spoken: '<amount>',
    rules: {
      ...NUMBER_RULES,
      cents: [`<belowHundred> (${currency.centOne}|${currency.centMany})`],
      wholeAmount: [
        '(/0.45/ <belowHundred>|/0.35/ <hundreds>|/0.2/ (/0.6/ <belowHundred>|/0.2/ <hundreds>|/0.2/ a) thousand [/0.3/ [/0.2/ and] (/0.8/ <hundreds>|/0.2/ <belowHundred>)])',
      ],
      amount: [
        `(/0.92/ <wholeAmount> [/0.7/ (/0.05/ ${currency.one}|/0.85/ ${currency.many}|/0.1/ bucks) [/0.15/ [and] <cents>]]|/0.04/ <cents>|/0.04/ <belowHundred> <belowHundred>)`,
      ],
    },
    match: (sentence, at) => matchAmount(sentence, at, units, cents),
    readBack: (value) => sayAmount(value, currency),
  };
}

function matchAmount(
  { words }: Sentence,
  at: number,
  units: ReadonlySet<string>,
  cents: ReadonlySet<string>,
): SlotMatch[] {
  const from = words[at] === 'just' ? at + 1 : at;
  const written = writtenAmount(words, from, units, cents);
  if (written) return [written];
  const whole = wholeNumber(words, from);
  if (whole === null || whole.value > MOST) return [];
  if (cents.has(words[whole.end] ?? '')) return money(whole.value / 100, whole.end + 1, false);
  if (units.has(words[whole.end] ?? '')) return withCents(whole.value, words, whole.end + 1, cents);
  return bareAmount(whole, words, from);
}

/** Cardinals, "seven point five", "point five". */
function wholeNumber(words: readonly string[], at: number): NumberMatch | null {
  const whole = words[at] === 'point' ? { value: 0, end: at } : cardinal(words, at);
  if (whole === null || words[whole.end] !== 'point') return whole;
  let decimals = '';
  let end = whole.end + 1;
  for (let digit = digitValue(words[end]); digit !== undefined; digit = digitValue(words[++end]))
    decimals += digit;
  if (decimals === '') return whole.end === at ? null : whole;
  const scale = { million: 1e6, billion: 1e9, thousand: 1e3 }[words[end] ?? ''];
  return { value: (whole.value + Number(`0.${decimals}`)) * (scale ?? 1), end: scale ? end + 1 : end };
}

function withCents(
  whole: number,
  words: readonly string[],
  at: number,
  cents: ReadonlySet<string>,
): SlotMatch[] {
  const joined = words[at] === 'and';
  const start = joined ? at + 1 : at;
  if (words[start] === 'a' && words[start + 1] === 'half') return money(whole + 0.5, start + 2, false);
  const rest = belowHundred(words, start);
  if (rest === null) return money(whole, at, false);
  const named = cents.has(words[rest.end] ?? '');
  if (!named && (joined || rest.value < 10)) return money(whole, at, false);
  return [
    ...money(whole + rest.value / 100, named ? rest.end + 1 : rest.end, false),
    ...(named ? [] : money(whole, at, false)),
  ];
}

/** A number without a unit: "twelve fifty", "two fifty", "forty". */
function bareAmount(whole: NumberMatch, words: readonly string[], from: number): SlotMatch[] {
  const pair = whole.value > 0 && whole.value < 100 ? belowHundred(words, whole.end) : null;
  const found: SlotMatch[] = [];
  if (pair && pair.value >= 10) {
    const cheap = whole.value < 10 && whole.end - from === 1;
    found.push(
      ...money(cheap ? whole.value * 100 + pair.value : whole.value + pair.value / 100, pair.end, true),
    );
  }
  return [...found, ...money(whole.value, whole.end, true)];
}

/** "$120.50", "1,200", "50 dollars", "$5k". */
function writtenAmount(
  words: readonly string[],
  at: number,
  units: ReadonlySet<string>,
  cents: ReadonlySet<string>,
): SlotMatch | null {
  const form = /^[$£€¥]?(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?(k)?$/.exec(words[at] ?? '');
  const digits = `${(form?.[1] ?? '').replaceAll(',', '') || '0'}${form?.[2] ?? ''}`;
  if (!form || (form[1] === '' && form[2] === undefined)) return null;
  const next = words[at + 1] ?? '';
  if (cents.has(next)) return money(Number(digits) / 100, at + 2, false)[0] ?? null;
  const scale = { thousand: 1e3, million: 1e6 }[next];
  const value = Number(digits) * (scale ?? (form[3] ? 1e3 : 1));
  if (value > MOST) return null;
  const unitAt = scale === undefined ? at + 1 : at + 2;
  return money(value, units.has(words[unitAt] ?? '') ? unitAt + 1 : unitAt, false)[0] ?? null;
}

function money(value: number, end: number, mayGoOn: boolean): SlotMatch[] {
  return [{ end, value: (Math.round(value * 100) / 100).toFixed(2), mayGoOn }];
}

function sayAmount(value: string, currency: Currency): string {
  const total = Math.round(Number(value) * 100);
  if (!Number.isFinite(total)) return value;
  const whole = Math.floor(total / 100);
  const rest = total % 100;
  const wholeWords = `${sayCardinal(whole)} ${whole === 1 ? currency.one : currency.many}`;
  const restWords = `${sayCardinal(rest)} ${rest === 1 ? currency.centOne : currency.centMany}`;
  if (rest === 0) return wholeWords;
  return whole === 0 ? restWords : `${wholeWords} and ${restWords}`;
}
