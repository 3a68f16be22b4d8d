/** Whoever is slowed down waits so long before each turn, for so long. */
const PACE_MS = 3_000;
const SLOW_FOR_MS = 5 * 60_000;
/** The longest slowed go first; each would be free soon. */
const MOST_SLOWED = 1_000;

/** Who is slowed down, and until when. In memory: a restart sets everybody free. */
export class Pace {
  readonly #until = new Map<string, number>();

  slow(subject: string, now: number): void {
    this.#until.delete(subject);
    this.#until.set(subject, now + SLOW_FOR_MS);
    const oldest = this.#until.keys().next();
    if (this.#until.size > MOST_SLOWED && !oldest.done) this.#until.delete(oldest.value);
  }

  /** How long a turn of somebody who is counted as these has to wait, milliseconds; 0 for nearly everyone. */
  waitMs(subjects: readonly (string | null)[], now: number): number {
    return subjects.some((subject) => (this.#until.get(subject ?? '') ?? 0) > now) ? PACE_MS : 0;
  }
}
