/** Values of arguments in words: what is read back is said by a voice, and must not depend on how it reads digits. */

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '_ _ twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES = [
  [1_000_000_000, 'billion'],
  [1_000_000, 'million'],
  [1000, 'thousand'],
  [100, 'hundred'],
] as const;
const IRREGULAR: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};
const CURRENCIES: Readonly<
  Record<string, readonly [one: string, many: string, cent: string, cents: string]>
> = {
  USD: ['dollar', 'dollars', 'cent', 'cents'],
  CAD: ['dollar', 'dollars', 'cent', 'cents'],
  AUD: ['dollar', 'dollars', 'cent', 'cents'],
  EUR: ['euro', 'euros', 'cent', 'cents'],
  GBP: ['pound', 'pounds', 'penny', 'pence'],
};

const DAY_MS = 86_400_000;

/** A whole number below 10^12: "one thousand two hundred five". */
export function numberInWords(value: number): string {
  if (value < 20) return SMALL[value] ?? String(value);
  if (value < 100) return `${TENS[Math.floor(value / 10)]}${value % 10 === 0 ? '' : ` ${SMALL[value % 10]}`}`;
  const [size, name] = SCALES.find(([scale]) => value >= scale) ?? [100, 'hundred'];
  const rest = value % size;
  return `${numberInWords(Math.floor(value / size))} ${name}${rest === 0 ? '' : ` ${numberInWords(rest)}`}`;
}

/** "one hundred twenty dollars and fifty cents". */
export function amountInWords(value: number, currency: string): string {
  const [one, many, cent, cents] = CURRENCIES[currency] ?? [currency, currency, 'hundredth', 'hundredths'];
  const all = Math.round(value * 100);
  const whole = Math.floor(all / 100);
  const part = all % 100;
  const wholeWords = `${numberInWords(whole)} ${whole === 1 ? one : many}`;
  if (part === 0) return wholeWords;
  const partWords = `${numberInWords(part)} ${part === 1 ? cent : cents}`;
  return whole === 0 ? partWords : `${wholeWords} and ${partWords}`;
}

/** Digit by digit; anything else is left out. */
export function digitsInWords(value: string): string {
  return [...value]
    .filter((character) => /\d/.test(character))
    .map((digit) => SMALL[Number(digit)])
    .join(' ');
}

/** "2026-05-02" as "Saturday, May second"; with its year when that is not clear from `now` (epoch milliseconds). */
export function dateInWords(value: string, now: number): string {
  const date = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  const names = new Intl.DateTimeFormat('en-US', { weekday: 'long', month: 'long', timeZone: 'UTC' });
  const part = (type: string) => names.formatToParts(date).find((one) => one.type === type)?.value ?? '';
  const day = `${part('month')} ${ordinal(date.getUTCDate())}`;
  const ahead = date.getTime() - now;
  if (ahead > -2 * DAY_MS && ahead < 300 * DAY_MS) return `${part('weekday')}, ${day}`;
  return `${day}, ${yearInWords(date.getUTCFullYear())}`;
}

/** "14:30" as "two thirty in the afternoon". */
export function timeInWords(value: string): string {
  const [hour = 0, minute = 0] = value.split(':').map(Number);
  if (minute === 0 && (hour === 0 || hour === 12)) return hour === 0 ? 'midnight' : 'noon';
  const part = hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
  const minutes = minute === 0 ? '' : ` ${minute < 10 ? 'oh ' : ''}${numberInWords(minute)}`;
  return `${numberInWords(hour % 12 === 0 ? 12 : hour % 12)}${minutes} ${part}`;
}

function ordinal(value: number): string {
  const words = numberInWords(value).split(' ');
  const last = words.at(-1) ?? '';
  const formed = IRREGULAR[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`);
  return [...words.slice(0, -1), formed].join(' ');
}

function yearInWords(year: number): string {
  if (year < 1100 || year > 2099 || (year >= 2000 && year < 2010)) return numberInWords(year);
  const rest = year % 100;
  const tail = rest === 0 ? 'hundred' : rest < 10 ? `oh ${numberInWords(rest)}` : numberInWords(rest);
  return `${numberInWords(Math.floor(year / 100))} ${tail}`;
}
