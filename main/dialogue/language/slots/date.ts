/**
 * Dates: "the second of May", "May second", "tomorrow", "next Friday", "the twenty third", "5/2", "2026-05-02".
 * The value is an ISO day. A date without a year is the next such day, today included.
 */
import { belowHundred, cardinal, ordinal, sayCardinal, sayOrdinal, sayYear } from '../numbers.ts';
import { NUMBER_RULES } from './number-rules.ts';
import type { Sentence, SlotType } from './slot-type.ts';

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** The first to the thirty first, as bare numbers. */
const DAY_NUMBERS = Array.from({ length: 31 }, (_, at) => sayCardinal(at + 1).replaceAll('-', ' '));
const SHORT_MONTHS = new Map(
  MONTHS.flatMap((name, month): [string, number][] => [
    [name, month],
    [name.slice(0, 3), month],
  ]).concat([['sept', 8]]),
);
const SHORT_DAYS = new Map(
  WEEKDAYS.flatMap((name, day): [string, number][] => [
    [name, day],
    [name.slice(0, 3), day],
  ]).concat([
    ['tues', 2],
    ['thurs', 4],
  ]),
);
const DAY_MS = 86_400_000;

/** A day as counted in UTC, so that no clock change falls into it. */
type Day = number;
interface Found {
  readonly day: Day;
  readonly end: number;
  readonly mayGoOn?: boolean;
}

export const dateSlot: SlotType = {
  spoken: '<date>',
  rules: {
    ...NUMBER_RULES,
    weekday: [`(${WEEKDAYS.join('|')})`],
    month: [`(${MONTHS.join('|')})`],
    ranked: [
      '(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|twenty (first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirty first)',
    ],
    dayNumber: [`(${DAY_NUMBERS.join('|')})`],
    year: [
      '(/0.6/ (/0.8/ nineteen|/0.2/ twenty) (/0.9/ <belowHundred>|/0.1/ oh <digit>)|/0.4/ two thousand [[/0.2/ and] <belowHundred>])',
    ],
    date: [
      '(/0.06/ today|/0.15/ [/0.1/ the day after] tomorrow|/0.3/ [/0.1/ this|/0.15/ next|/0.05/ coming] <weekday>|/0.18/ <rankedDate>|/0.3/ <monthDate>|/0.02/ in (a week|two weeks|<digit> days))',
    ],
    rankedDate: ['[/0.05/ <weekday>] [/0.8/ the] <ranked> [/0.6/ of <month> [/0.3/ <year>]]'],
    monthDate: [
      '[/0.05/ <weekday>] <month> (/0.7/ <ranked>|/0.15/ the <ranked>|/0.15/ <dayNumber>) [/0.35/ <year>]',
    ],
  },
  match: (sentence, at) =>
    [...readings(sentence, at)].map(({ day, end, mayGoOn }) => ({
      end,
      value: isoDay(day),
      mayGoOn: mayGoOn ?? false,
    })),
  readBack: (value) => {
    const form = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
    if (!form) return value;
    const month = MONTHS[Number(form[2]) - 1] ?? '';
    const said = `${month.charAt(0).toUpperCase()}${month.slice(1)} ${sayOrdinal(Number(form[3]))}`;
    const ahead = (Date.parse(value) - Date.now()) / DAY_MS;
    return ahead > -2 && ahead < 330 ? said : `${said}, ${sayYear(Number(form[1]))}`;
  },
};

function* readings(sentence: Sentence, at: number): Generator<Found> {
  const { words } = sentence;
  const today = dayOf(sentence.now);
  const weekday = SHORT_DAYS.get(words[at] ?? '');
  if (weekday !== undefined) {
    const explicit = calendar(words, words[at + 1] === 'the' ? at + 2 : at + 1, today);
    if (explicit) yield explicit;
  }
  const found = relative(words, at, today) ?? calendar(words, words[at] === 'the' ? at + 1 : at, today);
  if (!found) return;
  yield found;
}

