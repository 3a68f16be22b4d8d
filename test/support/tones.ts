/** A sine in [-amplitude, amplitude]. */
export function tone(hz: number, ms: number, sampleRate: number, amplitude = 0.5): Float32Array {
  const samples = new Float32Array(Math.round((ms * sampleRate) / 1000));
  for (let i = 0; i < samples.length; i++)
    samples[i] = amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRate);
  return samples;
}

/** Amplitude of one frequency in a block (Goertzel, Hann window): a sine of amplitude a gives a. */
export function amplitudeAt(hz: number, samples: Float32Array, sampleRate: number): number {
  let real = 0;
  let imaginary = 0;
  let weight = 0;
  for (let i = 0; i < samples.length; i++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length);
    const angle = (2 * Math.PI * hz * i) / sampleRate;
    real += window * (samples[i] ?? 0) * Math.cos(angle);
    imaginary += window * (samples[i] ?? 0) * Math.sin(angle);
    weight += window;
  }
  return (2 * Math.hypot(real, imaginary)) / weight;
}

export function decibels(amplitude: number): number {
  return 20 * Math.log10(Math.max(amplitude, 1e-9));
}
