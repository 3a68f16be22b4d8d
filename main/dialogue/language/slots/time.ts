/**
 * Times of day: "half past two", "two thirty p m", "at three", "noon", "2pm", "14:30". The value is "14:30".
 * Desks keep business hours: a bare hour from one to seven is in the afternoon.
 */
import { belowHundred, sayCardinal } from '../numbers.ts';
import { NUMBER_RULES } from './number-rules.ts';
import type { SlotMatch, SlotType } from './slot-type.ts';

const HOURS = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';
const LATEST_BARE_AFTERNOON_HOUR = 7;

interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly end: number;
  /** "14:30" and "fourteen thirty" say which half of the day they mean. */
  readonly exact: boolean;
  readonly mayGoOn: boolean;
}

export const timeSlot: SlotType = {
  spoken: '<time>',
  rules: {
    ...NUMBER_RULES,
    hour: [`(${HOURS})`],
    minutes: [
      "(/0.25/ o'clock|/0.35/ thirty|/0.12/ fifteen|/0.12/ forty five|/0.16/ (oh five|ten|twenty [five]|thirty five|forty|fifty [five]))",
    ],
    pastMinutes: [
      '(/0.5/ half past|/0.25/ ([/0.7/ a] quarter|five|ten|twenty) (past|after)|/0.25/ ([/0.7/ a] quarter|five|ten|twenty) (to|before|till|of))',
    ],
    dayPart: ['(a m|p m|in the (morning|afternoon|evening)|/0.1/ at night)'],
    time: [
      '(/0.8/ <hour> [/0.6/ <minutes>] [/0.3/ <dayPart>]|/0.14/ <pastMinutes> <hour> [/0.2/ <dayPart>]|/0.04/ [/0.2/ twelve] (noon|midnight)|/0.02/ (thirteen|fourteen|fifteen|sixteen|seventeen|eighteen) (thirty|fifteen|forty five|hundred))',
    ],
  },
  match: ({ words }, at) => {
    const clock = named(words, at) ?? past(words, at) ?? written(words, at) ?? spoken(words, at);
    return clock ? [resolved(clock, words)] : [];
  },
  readBack: (value) => {
    const [hour, minute] = value.split(':').map(Number);
    if (hour === undefined || minute === undefined || Number.isNaN(hour + minute)) return value;
    if (minute === 0 && hour === 12) return 'twelve noon';
    if (minute === 0 && hour === 0) return 'midnight';
    const said = minute === 0 ? '' : minute < 10 ? ` oh ${sayCardinal(minute)}` : ` ${sayCardinal(minute)}`;
    return `${sayCardinal(hour % 12 || 12)}${said} ${hour < 12 ? 'a.m.' : 'p.m.'}`;
  },
};

function named(words: readonly string[], at: number): Clock | null {
  const skip = words[at] === 'twelve' || words[at] === '12' ? 1 : 0;
  const word = words[at + skip];
  if (word === 'noon' || word === 'midday')
    return { hour: 12, minute: 0, end: at + skip + 1, exact: true, mayGoOn: false };
  if (word === 'midnight') return { hour: 0, minute: 0, end: at + skip + 1, exact: true, mayGoOn: false };
  return null;
}

/** "half past two", "a quarter to three", "ten after four". */
function past(words: readonly string[], at: number): Clock | null {
  let position = words[at] === 'a' ? at + 1 : at;
  const fixed = { half: 30, quarter: 15 }[words[position] ?? ''];
  const counted = fixed === undefined ? numberAt(words, position) : { value: fixed, end: position + 1 };
  if (counted === null || counted.value > 59) return null;
  position = words[counted.end] === 'minutes' ? counted.end + 1 : counted.end;
  const direction = words[position] ?? '';
  const after = direction === 'past' || direction === 'after';
  if (!after && !['to', 'before', 'till', 'of'].includes(direction)) return null;
  const hour = numberAt(words, position + 1);
  if (hour === null || hour.value < 1 || hour.value > 12) return null;
  if (after) return { hour: hour.value, minute: counted.value, end: hour.end, exact: false, mayGoOn: false };
  return {
    hour: hour.value === 1 ? 12 : hour.value - 1,
    minute: 60 - counted.value,
    end: hour.end,
    exact: false,
    mayGoOn: false,
  };
}