/** Days counted from today. */
function relative(words: readonly string[], at: number, today: Day): Found | null {
  const article = words[at] === 'the' ? at + 1 : at;
  if (words.slice(article, article + 3).join(' ') === 'day after tomorrow')
    return { day: today + 2, end: article + 3 };
  const near = { today: 0, tonight: 0, tomorrow: 1, yesterday: -1 }[words[at] ?? ''];
  if (near !== undefined) return { day: today + near, end: at + 1 };
  return comingWeekday(words, at, today) ?? counted(words, at, today);
}

function comingWeekday(words: readonly string[], at: number, today: Day): Found | null {
  const lead = ['this', 'next', 'coming'].includes(words[at] ?? '') ? 1 : 0;
  const more = lead === 1 && words[at] === 'this' && words[at + 1] === 'coming' ? 1 : 0;
  const weekday = SHORT_DAYS.get(words[at + lead + more] ?? '');
  if (weekday === undefined) return null;
  const end = at + lead + more + 1;
  const todays = weekdayOf(today);
  if (words[at] === 'next') {
    const mondayNextWeek = today - ((todays + 6) % 7) + 7;
    return { day: mondayNextWeek + ((weekday + 6) % 7), end };
  }
  const ahead = (weekday - todays + 7) % 7;
  const sameDay = lead === 1 && more === 0 && words[at] === 'this' ? 0 : 7;
  return { day: today + (ahead === 0 ? sameDay : ahead), end };
}

/** "in three days", "in two weeks", "a week from today". */
function counted(words: readonly string[], at: number, today: Day): Found | null {
  const lead = words[at] === 'in' ? 1 : 0;
  const start = at + lead;
  const count =
    words[start] === 'a'
      ? { value: 1, end: start + 1 }
      : /^\d{1,2}$/.test(words[start] ?? '')
        ? { value: Number(words[start]), end: start + 1 }
        : belowHundred(words, start);
  if (count === null) return null;
  const unit = { day: 1, days: 1, week: 7, weeks: 7 }[words[count.end] ?? ''];
  if (unit === undefined) return null;
  if (lead === 1) return { day: today + count.value * unit, end: count.end + 1 };
  if (words[count.end + 1] !== 'from') return null;
  const base = { today: 0, now: 0, tomorrow: 1 }[words[count.end + 2] ?? ''];
  return base === undefined ? null : { day: today + base + count.value * unit, end: count.end + 3 };
}

/** Days with a number, a month, a year. `at` is behind "the". */
function calendar(words: readonly string[], at: number, today: Day): Found | null {
  return writtenDate(words, at, today) ?? monthFirst(words, at, today) ?? dayFirst(words, at, today);
}

/** "5/2", "5/2/2026", "2026-05-02", "2.5.2026" as month and day of the American order. */
function writtenDate(words: readonly string[], at: number, today: Day): Found | null {
  const word = words[at] ?? '';
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(word);
  if (iso) return at0(dayFrom(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])), at + 1);
  const form = /^(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?$/.exec(word);
  if (!form || (word.includes('.') && form[3] === undefined)) return null;
  const [first, second] = [Number(form[1]), Number(form[2])];
  const [month, day] = first > 12 ? [second - 1, first] : [first - 1, second];
  if (form[3] === undefined) return at0(nextYearly(month, day, today), at + 1);
  const year = form[3].length === 2 ? nearCentury(Number(form[3]), today) : Number(form[3]);
  return at0(dayFrom(year, month, day), at + 1);
}

function monthFirst(words: readonly string[], at: number, today: Day): Found | null {
  const month = SHORT_MONTHS.get(words[at] ?? '');
  if (month === undefined) return null;
  const start = words[at + 1] === 'the' ? at + 2 : at + 1;
  const number = /^\d{1,2}$/.test(words[start] ?? '')
    ? { value: Number(words[start]), end: start + 1 }
    : (ordinal(words, start) ?? belowHundred(words, start));
  return number ? withYear(words, number.end, month, number.value, today) : null;
}

