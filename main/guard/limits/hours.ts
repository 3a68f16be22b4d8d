const DAYS: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

/** Opening hours by the clock of the place; `to` before `from` reaches over midnight, into the next day. */
export interface Hours {
  readonly from: string;
  readonly to: string;
  /** 1 Monday to 7 Sunday: the days on which they begin. */
  readonly days: readonly number[];
  readonly timeZone?: string | undefined;
}

/** Whether a time lies outside these hours. */
export function outsideHours(
  { from, to, days, timeZone }: Hours,
  now: number,
  ofThePlace: string | undefined,
): boolean {
  const zone = timeZone ?? ofThePlace;
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const time = `${part('hour')}:${part('minute')}`;
  const day = DAYS[part('weekday')] ?? 0;
  const before = day === 1 ? 7 : day - 1;
  if (from <= to) return !(days.includes(day) && time >= from && time < to);
  return !((days.includes(day) && time >= from) || (days.includes(before) && time < to));
}
