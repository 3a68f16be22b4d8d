import { dayInWords, timeInWords } from './words.ts';

/** From and to, `HH:MM`, for Sunday to Saturday; null when closed. */
export type Week = readonly ([from: string, to: string] | null)[];

/** When a place is open on a day, in words. */
export function hoursOn(week: Week, date: string): { open: boolean; day: string; hours: string } {
  const hours = week[weekdayOf(date)] ?? null;
  return {
    open: hours !== null,
    day: dayInWords(date),
    hours: hours === null ? '' : `from ${timeInWords(hours[0])} until ${timeInWords(hours[1])}`,
  };
}

/** Appointments begin on the hour and half past, and end before closing. */
export function isBookable(week: Week, date: string, time: string, now: number): boolean {
  const hours = week[weekdayOf(date)] ?? null;
  if (hours === null || !/:(00|30)$/.test(time)) return false;
  const at = new Date(`${date}T${time}:00`).getTime();
  return time >= hours[0] && time < hours[1] && at > now && at < now + 180 * 86_400_000;
}

/** Whether a time can be booked, and in words the next one that can, at or after it. */
export function freeAt(
  week: Week,
  asked: { readonly date: string; readonly time: string },
  taken: (date: string, time: string) => boolean,
  now: number,
): { free: boolean; next: string } {
  const next = nextFree(week, asked, taken, now);
  return {
    free: isBookable(week, asked.date, asked.time, now) && !taken(asked.date, asked.time),
    next: next === null ? 'not within a month' : `${dayInWords(next.date)} at ${timeInWords(next.time)}`,
  };
}

/** The next bookable half hour at or after a time that nobody has taken; null within a month. */
export function nextFree(
  week: Week,
  from: { readonly date: string; readonly time: string },
  taken: (date: string, time: string) => boolean,
  now: number,
): { readonly date: string; readonly time: string } | null {
  const start = Math.max(new Date(`${from.date}T${from.time}:00`).getTime(), now);
  for (let step = 0; step < 31 * 48; step += 1) {
    const at = new Date(Math.ceil(start / 1_800_000) * 1_800_000 + step * 1_800_000);
    const date = dateOf(at);
    const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
    if (isBookable(week, date, time, now) && !taken(date, time)) return { date, time };
  }
  return null;
}

/** The local date of a moment, `YYYY-MM-DD`. */
export function dateOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function weekdayOf(date: string): number {
  return new Date(`${date}T12:00:00`).getDay();
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
