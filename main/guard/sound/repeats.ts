import { BANDS, HOP_MS, type SoundFrame } from './frames.ts';

/** A print is made of this many frames: 128 ms, so that it does not matter where the frames begin. */
const SPAN = 8;
/** 32 differences of 33 bands. */
const BITS = BANDS - 1;
/** Less sound than this (800 ms) is alike by chance: one letter is much like the other. */
const LEAST_PRINTS = 50;
/** Silence and hum are alike everywhere: dB below the loudest frame. */
const AUDIBLE_DB = 30;
/** Chance differs by half: what is so far from alike after so many prints is not looked at to its end. */
const EARLY = 24;
const FAR = 0.42;
/** Ten minutes of speech. */
const MOST_PRINTS = 40_000;

/** A print of sound: 32 bits every 16 ms (Haitsma and Kalker 2002, "A Highly Robust Audio Fingerprinting System"). */
export interface Prints {
  readonly bits: Uint32Array;
  /** Where there was sound enough to compare. */
  readonly audible: Uint8Array;
}

/** Remembers the prints of utterances, across conversations, and nothing from which they could be heard again. */
export class RepeatMemory {
  readonly #kept: { readonly prints: Prints; readonly at: number }[] = [];
  readonly #forgetMs: number;
  #count = 0;

  /** @param forgetMs how long an utterance is remembered. */
  constructor(forgetMs = 30 * 60_000) {
    this.#forgetMs = forgetMs;
  }

  /**
   * The share of bits by which this differs from the utterance it is most like, 0..0.5; null where there is nothing to
   * compare with. @param now epoch ms.
   */
  nearest(prints: Prints, now: number): { readonly differs: number; readonly ms: number } | null {
    this.#forget(now);
    let best: { differs: number; ms: number } | null = null;
    for (const { prints: earlier } of this.#kept) {
      const found = compare(prints, earlier);
      if (found && (!best || found.differs < best.differs)) best = found;
    }
    return best;
  }

  remember(prints: Prints, now: number): void {
    if (prints.bits.length < LEAST_PRINTS) return;
    this.#kept.push({ prints, at: now });
    this.#count += prints.bits.length;
    this.#forget(now);
  }

  #forget(now: number): void {
    while (this.#kept.length > 0) {
      const oldest = this.#kept[0];
      const old = oldest && (now - oldest.at > this.#forgetMs || this.#count > MOST_PRINTS);
      if (!oldest || !old) return;
      this.#count -= oldest.prints.bits.length;
      this.#kept.shift();
    }
  }
}

/** Makes the prints of an utterance. */
export function printsOf(frames: readonly SoundFrame[]): Prints {
  const length = Math.max(0, frames.length - SPAN);
  const bits = new Uint32Array(length);
  const audible = new Uint8Array(length);
  const loudest = frames.reduce((most, { db }) => Math.max(most, db), -120);
  const sums = new Float64Array(BANDS);
  const add = (frame: SoundFrame | undefined, sign: number) => {
    for (let band = 0; frame && band < BANDS; band += 1)
      sums[band] = (sums[band] as number) + sign * Math.sqrt(frame.bands[band] as number);
  };
  for (let at = 0; at < SPAN; at += 1) add(frames[at], 1);
  const before = new Float64Array(BANDS);
  for (let at = 0; at < length; at += 1) {
    before.set(sums);
    add(frames[at], -1);
    add(frames[at + SPAN], 1);
    let word = 0;
    for (let bit = 0; bit < BITS; bit += 1) {
      const now = (sums[bit] as number) - (sums[bit + 1] as number);
      const then = (before[bit] as number) - (before[bit + 1] as number);
      word = (word << 1) | (now > then ? 1 : 0);
    }
    bits[at] = word;
    audible[at] = (frames[at + SPAN / 2]?.db ?? -120) > loudest - AUDIBLE_DB ? 1 : 0;
  }
  return { bits, audible };
}

/** Slides one along the other; only where most of the shorter one overlaps. */
function compare(one: Prints, other: Prints): { differs: number; ms: number } | null {
  const least = Math.max(LEAST_PRINTS, Math.ceil(0.6 * Math.min(one.bits.length, other.bits.length)));
  let best: { differs: number; ms: number } | null = null;
  for (let shift = least - one.bits.length; shift <= other.bits.length - least; shift += 1) {
    const from = Math.max(0, -shift);
    const to = Math.min(one.bits.length, other.bits.length - shift);
    let differing = 0;
    let counted = 0;
    for (let at = from; at < to; at += 1) {
      if (!one.audible[at]) continue;
      differing += ones((one.bits[at] as number) ^ (other.bits[at + shift] as number));
      counted += 1;
      if (counted === EARLY && differing > EARLY * BITS * FAR) break;
    }
    if (counted < LEAST_PRINTS) continue;
    const differs = differing / (counted * BITS);
    if (!best || differs < best.differs) best = { differs, ms: counted * HOP_MS };
  }
  return best;
}

/** How many bits are set. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return (Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24) & 0x3f;
}
