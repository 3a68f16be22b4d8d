import { cardinalInWords, digitsInWords, ordinalInWords, yearInWords } from '../../base/index.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const MONTH = String.raw`(may|june?|july?|january|february|march|april|august|september|october|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)(?<=\b|\.)`;
const DAY = String.raw`(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?:,?[\s-]+(\d{4})\b(?!,\d))?`;
const MONTH_FIRST = new RegExp(String.raw`\b${MONTH}[\s-]+${DAY}\b${YEAR}`, 'gi');
const DAY_FIRST = new RegExp(String.raw`(\bthe\s+)?\b${DAY}\s+(?:of\s+)?${MONTH}${YEAR}(?!\w)`, 'gi');
const MONTH_YEAR = new RegExp(String.raw`\b${MONTH},?\s+(1\d{3}|20\d{2})\b`, 'gi');
const ISO = /\b(\d{4})([-/])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])\b/g;
const NUMERIC = /\b(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b/g;
/** "by 5/2": without such a word it may as well be a fraction. */
const SHORT =
  /\b(on|by|until|till|since|from|before|after|due)\s+(0?[1-9]|1[0-2])\/(0?[1-9]|[12]\d|3[01])\b(?!\/)/gi;
/** "12/25": no fraction that anyone writes. */
const LIKELY = /(?<![\w./,-])(0?[1-9]|1[0-2])\/(1[3-57-9]|2[1-9]|3[01])(?![\w/]|\.\d)/g;
const DECADE = /(?:\b(\d{2})|(?<!\w)['’]|\b)(\d0)\s?['’]?s\b/g;
const ERA = /\b(\d{1,4})\s?(A\.?D|B\.?C\.?E|C\.?E|B\.?C)\b\.?/g;
const QUARTER = /\b(?:([1-4])Q|Q([1-4]))(?:\s?['’]?(\d{4}|\d{2}))?\b/g;
const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const WEEKDAY = String.raw`\b(Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)(?:[a-z]*day)?\b\.?`;
const WEEKDAY_SPAN = new RegExp(String.raw`${WEEKDAY}\s?[-–—]\s?${WEEKDAY}`, 'g');
/** Before a time or a date no other word is meant. */
const WEEKDAY_AT = new RegExp(String.raw`${WEEKDAY}(?=,?\s+\d)`, 'g');
const MONTH_SPAN = new RegExp(String.raw`\b${MONTH}\s?[-–—]\s?${MONTH}(?!\w)`, 'g');
const SPAN = /\b((?:1[1-9]|20)\d{2})\s?[-–—]\s?((?:1[1-9]|20)\d{2})\b/g;

/** Dates in words ("May second", "the second of May"), decades, eras and quarters of a year. */
export function dates(text: string): string {
  return text
    .replace(WEEKDAY_SPAN, (_, from, to) => `${weekday(from)} to ${weekday(to)}`)
    .replace(WEEKDAY_AT, (_, day) => weekday(day))
    .replace(MONTH_SPAN, (_, from, to) => `${nameOf(monthNumber(from))} to ${nameOf(monthNumber(to))}`)
    .replace(ISO, (whole, year, _, month, day) => date(whole, month, day, year))
    .replace(NUMERIC, (whole, first, _, second, year) =>
      Number(first) > 12 ? dayFirst(whole, second, first, year) : date(whole, first, second, year),
    )
    .replace(LIKELY, (whole, month, day) => date(whole, month, day))
    .replace(SHORT, (whole, word, month, day) => `${word} ${date(whole, month, day)}`)
    .replace(MONTH_FIRST, (whole, month, day, year) => date(whole, monthNumber(month), day, year))
    .replace(DAY_FIRST, (whole, _, day, month, year) => dayFirst(whole, monthNumber(month), day, year))
    .replace(MONTH_YEAR, (_, month, year) => `${nameOf(monthNumber(month))} ${yearInWords(Number(year))}`)
    .replace(SPAN, (_, from, to) => `${yearInWords(Number(from))} to ${yearInWords(Number(to))}`)
    .replace(QUARTER, (_, before, after, year) => {
      const quarter = `the ${ordinalInWords(Number(before ?? after))} quarter`;
      return year === undefined ? quarter : `${quarter} of ${anyYear(year)}`;
    })
    .replace(DECADE, (_, century, tens) => decade(century, tens))
    .replace(ERA, (_, year, era: string) => `${eraYear(Number(year))} ${dotted(era)}`);
}

function date(whole: string, month: string | number, day: string, year?: string): string {
  const name = nameOf(Number(month));
  if (name === undefined || Number(day) > 31) return whole;
  const said = `${name} ${ordinalInWords(Number(day))}`;
  return year === undefined ? said : `${said}, ${anyYear(year)}`;
}

function dayFirst(whole: string, month: string | number, day: string, year?: string): string {
  const name = nameOf(Number(month));
  if (name === undefined || Number(day) > 31) return whole;
  const said = `the ${ordinalInWords(Number(day))} of ${name}`;
  return year === undefined ? said : `${said}, ${anyYear(year)}`;
}

function anyYear(year: string): string {
  if (year.length !== 2) return yearInWords(Number(year));
  return year.startsWith('0') ? `oh ${digitsInWords(year.slice(1))}` : cardinalInWords(Number(year));
}

/** "340" is "three forty". */
function eraYear(year: number): string {
  if (year < 110 || year > 999 || year % 100 === 0) return yearInWords(year);
  const rest = year % 100;
  return `${cardinalInWords(Math.floor(year / 100))} ${rest < 10 ? `oh ${cardinalInWords(rest)}` : cardinalInWords(rest)}`;
}

function decade(century: string | undefined, tens: string): string {
  if (tens === '00') return century === undefined ? 'zeros' : `${yearInWords(Number(`${century}00`))}s`;
  const word = cardinalInWords(Number(tens));
  const many = word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`;
  return century === undefined ? many : `${cardinalInWords(Number(century))} ${many}`;
}

function dotted(era: string): string {
  return [...era.replaceAll('.', '')].map((letter) => `${letter}.`).join('');
}

function monthNumber(name: string): number {
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(name.slice(0, 3).toLowerCase())) + 1;
}

function weekday(name: string): string {
  return WEEKDAYS.find((day) => day.startsWith(name.slice(0, 3))) ?? name;
}

function nameOf(month: number): string | undefined {
  return MONTHS[month - 1];
}