/** "second of may", "2 may", "twenty third" (of this month or the next). */
function dayFirst(words: readonly string[], at: number, today: Day): Found | null {
  const ranked = ordinal(words, at);
  const number =
    ranked ??
    (/^\d{1,2}$/.test(words[at] ?? '') ? { value: Number(words[at]), end: at + 1 } : belowHundred(words, at));
  if (number === null) return null;
  const of = words[number.end] === 'of';
  const month = SHORT_MONTHS.get(words[of ? number.end + 1 : number.end] ?? '');
  if (month !== undefined) return withYear(words, number.end + (of ? 2 : 1), month, number.value, today);
  if (ranked === null) return null;
  const ahead = of ? monthAhead(words, number.end + 1) : null;
  if (ahead) return at0(monthly(number.value, today, ahead.months), ahead.end);
  const day = monthly(number.value, today, null);
  return day === null ? null : { day, end: number.end, mayGoOn: true };
}

function monthAhead(words: readonly string[], at: number): { months: number; end: number } | null {
  const said = words.slice(at, at + 2).join(' ');
  if (said === 'this month') return { months: 0, end: at + 2 };
  if (said === 'next month') return { months: 1, end: at + 2 };
  return null;
}

function withYear(
  words: readonly string[],
  at: number,
  month: number,
  day: number,
  today: Day,
): Found | null {
  const year = yearAt(words, at);
  return year ? at0(dayFrom(year.value, month, day), year.end) : at0(nextYearly(month, day, today), at);
}

/** "twenty twenty six", "nineteen oh four", "two thousand six", "1985". */
export function yearAt(words: readonly string[], at: number): { value: number; end: number } | null {
  if (/^[12]\d{3}$/.test(words[at] ?? '')) return { value: Number(words[at]), end: at + 1 };
  const thousand = cardinal(words, at);
  if (thousand && thousand.value >= 1000 && thousand.value < 2100) return thousand;
  const century = belowHundred(words, at);
  if (century && century.value > 20 && words[at] === 'twenty') return split(words, at, 20, at + 1);
  return century && century.value >= 10 && century.value <= 20
    ? split(words, at, century.value, century.end)
    : null;
}

function split(
  words: readonly string[],
  at: number,
  century: number,
  restAt: number,
): { value: number; end: number } | null {
  if (words[restAt] === 'hundred') return { value: century * 100, end: restAt + 1 };
  const zero = words[restAt] === 'oh' || words[restAt] === 'zero';
  const rest = belowHundred(words, zero ? restAt + 1 : restAt);
  if (rest === null || restAt === at || (zero ? rest.value > 9 : rest.value < 10)) return null;
  return { value: century * 100 + rest.value, end: rest.end };
}

function at0(day: Day | null, end: number): Found | null {
  return day === null ? null : { day, end };
}

function dayFrom(year: number, month: number, day: number): Day | null {
  const date = new Date(Date.UTC(year, month, day));
  const real = date.getUTCMonth() === month && date.getUTCDate() === day;
  return real ? date.getTime() / DAY_MS : null;
}

function nextYearly(month: number, day: number, today: Day): Day | null {
  const year = new Date(today * DAY_MS).getUTCFullYear();
  for (let ahead = 0; ahead <= 4; ahead += 1) {
    const found = dayFrom(year + ahead, month, day);
    if (found !== null && found >= today) return found;
  }
  return null;
}

/** The next day of the month with this number; or that of the month `ahead`. */
function monthly(number: number, today: Day, ahead: number | null): Day | null {
  const date = new Date(today * DAY_MS);
  for (let step = ahead ?? 0; step <= (ahead ?? 12); step += 1) {
    const month = date.getUTCMonth() + step;
    const found = dayFrom(date.getUTCFullYear() + Math.floor(month / 12), month % 12, number);
    if (found !== null && (ahead !== null || found >= today)) return found;
  }
  return null;
}

/** Two written digits of a year: at most twenty years ahead, else of the past century (birth dates). */
function nearCentury(year: number, today: Day): number {
  const now = new Date(today * DAY_MS).getUTCFullYear();
  const full = Math.floor(now / 100) * 100 + year;
  return full > now + 20 ? full - 100 : full;
}

function dayOf(now: number): Day {
  const local = new Date(now);
  return Date.UTC(local.getFullYear(), local.getMonth(), local.getDate()) / DAY_MS;
}

function weekdayOf(day: Day): number {
  return new Date(day * DAY_MS).getUTCDay();
}

function isoDay(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
