/** Quietest level that the meter shows, dBFS. */
export const FLOOR_DB = -60;

/** dBFS to 0..1 of the meter's length. */
export function meterShare(db: number): number {
  if (!Number.isFinite(db)) return 0;
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / -FLOOR_DB));
}

export interface Level {
  readonly rmsDb: number;
  readonly peakDb: number;
  readonly clipped: boolean;
}

export const silence: Level = { rmsDb: FLOOR_DB, peakDb: FLOOR_DB, clipped: false };

/** The latest level, apart from all other state: it changes ten times a second and only meters look at it. */
export class LevelSource {
  readonly #listeners = new Set<() => void>();
  #level: Level = silence;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): Level => this.#level;

  set(level: Level): void {
    this.#level = level;
    for (const listener of [...this.#listeners]) listener();
  }
}
