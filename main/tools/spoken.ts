/** Values of arguments in words: what is read back is said by a voice, and must not depend on how it reads digits. */
import { cardinalInWords, ordinalInWords, yearInWords } from '../base/index.ts';

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

/** "one hundred twenty dollars and fifty cents". */
export function amountInWords(value: number, currency: string): string {
  const [one, many, cent, cents] = CURRENCIES[currency] ?? [currency, currency, 'hundredth', 'hundredths'];
  const all = Math.round(value * 100);
  const whole = Math.floor(all / 100);
  const part = all % 100;
  const wholeWords = `${cardinalInWords(whole)} ${whole === 1 ? one : many}`;
  if (part === 0) return wholeWords;
  const partWords = `${cardinalInWords(part)} ${part === 1 ? cent : cents}`;
  return whole === 0 ? partWords : `${wholeWords} and ${partWords}`;
}

/** "2026-05-02" as "Saturday, May second"; with its year when that is not clear from `now` (epoch milliseconds). */
export function dateInWords(value: string, now: number): string {
  const date = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  const names = new Intl.DateTimeFormat('en-US', { weekday: 'long', month: 'long', timeZone: 'UTC' });
  const part = (type: string) => names.formatToParts(date).find((one) => one.type === type)?.value ?? '';
  const day = `${part('month')} ${ordinalInWords(date.getUTCDate())}`;
  const ahead = date.getTime() - now;
  if (ahead > -2 * DAY_MS && ahead < 300 * DAY_MS) return `${part('weekday')}, ${day}`;
  return `${day}, ${yearInWords(date.getUTCFullYear())}`;
}

/** "14:30" as "two thirty in the afternoon". */
export function timeInWords(value: string): string {
  const [hour = 0, minute = 0] = value.split(':').map(Number);
  if (minute === 0 && (hour === 0 || hour === 12)) return hour === 0 ? 'midnight' : 'noon';
  const part = hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
  const minutes = minute === 0 ? '' : ` ${minute < 10 ? 'oh ' : ''}${cardinalInWords(minute)}`;
  return `${cardinalInWords(hour % 12 === 0 ? 12 : hour % 12)}${minutes} ${part}`;
}
