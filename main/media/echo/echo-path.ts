import { emptySpectrum, Fft, type Spectrum } from '../../base/index.ts';

/** Samples a block, and of the transform: overlap-save needs twice the block. */
export const BLOCK = 256;
const SIZE = 2 * BLOCK;
/** Blocks of the past that an echo may come from: 480 ms at 16 kHz, which holds the delay and the room. */
export const PARTS = 30;
/** How fast it learns: below 1, against steps that noise would drive. */
const STEP = 0.6;
/** Energy of a bin under which nothing is learnt. */
const LEAST_ENERGY = 1e-4;
/** Parts whose spectrum is pressed back into the length of a part at each block, in turn. */
const CONSTRAINED_AT_ONCE = 2;

/** The last blocks of what was played, as spectra: shared by all filters that look at them. */
export class Played {
  readonly fft = new Fft(SIZE);
  readonly #parts = Array.from({ length: PARTS }, () => emptySpectrum(SIZE));
  readonly energy = new Float32Array(SIZE);
  #newest = 0;
  #before = new Float32Array(BLOCK);

  push(block: Float32Array): void {
    this.#newest = (this.#newest + PARTS - 1) % PARTS;
    const spectrum = this.part(0);
    spectrum.re.set(this.#before);
    spectrum.re.set(block, BLOCK);
    spectrum.im.fill(0);
    this.fft.forward(spectrum);
    this.#before = block.slice();
    this.#sumEnergy();
  }

  /** The spectrum of so many blocks ago. */
  part(ago: number): Spectrum {
    return this.#parts[(this.#newest + ago) % PARTS] as Spectrum;
  }

  #sumEnergy(): void {
    this.energy.fill(LEAST_ENERGY);
    for (const { re, im } of this.#parts) {
      for (let k = 0; k < SIZE; k += 1) {
        this.energy[k] = (this.energy[k] as number) + (re[k] as number) ** 2 + (im[k] as number) ** 2;
      }
    }
  }
}

/**
 * The way from the speaker back into the microphone, as a filter that learns it: a partitioned-block frequency-domain
 * adaptive filter, overlap-save, normalised by bin (Soo and Pang, "Multidelay block frequency domain adaptive filter",
 * 1990).
 */
export class EchoPath {
  readonly #weights = Array.from({ length: PARTS }, () => emptySpectrum(SIZE));
  readonly #sum = emptySpectrum(SIZE);
  readonly #work = emptySpectrum(SIZE);
  #constrained = 0;

  /** What it believes to come back of what was played: the newest block. */
  predict(played: Played): Float32Array {
    const { re, im } = this.#sum;
    re.fill(0);
    im.fill(0);
    for (let ago = 0; ago < PARTS; ago += 1)
      multiplyAdd(this.#sum, this.#weights[ago] as Spectrum, played.part(ago));
    played.fft.inverse(this.#sum);
    return re.slice(BLOCK);
  }

  /** Learns from what it could not predict. */
  learn(played: Played, missed: Float32Array): void {
    const error = this.#work;
    error.re.fill(0);
    error.im.fill(0);
    error.re.set(missed, BLOCK);
    played.fft.forward(error);
    for (let k = 0; k < SIZE; k += 1) {
      const scale = STEP / (played.energy[k] as number);
      error.re[k] = (error.re[k] as number) * scale;
      error.im[k] = (error.im[k] as number) * scale;
    }
    for (let ago = 0; ago < PARTS; ago += 1)
      conjugateMultiplyAdd(this.#weights[ago] as Spectrum, played.part(ago), error);
    for (let i = 0; i < CONSTRAINED_AT_ONCE; i += 1) this.#constrain(played.fft);
  }

  become(other: EchoPath): void {
    for (const [ago, { re, im }] of this.#weights.entries()) {
      const from = other.#weights[ago] as Spectrum;
      re.set(from.re);
      im.set(from.im);
    }
  }

  /** The blocks after which most comes back: the delay. */
  get strongestPart(): number {
    const energies = this.#weights.map(({ re, im }) => energyOf(re) + energyOf(im));
    return energies.indexOf(Math.max(...energies));
  }

  #constrain(fft: Fft): void {
    this.#constrained = (this.#constrained + 1) % PARTS;
    const weights = this.#weights[this.#constrained] as Spectrum;
    fft.inverse(weights);
    weights.re.fill(0, BLOCK);
    weights.im.fill(0);
    fft.forward(weights);
  }
}

export function energyOf(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return energy;
}

// Taken out of pairs, `[re, im]`, all numbers would be made anew for each bin: 250 MB a second.

function multiplyAdd(sum: Spectrum, a: Spectrum, b: Spectrum): void {
  for (let k = 0; k < SIZE; k += 1) {
    const ar = a.re[k] as number;
    const ai = a.im[k] as number;
    const br = b.re[k] as number;
    const bi = b.im[k] as number;
    sum.re[k] = (sum.re[k] as number) + ar * br - ai * bi;
    sum.im[k] = (sum.im[k] as number) + ar * bi + ai * br;
  }
}

function conjugateMultiplyAdd(sum: Spectrum, a: Spectrum, b: Spectrum): void {
  for (let k = 0; k < SIZE; k += 1) {
    const ar = a.re[k] as number;
    const ai = a.im[k] as number;
    const br = b.re[k] as number;
    const bi = b.im[k] as number;
    sum.re[k] = (sum.re[k] as number) + ar * br + ai * bi;
    sum.im[k] = (sum.im[k] as number) + ar * bi - ai * br;
  }
}
