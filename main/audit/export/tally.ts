import { isoTime, type ReadableEntry } from './readable.ts';

export interface Count {
  readonly name: string;
  readonly success: number;
  readonly failure: number;
}

/** More rows would be no summary; and a forged log must not fill the memory. */
const MOST_ROWS = 4_000;

/** Counts the entries of an export by action and by day, each by outcome. */
export class Tally {
  readonly #actions = new Counts();
  readonly #days = new Counts();
  #entries = 0;
  #failures = 0;
  #earliest: number | null = null;
  #latest: number | null = null;

  add(entry: ReadableEntry): void {
    const failed = entry.outcome === 'failure';
    this.#entries += 1;
    if (failed) this.#failures += 1;
    this.#actions.add(entry.action === '' ? '(unreadable)' : entry.action, failed);
    this.#days.add(isoTime(entry.at).split('T')[0] || '(no time)', failed);
    if (entry.at === null) return;
    this.#earliest = Math.min(this.#earliest ?? entry.at, entry.at);
    this.#latest = Math.max(this.#latest ?? entry.at, entry.at);
  }

  get entries(): number {
    return this.#entries;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Epoch milliseconds; null when there is no entry. */
  get earliest(): number | null {
    return this.#earliest;
  }

  get latest(): number | null {
    return this.#latest;
  }

  actions(): readonly Count[] {
    return this.#actions.sorted();
  }

  days(): readonly Count[] {
    return this.#days.sorted();
  }
}

class Counts {
  readonly #rows = new Map<string, { success: number; failure: number }>();

  add(name: string, failed: boolean): void {
    const key = this.#rows.has(name) || this.#rows.size < MOST_ROWS ? name : '(others)';
    const row = this.#rows.get(key) ?? { success: 0, failure: 0 };
    if (failed) row.failure += 1;
    else row.success += 1;
    this.#rows.set(key, row);
  }

  sorted(): readonly Count[] {
    return [...this.#rows]
      .map(([name, row]) => ({ name, ...row }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
