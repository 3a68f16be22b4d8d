import { emptySpectrum, Fft, type Spectrum } from '../../base/index.ts';
import { keyStrength } from './dtmf.ts';

/** Between one frame and the next. */
export const HOP_MS = 16;
const WINDOW_MS = 32;
/** Bands of a frame: equal on a logarithmic scale from 80 to 7,000 Hz. */
export const BANDS = 33;
const BANDS_FROM_HZ = 80;
const BANDS_TO_HZ = 7_000;
const FLATNESS_HZ = [300, 6_500] as const;
const SILENCE = 1e-12;

/** What is kept of 16 ms of sound. */
export interface SoundFrame {
  /** Power of 80 Hz to 7 kHz, dBFS. */
  readonly db: number;
  /** Power of each band. */
  readonly bands: Float32Array;
  /** The strongest line of the spectrum: where it stands, Hz, and its share of the power from 80 Hz up, 0..1. */
  readonly lineHz: number;
  readonly lineShare: number;
  /** The strongest key of a telephone, as the share of the power that its two tones take; 0..1. */
  readonly keyShare: number;
  /** Geometric over arithmetic mean of the spectrum: 0.56 is white noise, speech is far below. */
  readonly flatness: number;
  /** Share of samples at full scale or on a flat top. */
  readonly clipped: number;
}

/** Cuts a stream of one sample rate into frames of 32 ms, one each 16 ms, and measures each. */
export class Framer {
  readonly #sampleRate: number;
  readonly #size: number;
  readonly #window: Float32Array;
  readonly #hop: number;
  readonly #fft: Fft;
  readonly #spectrum: Spectrum;
  readonly #power: Float32Array;
  readonly #bandOf: Int16Array;
  readonly #held: Float32Array;
  #filled = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    const length = Math.round((sampleRate * WINDOW_MS) / 1000);
    this.#hop = Math.round((sampleRate * HOP_MS) / 1000);
    this.#size = 2 ** Math.ceil(Math.log2(length));
    this.#window = new Float32Array(length).map((_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
    this.#fft = new Fft(this.#size);
    this.#spectrum = emptySpectrum(this.#size);
    this.#power = new Float32Array(this.#size / 2);
    this.#bandOf = new Int16Array(this.#size / 2).map((_, bin) => bandAt((bin * sampleRate) / this.#size));
    this.#held = new Float32Array(length);
  }

  /** Calls back with each frame that is now whole. */
  push(samples: Float32Array, take: (frame: SoundFrame, power: Float32Array) => void): void {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + this.#held.length - this.#filled);
      this.#held.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < this.#held.length) return;
      take(this.#measure(), this.#power);
      this.#held.copyWithin(0, this.#hop);
      this.#filled -= this.#hop;
    }
  }

  /** Width of a bin of the power that is told with each frame, Hz. */
  get binHz(): number {
    return this.#sampleRate / this.#size;
  }

  #measure(): SoundFrame {
    const { re, im } = this.#spectrum;
    re.fill(0);
    im.fill(0);
    for (let i = 0; i < this.#held.length; i += 1) {
      const x = this.#held[i] as number;
      re[i] = Number.isFinite(x) ? x * (this.#window[i] as number) : 0;
    }
    this.#fft.forward(this.#spectrum);
    // A full-scale sine has a power of 1/2: the Hann window takes 3/8 of it, and half the spectrum is not looked at.
    const scale = 2 / ((3 / 8) * this.#held.length * this.#size);
    for (let bin = 0; bin < this.#power.length; bin += 1) {
      const r = re[bin] as number;
      const i = im[bin] as number;
      this.#power[bin] = (r * r + i * i) * scale;
    }
    return this.#describe();
  }

  #describe(): SoundFrame {
    const power = this.#power;
    const bands = new Float32Array(BANDS);
    const from = Math.ceil(BANDS_FROM_HZ / this.binHz);
    let total = 0;
    let inBands = 0;
    let peak = from;
    for (let bin = from; bin < power.length; bin += 1) {
      const value = power[bin] as number;
      total += value;
      if (value > (power[peak] as number)) peak = bin;
      const band = this.#bandOf[bin] as number;
      if (band < 0) continue;
      bands[band] = (bands[band] as number) + value;
      inBands += value;
    }
    let line = 0;
    const reach = Math.ceil(2 * (this.#size / this.#held.length));
    for (let bin = Math.max(from, peak - reach); bin <= Math.min(power.length - 1, peak + reach); bin += 1) {
      line += power[bin] as number;
    }
    const share = (value: number) => (total > SILENCE ? value / total : 0);
    return {
      db: 10 * Math.log10(Math.max(SILENCE, inBands)),
      bands,
      lineHz: this.#interpolated(peak) * this.binHz,
      lineShare: share(line),
      keyShare: total > SILENCE ? keyStrength(power, this.binHz, total, reach) : 0,
      flatness: this.#flatness(),
      clipped: flatTops(this.#held),
    };
  }

  /** The peak between the bins (a parabola through the logarithms). */
  #interpolated(peak: number): number {
    const [left, middle, right] = [peak - 1, peak, peak + 1].map((bin) =>
      Math.log(Math.max(1e-20, this.#power[bin] ?? 0)),
    ) as [number, number, number];
    const curve = left - 2 * middle + right;
    return curve < 0 ? peak + (0.5 * (left - right)) / curve : peak;
  }

  #flatness(): number {
    const from = Math.ceil(FLATNESS_HZ[0] / this.binHz);
    const to = Math.min(this.#power.length, Math.floor(FLATNESS_HZ[1] / this.binHz));
    let sum = 0;
    let logs = 0;
    for (let bin = from; bin < to; bin += 1) {
      const value = Math.max(1e-14, this.#power[bin] as number);
      sum += value;
      logs += Math.log(value);
    }
    return to > from ? Math.exp(logs / (to - from)) / (sum / (to - from)) : 0;
  }
}

function bandAt(hz: number): number {
  if (hz < BANDS_FROM_HZ || hz >= BANDS_TO_HZ) return -1;
  return Math.floor((BANDS * Math.log(hz / BANDS_FROM_HZ)) / Math.log(BANDS_TO_HZ / BANDS_FROM_HZ));
}

/** The middle of a band, Hz. */
export function bandHz(band: number): number {
  return BANDS_FROM_HZ * (BANDS_TO_HZ / BANDS_FROM_HZ) ** ((band + 0.5) / BANDS);
}

/** Share of samples that stand at full scale, or in runs of three and more on the same loud value. */
function flatTops(samples: Float32Array): number {
  let flat = 0;
  let run = 1;
  for (let i = 1; i <= samples.length; i += 1) {
    const before = samples[i - 1] as number;
    if (i < samples.length && samples[i] === before && Math.abs(before) > 0.25) {
      run += 1;
      continue;
    }
    if (run >= 3 || Math.abs(before) >= 0.9999) flat += run;
    run = 1;
  }
  return flat / samples.length;
}
