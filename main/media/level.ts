import type { Level } from './sound.ts';

const SILENCE_DB = -100;
/** A 16-bit sample at full scale reads 32767/32768; two of them in a block are clipping, one may be chance. */
const FULL_SCALE = 0.9999;
const CLIPPED_SAMPLES = 2;

/** Measures a block of sound. An empty block is silence. */
export function levelOf(samples: Float32Array): Level {
  let energy = 0;
  let peak = 0;
  let atFullScale = 0;
  for (const sample of samples) {
    const size = Math.abs(sample);
    energy += sample * sample;
    if (size > peak) peak = size;
    if (size >= FULL_SCALE) atFullScale += 1;
  }
  const rms = samples.length === 0 ? 0 : Math.sqrt(energy / samples.length);
  return { rmsDb: decibels(rms), peakDb: decibels(peak), clipped: atFullScale >= CLIPPED_SAMPLES };
}

function decibels(amplitude: number): number {
  return amplitude > 0 ? Math.max(SILENCE_DB, 20 * Math.log10(amplitude)) : SILENCE_DB;
}
