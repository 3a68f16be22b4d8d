import { SottoError } from '../base/index.ts';

/**
 * Half the length of the filter, in samples of the lower of the two rates: the pass band reaches 85 % of its
 * Nyquist frequency and the delay at 16 kHz is 2.5 ms.
 */
const HALF_WIDTH = 40;
/** Kaiser window of 90 dB stop-band attenuation. */
const KAISER_BETA = 8.96;
/** Middle of the transition band, as a fraction of the lower Nyquist frequency; the band ends at 1. */
const CUTOFF = 0.928;
/** Rates in no small ratio to each other use the nearest of these phases. */
const MAX_PHASES = 4096;

/**
 * Changes the sample rate of a stream: a polyphase windowed-sinc interpolator that keeps its state between blocks
 * and delays nothing: sample 0 out is sample 0 in, and after `flush` the lengths stand in the ratio of the rates.
 * (Smith, "Digital Audio Resampling", CCRMA. The libsamplerate port that npm offers has no end-of-input and can
 * only be made asynchronously, one WASM instance a stream.)
 */
export class Resampler {
  readonly fromRate: number;
  readonly toRate: number;
  readonly #filter: PolyphaseFilter;
  /** Input not yet done with; index 0 is input sample `#base`. */
  #held: Float32Array<ArrayBufferLike>;
  #base: number;
  #pushed = 0;
  #produced = 0;

  /** @throws SottoError `media/bad-rate` unless both are whole numbers of 1 kHz to 1 MHz. */
  constructor(fromRate: number, toRate: number) {
    for (const rate of [fromRate, toRate])
      if (!Number.isInteger(rate) || rate < 1_000 || rate > 1_000_000)
        throw new SottoError('media/bad-rate', 'A sample rate makes no sense.');
    this.fromRate = fromRate;
    this.toRate = toRate;
    this.#filter = filterFor(fromRate, toRate);
    this.#held = new Float32Array(this.#filter.reach);
    this.#base = -this.#filter.reach;
  }

  /** Takes a block and returns what can be said by now; the rest comes with later blocks or `flush`. */
  push(samples: Float32Array): Float32Array {
    if (this.fromRate === this.toRate) return samples;
    this.#pushed += samples.length;
    return this.#run(samples, this.#outputsReachedBy(this.#pushed - this.#filter.reach));
  }

  /** Returns what is left and forgets everything: the next `push` begins a new stream. */
  flush(): Float32Array {
    if (this.fromRate === this.toRate) return new Float32Array(0);
    const rest = this.#run(new Float32Array(this.#filter.reach), this.#outputsReachedBy(this.#pushed));
    this.#held = new Float32Array(this.#filter.reach);
    this.#base = -this.#filter.reach;
    this.#pushed = 0;
    this.#produced = 0;
    return rest;
  }

  /** How many output samples stand before input position `input`. */
  #outputsReachedBy(input: number): number {
    return Math.max(0, Math.ceil((input * this.toRate) / this.fromRate));
  }

  #run(samples: Float32Array, until: number): Float32Array {
    const input = new Float32Array(this.#held.length + samples.length);
    input.set(this.#held);
    input.set(samples, this.#held.length);
    const { phases, taps, reach } = this.#filter;
    const output = new Float32Array(Math.max(0, until - this.#produced));
    for (let i = 0; i < output.length; i++) {
      const scaled = (this.#produced + i) * this.fromRate;
      const whole = Math.floor(scaled / this.toRate);
      const phase = phases[Math.round(((scaled - whole * this.toRate) / this.toRate) * (phases.length - 1))];
      const from = whole - reach + 1 - this.#base;
      let sum = 0;
      if (phase) for (let tap = 0; tap < taps; tap++) sum += (phase[tap] ?? 0) * (input[from + tap] ?? 0);
      output[i] = sum;
    }
    this.#produced += output.length;
    const next = Math.floor((this.#produced * this.fromRate) / this.toRate) - reach + 1;
    const done = Math.max(0, Math.min(input.length, next - this.#base));
    this.#held = input.subarray(done);
    this.#base += done;
    return output;
  }
}

/** Resamples a whole recording. */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  if (fromRate === toRate) return samples;
  const resampler = new Resampler(fromRate, toRate);
  const head = resampler.push(samples);
  const tail = resampler.flush();
  const whole = new Float32Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

interface PolyphaseFilter {
  /** Coefficients for fractional positions 0 to 1, both included. */
  readonly phases: readonly Float32Array[];
  readonly taps: number;
  /** Input samples needed on each side of an output position. */
  readonly reach: number;
}

/** Filters in use; an appliance meets a handful of ratios. */
const filters = new Map<string, PolyphaseFilter>();

function filterFor(fromRate: number, toRate: number): PolyphaseFilter {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const key = `${fromRate / divisor}:${toRate / divisor}`;
  const known = filters.get(key);
  if (known) return known;
  if (filters.size >= 16) filters.clear();
  const made = makeFilter(Math.min(1, toRate / fromRate), Math.min(toRate / divisor, MAX_PHASES));
  filters.set(key, made);
  return made;
}

/** @param scale the lower rate over the input rate. */
function makeFilter(scale: number, steps: number): PolyphaseFilter {
  const reach = Math.ceil(HALF_WIDTH / scale);
  const taps = 2 * reach;
  const phases = Array.from({ length: steps + 1 }, (_, step) => {
    const phase = new Float32Array(taps);
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - reach + 1 - step / steps;
      phase[tap] = CUTOFF * scale * sinc(CUTOFF * scale * distance) * kaiser(distance / reach);
    }
    return phase;
  });
  return { phases, taps, reach };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel0(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel0(KAISER_BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let sum = 1;
  for (let k = 1, term = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
