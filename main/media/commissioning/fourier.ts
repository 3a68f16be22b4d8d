/** A spectrum: real and imaginary parts, of a power of two of points. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The least power of two that holds this many. */
export function powerOfTwo(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, length)));
}

/** Of real samples, padded with zeros to `size` (a power of two). */
export function spectrumOf(samples: ArrayLike<number>, size: number): Spectrum {
  const re = new Float64Array(size);
  for (let at = 0; at < Math.min(samples.length, size); at += 1) re[at] = samples[at] ?? 0;
  const spectrum = { re, im: new Float64Array(size) };
  transform(spectrum);
  return spectrum;
}

/** The real part of the inverse; the spectrum is used up. */
export function samplesOf(spectrum: Spectrum): Float64Array {
  const { re, im } = spectrum;
  for (let at = 0; at < im.length; at += 1) im[at] = -(im[at] ?? 0);
  transform(spectrum);
  for (let at = 0; at < re.length; at += 1) re[at] = (re[at] ?? 0) / re.length;
  return re;
}

/** In place; radix two, decimation in time (Cooley and Tukey). */
function transform({ re, im }: Spectrum): void {
  const size = re.length;
  for (let at = 1, mirror = 0; at < size; at += 1) {
    let bit = size >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (at < mirror) {
      [re[at], re[mirror]] = [re[mirror] ?? 0, re[at] ?? 0];
      [im[at], im[mirror]] = [im[mirror] ?? 0, im[at] ?? 0];
    }
  }
  for (let span = 2; span <= size; span *= 2) {
    const half = span / 2;
    const step = (-2 * Math.PI) / span;
    for (let k = 0; k < half; k += 1) {
      const c = Math.cos(step * k);
      const s = Math.sin(step * k);
      for (let at = k; at < size; at += span) {
        const r = re[at + half] ?? 0;
        const i = im[at + half] ?? 0;
        const turnedRe = r * c - i * s;
        const turnedIm = r * s + i * c;
        const baseRe = re[at] ?? 0;
        const baseIm = im[at] ?? 0;
        re[at] = baseRe + turnedRe;
        im[at] = baseIm + turnedIm;
        re[at + half] = baseRe - turnedRe;
        im[at + half] = baseIm - turnedIm;
      }
    }
  }
}