/** "2:30", "14.30", "2" before "pm". */
function written(words: readonly string[], at: number): Clock | null {
  const form =
    /^(\d{1,2})(?:[:.h](\d{2}))?$/.exec(words[at] ?? '') ??
    /^([01]\d|2[0-3])([0-5]\d)$/.exec(words[at] ?? '');
  if (!form) return null;
  const hour = Number(form[1]);
  const minute = Number(form[2] ?? 0);
  if (hour > 23 || minute > 59) return null;
  return {
    hour,
    minute,
    end: at + 1,
    exact: hour > 12 || hour === 0 || (form[1] ?? '').startsWith('0'),
    mayGoOn: false,
  };
}

/** "two", "two thirty", "two oh five", "fourteen thirty", "three o'clock". */
function spoken(words: readonly string[], at: number): Clock | null {
  const hour = belowHundred(words, at);
  if (hour === null || hour.value > 23 || hour.value === 0) return null;
  const base = { hour: hour.value, exact: hour.value > 12 };
  if (words[hour.end] === "o'clock") return { ...base, minute: 0, end: hour.end + 1, mayGoOn: false };
  if (words[hour.end] === 'hundred' && hour.value > 9)
    return {
      ...base,
      minute: 0,
      end: hour.end + (words[hour.end + 1] === 'hours' ? 2 : 1),
      exact: true,
      mayGoOn: false,
    };
  const zero = words[hour.end] === 'oh' || words[hour.end] === 'zero';
  const minute = belowHundred(words, zero ? hour.end + 1 : hour.end);
  if (minute && minute.value < 60 && (zero ? minute.value < 10 : minute.value >= 5))
    return { ...base, minute: minute.value, end: minute.end, mayGoOn: false };
  return base.exact ? null : { ...base, minute: 0, end: hour.end, mayGoOn: true };
}

function numberAt(words: readonly string[], at: number): { value: number; end: number } | null {
  if (/^\d{1,2}$/.test(words[at] ?? '')) return { value: Number(words[at]), end: at + 1 };
  return belowHundred(words, at);
}

/** Adds what says the half of the day, or guesses it from business hours. */
function resolved(clock: Clock, words: readonly string[]): SlotMatch {
  const half = dayHalf(words, clock.end);
  const hour = clock.exact ? clock.hour : halfDayHour(clock.hour, half?.afternoon);
  const value = `${String(hour).padStart(2, '0')}:${String(clock.minute).padStart(2, '0')}`;
  return { end: half?.end ?? clock.end, value, mayGoOn: half === null && clock.mayGoOn };
}

function halfDayHour(hour: number, afternoon: boolean | undefined): number {
  const isAfternoon = afternoon ?? (hour === 12 || hour <= LATEST_BARE_AFTERNOON_HOUR);
  return (hour % 12) + (isAfternoon ? 12 : 0);
}

function dayHalf(words: readonly string[], at: number): { afternoon: boolean; end: number } | null {
  const [first, second, third] = words.slice(at, at + 3);
  if (first === 'am') return { afternoon: false, end: at + 1 };
  if ((first === 'a' || first === 'p') && second === 'm') return { afternoon: first === 'p', end: at + 2 };
  if (first === 'in' && second === 'the' && third === 'morning') return { afternoon: false, end: at + 3 };
  if (first === 'in' && second === 'the' && (third === 'afternoon' || third === 'evening'))
    return { afternoon: true, end: at + 3 };
  if (first === 'at' && second === 'night') return { afternoon: true, end: at + 2 };
  if (first === 'tonight') return { afternoon: true, end: at + 1 };
  return null;
}
