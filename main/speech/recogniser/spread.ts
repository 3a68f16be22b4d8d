/** How far what is loud in a stretch of sound stands above what is quiet: little where somebody speaks in noise. */

const RATE = 16_000;
const WINDOW = 320;
/** Where to look in the windows' levels, from the quietest: the noise, and the voice. */
const QUIET = 0.1;
const LOUD = 0.9;
/** Shorter sound has no pauses in which noise could be told from the voice. */
const SHORTEST_SECONDS = 3;
const SILENCE = 1e-10;

/** Fed with an utterance as it comes in. */
export class Spread {
  readonly #levels: number[] = [];
  #energy = 0;
  #filled = 0;
  #samples = 0;

  /** Samples at 16 kHz, of any one scale: the spread does not depend on it. */
  add(samples: Int16Array | Float32Array): void {
    this.#samples += samples.length;
    for (const value of samples) {
      this.#energy += value * value;
      this.#filled += 1;
      if (this.#filled < WINDOW) continue;
      this.#levels.push(10 * Math.log10(this.#energy / WINDOW + SILENCE));
      this.#energy = 0;
      this.#filled = 0;
    }
  }

  /** In decibels; null where the sound is too short to tell. */
  get decibels(): number | null {
    if (this.#samples < SHORTEST_SECONDS * RATE) return null;
    const sorted = this.#levels.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return at(LOUD) - at(QUIET);
  }
}

export function spreadOf(samples: Float32Array): number | null {
  const spread = new Spread();
  spread.add(samples);
  return spread.decibels;
}
