import { cardinalInWords } from '../../base/index.ts';
import { counted } from './say.ts';

const HALF = String.raw`\s?([ap])\.?\s?m\b\.?`;
const CLOCK = new RegExp(String.raw`\b([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?:${HALF})?(?![:\d])`, 'gi');
const POINTED = new RegExp(String.raw`\b(1[0-2]|0?\d)\.([0-5]\d)${HALF}`, 'gi');
const HOUR = new RegExp(String.raw`\b(1[0-2]|0?[1-9])${HALF}`, 'gi');
const HALF_OR_END = String.raw`(?:\s?[ap]\.?m\b\.?)`;
const SPAN = new RegExp(
  String.raw`\b(\d{1,2}(?::[0-5]\d)?${HALF_OR_END}?)\s?[-–—]\s?(?=\d{1,2}(?::[0-5]\d${HALF_OR_END}?|${HALF_OR_END}))`,
  'gi',
);
/** "Open 9-5", "9–17". */
const HOURS =
  /\b(open|opens|hours|from|weekdays|daily|(?:mon|tues|wednes|thurs|fri|satur|sun)days?:?|(?:mon|tue|wed|thu|fri|sat|sun)\.?:?)\s+(\d{1,2})\s?[-–—]\s?(\d{1,2})\b/gi;

/** Times of day: "2:30 pm" is "two thirty P.M.", "9:00-17:00" is "nine o'clock to five P.M.". */
export function times(text: string): string {
  return text
    .replace(SPAN, '$1 to ')
    .replace(
      HOURS,
      (_, word, from, to) => `${word} ${cardinalInWords(Number(from))} to ${hourOf(Number(to))}`,
    )
    .replace(CLOCK, (_, hour, minute, second, half) => clock(Number(hour), Number(minute), second, half))
    .replace(POINTED, (_, hour, minute, half) => clock(Number(hour), Number(minute), undefined, half))
    .replace(HOUR, (_, hour, half) => `${cardinalInWords(Number(hour))} ${halfOf(half)}`);
}

function clock(hour: number, minute: number, second: string | undefined, half: string | undefined): string {
  const end =
    second === undefined ? '' : ` and ${counted(cardinalInWords(Number(second)), 'second', 'seconds')}`;
  const minutes = minute === 0 ? '' : ` ${minute < 10 ? 'oh ' : ''}${cardinalInWords(minute)}`;
  // Twelve hours on the dial: what a 24-hour clock adds is told as A.M. and P.M.
  const side = half ? halfOf(half) : hour >= 13 && hour < 24 ? 'P.M.' : hour % 24 === 0 ? 'A.M.' : '';
  const dial = hourOf(hour);
  if (side !== '') return `${dial}${minutes}${end} ${side}`;
  return minute === 0 ? `${dial} o'clock${end}` : `${dial}${minutes}${end}`;
}

function hourOf(hour: number): string {
  return cardinalInWords(hour % 12 === 0 ? 12 : hour % 12);
}

function halfOf(letter: string): string {
  return `${letter.toUpperCase()}.M.`;
}
