import type { Vault } from '../../vault/index.ts';
import type { Measure } from './rules.ts';

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
/** An hour in which Sotto ran: without it a quiet hour could not be told from one with the machine off. */
const RUNNING = 'running';
/** The same hour of the same weekday, on so many earlier weeks. */
const LEAST_WEEKS = 4;
/** Until then: the same hour of all workdays, or of both days of the weekend. */
const LEAST_DAYS = 8;
/** Of a normal distribution the median absolute deviation is 1/1.4826 of the standard deviation. */
const MAD_TO_SIGMA = 1.4826;
const KEEP_HOURS = 27 * WEEK_HOURS;

/** How this hour compares with the site's own past. */
export type Comparison =
  /** Nothing can be said yet; `have` hours of the `need` that it takes. */
  | { readonly kind: 'tooLittle'; readonly have: number; readonly need: number }
  | {
      readonly kind: 'compared';
      readonly count: number;
      readonly median: number;
      /** Robust standard deviations above the median; below it negative. */
      readonly deviations: number;
      /** How many earlier hours it is compared with. */
      readonly hours: number;
    };

/** Counts by the hour, kept over restarts, and what is usual at this hour of the week (median and MAD). */
export class Baseline {
  readonly #db: Vault['db'];
  readonly #format: Intl.DateTimeFormat;
  #ran = -1;
  /** Counts of now, not written yet: requests come by the dozen, and none of them should wait for the disk. */
  readonly #pending = new Map<string, { readonly measure: Measure; readonly hour: number; count: number }>();

  constructor({ db }: Pick<Vault, 'db'>, timeZone: string | undefined) {
    this.#db = db;
    this.#format = new Intl.DateTimeFormat('en-GB', {
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
      ...(timeZone === undefined ? {} : { timeZone }),
    });
  }

  /** Sotto ran at this time. */
  running(now: number): void {
    const hour = Math.floor(now / HOUR_MS);
    if (hour === this.#ran) return;
    this.#ran = hour;
    this.#add(RUNNING, hour, 1);
    this.#db.prepare('DELETE FROM limit_hours WHERE hour < ?').run(hour - KEEP_HOURS);
  }

  count(measure: Measure, now: number): void {
    this.running(now);
    const hour = Math.floor(now / HOUR_MS);
    const pending = this.#pending.get(`${measure} ${hour}`);
    if (pending) pending.count += 1;
    else this.#pending.set(`${measure} ${hour}`, { measure, hour, count: 1 });
  }

  /** Writes down what was counted; to be called now and then, and at the end. */
  flush(): void {
    for (const { measure, hour, count } of this.#pending.values()) this.#add(measure, hour, count);
    this.#pending.clear();
  }

  /** This hour so far, against the same hours of the last `weeks`. */
  compare(measure: Measure, now: number, weeks: number): Comparison {
    this.flush();
    const hour = Math.floor(now / HOUR_MS);
    const counts = new Map(
      this.#db
        .prepare<[string, number], [number, number]>(
          'SELECT hour, count FROM limit_hours WHERE measure = ? AND hour >= ?',
        )
        .raw()
        .all(measure, hour - weeks * WEEK_HOURS),
    );
    const past = this.#past(hour, weeks);
    const need = past.sameHour.length >= LEAST_WEEKS ? LEAST_WEEKS : LEAST_DAYS;
    const hours = past.sameHour.length >= LEAST_WEEKS ? past.sameHour : past.alike;
    if (hours.length < need) return { kind: 'tooLittle', have: hours.length, need };
    const usual = hours.map((one) => counts.get(one) ?? 0);
    const median = medianOf(usual);
    const mad = medianOf(usual.map((count) => Math.abs(count - median)));
    // Counts scatter by at least their square root; an hour that was the same each week is no promise.
    const sigma = Math.max(MAD_TO_SIGMA * mad, Math.sqrt(median), 1);
    const count = counts.get(hour) ?? 0;
    return { kind: 'compared', count, median, deviations: (count - median) / sigma, hours: hours.length };
  }

  /** Earlier hours in which Sotto ran: those of the same weekday, and those of days like it. */
  #past(hour: number, weeks: number): { readonly sameHour: number[]; readonly alike: number[] } {
    const now = this.#place(hour);
    const ran = this.#db
      .prepare<[string, number, number], number>(
        'SELECT hour FROM limit_hours WHERE measure = ? AND hour >= ? AND hour < ? ORDER BY hour',
      )
      .pluck()
      .all(RUNNING, hour - weeks * WEEK_HOURS, hour)
      .map((one) => ({ one, ...this.#place(one) }))
      .filter((one) => one.hourOfDay === now.hourOfDay);
    return {
      sameHour: ran.filter((one) => one.day === now.day).map(({ one }) => one),
      alike: ran.filter((one) => isWeekend(one.day) === isWeekend(now.day)).map(({ one }) => one),
    };
  }

  /** By the clock of the place, so that summer time moves nobody's morning. */
  #place(hour: number): { readonly day: string; readonly hourOfDay: string } {
    const parts = this.#format.formatToParts(hour * HOUR_MS);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    return { day: part('weekday'), hourOfDay: part('hour') };
  }

  #add(measure: string, hour: number, count: number): void {
    this.#db
      .prepare(
        `INSERT INTO limit_hours VALUES (?, ?, ?)
         ON CONFLICT (measure, hour) DO UPDATE SET count = count + excluded.count`,
      )
      .run(measure, hour, count);
  }
}

function isWeekend(day: string): boolean {
  return day === 'Sat' || day === 'Sun';
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}
