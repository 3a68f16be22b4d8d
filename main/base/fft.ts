/** A spectrum: real and imaginary parts, one of each a bin. */
export interface Spectrum {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

export function emptySpectrum(size: number): Spectrum {
  return { re: new Float32Array(size), im: new Float32Array(size) };
}

/** Fast Fourier transform of a fixed size, a power of two, in place (Cooley and Tukey, radix 2). */
export class Fft {
  readonly size: number;
  readonly #cos: Float32Array;
  readonly #sin: Float32Array;
  readonly #swapped: Uint32Array;

  constructor(size: number) {
    this.size = size;
    this.#cos = new Float32Array(size / 2).map((_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sin = new Float32Array(size / 2).map((_, i) => Math.sin((2 * Math.PI * i) / size));
    const bits = Math.log2(size);
    this.#swapped = new Uint32Array(size).map((_, i) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit += 1) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  forward(spectrum: Spectrum): void {
    this.#run(spectrum.re, spectrum.im);
  }

  /** Scaled, so that it undoes `forward`. */
  inverse({ re, im }: Spectrum): void {
    this.#run(im, re);
    for (let i = 0; i < this.size; i += 1) {
      re[i] = (re[i] ?? 0) / this.size;
      im[i] = (im[i] ?? 0) / this.size;
    }
  }

  #run(re: Float32Array, im: Float32Array): void {
    const { size } = this;
    for (let i = 0; i < size; i += 1) {
      const j = this.#swapped[i] ?? 0;
      if (j <= i) continue;
      swap(re, i, j);
      swap(im, i, j);
    }
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half);
      for (let from = 0; from < size; from += 2 * half) {
        for (let k = 0; k < half; k += 1) {
          const cos = this.#cos[k * step] as number;
          const sin = this.#sin[k * step] as number;
          const a = from + k;
          const b = a + half;
          const bRe = re[b] as number;
          const bIm = im[b] as number;
          const tRe = bRe * cos + bIm * sin;
          const tIm = bIm * cos - bRe * sin;
          re[b] = (re[a] as number) - tRe;
          im[b] = (im[a] as number) - tIm;
          re[a] = (re[a] as number) + tRe;
          im[a] = (im[a] as number) + tIm;
        }
      }
    }
  }
}

function swap(values: Float32Array, i: number, j: number): void {
  const held = values[i] as number;
  values[i] = values[j] as number;
  values[j] = held;
}
