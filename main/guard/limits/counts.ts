import type { Vault } from '../../vault/index.ts';

const MINUTE_MS = 60_000;
/** Shorter than this is forgotten with the process. */
const KEPT_FROM_MINUTES = 60;
/** Made-up subjects must not fill the memory or the disk. */
const MOST_SUBJECTS = 10_000;
const MOST_MARKS = 200_000;
const PRUNE_EVERY_MS = 15 * MINUTE_MS;
const LONGEST_MS = 7 * 1440 * MINUTE_MS;

/**
 * How often something happened within a sliding time. Short times are counted in memory, as many marks as can matter;
 * an hour and longer in the vault, so that a restart forgives nothing.
 */
export class Counts {
  readonly #db: Vault['db'];
  readonly #short = new Map<string, number[]>();
  #prunedAt = 0;

  constructor({ db }: Pick<Vault, 'db'>) {
    this.#db = db;
  }

  /**
   * Counts one more, and tells how many there are within the time, up to one more than `most`. `lasting` false: its
   * subject ends with the process, as a conversation does.
   */
  count(
    rule: string,
    subject: string,
    now: number,
    {
      minutes,
      most,
      lasting,
    }: { readonly minutes: number; readonly most: number; readonly lasting: boolean },
  ): number {
    if (!lasting || minutes < KEPT_FROM_MINUTES)
      return this.#inMemory(`${rule} ${subject}`, now, minutes, most);
    this.#mark(rule, subject, now, 0);
    return (
      this.#db
        .prepare<[string, string, number], number>(
          'SELECT count(*) FROM limit_marks WHERE rule = ? AND subject = ? AND at > ?',
        )
        .pluck()
        .get(rule, subject, now - minutes * MINUTE_MS) ?? 0
    );
  }

  /** Adds an amount, and tells the sum within the time. */
  add(rule: string, subject: string, now: number, minutes: number, amount: number): number {
    this.#mark(rule, subject, now, amount);
    return (
      this.#db
        .prepare<[string, string, number], number>(
          'SELECT total(amount) FROM limit_marks WHERE rule = ? AND subject = ? AND at > ?',
        )
        .pluck()
        .get(rule, subject, now - minutes * MINUTE_MS) ?? 0
    );
  }

  /** True once for a rule and a subject within the time, also over restarts. */
  first(rule: string, subject: string, now: number, minutes: number): boolean {
    const at = this.#db
      .prepare<[string, string], number>('SELECT at FROM limit_fired WHERE rule = ? AND subject = ?')
      .pluck()
      .get(rule, subject);
    if (at !== undefined && now - at < minutes * MINUTE_MS) return false;
    this.#db.prepare('INSERT OR REPLACE INTO limit_fired VALUES (?, ?, ?)').run(rule, subject, now);
    return true;
  }

  /** The most that anybody has within the time, and who; null for nobody. `summed`: of amounts. */
  highest(
    rule: string,
    now: number,
    minutes: number,
    summed: boolean,
  ): { readonly subject: string; readonly measured: number } | null {
    const since = now - minutes * MINUTE_MS;
    const inMemory = [...this.#short].flatMap(([key, marks]) =>
      key.startsWith(`${rule} `)
        ? [{ subject: key.slice(rule.length + 1), measured: marks.filter((at) => at > since).length }]
        : [],
    );
    const inVault = this.#db
      .prepare<[string, number], { subject: string; measured: number }>(
        `SELECT subject, ${summed ? 'total(amount)' : 'count(*)'} AS measured FROM limit_marks
         WHERE rule = ? AND at > ? GROUP BY subject ORDER BY measured DESC LIMIT 1`,
      )
      .all(rule, since);
    return [...inMemory, ...inVault].reduce<{ subject: string; measured: number } | null>(
      (most, one) => (one.measured > (most?.measured ?? 0) ? one : most),
      null,
    );
  }

  /** For how many a rule spoke in the last week, and when last. */
  fired(rule: string, now: number): { readonly subjects: number; readonly lastAt: number | null } {
    const row = this.#db
      .prepare<[string, number], { subjects: number; lastAt: number | null }>(
        'SELECT count(*) AS subjects, max(at) AS lastAt FROM limit_fired WHERE rule = ? AND at > ?',
      )
      .get(rule, now - LONGEST_MS);
    return row ?? { subjects: 0, lastAt: null };
  }

  /** Lets go of what is counted of a subject that is no more. Only what is in memory: a restart is to forgive nothing. */
  forget(rule: string, subject: string): void {
    this.#short.delete(`${rule} ${subject}`);
  }

  #inMemory(key: string, now: number, minutes: number, most: number): number {
    const since = now - minutes * MINUTE_MS;
    const marks = (this.#short.get(key) ?? []).filter((at) => at > since);
    marks.push(now);
    this.#short.delete(key); // the oldest to be touched stand first
    this.#short.set(key, marks.slice(-(most + 1)));
    const oldest = this.#short.keys().next();
    if (this.#short.size > MOST_SUBJECTS && !oldest.done) this.#short.delete(oldest.value);
    return Math.min(marks.length, most + 1);
  }

  #mark(rule: string, subject: string, now: number, amount: number): void {
    this.#db.prepare('INSERT INTO limit_marks VALUES (?, ?, ?, ?)').run(rule, subject, now, amount);
    if (now - this.#prunedAt < PRUNE_EVERY_MS) return;
    this.#prunedAt = now;
    this.#db.prepare('DELETE FROM limit_marks WHERE at < ?').run(now - LONGEST_MS);
    this.#db.prepare('DELETE FROM limit_fired WHERE at < ?').run(now - LONGEST_MS);
    this.#db
      .prepare(
        `DELETE FROM limit_marks WHERE rowid IN (SELECT rowid FROM limit_marks ORDER BY at DESC LIMIT -1 OFFSET ?)`,
      )
      .run(MOST_MARKS);
  }
}
