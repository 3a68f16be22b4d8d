/** Recordings, and noise mixed into them. */
import { readdirSync } from 'node:fs';
import { resample } from '../../main/media/index.ts';
import { readWav } from '../../test/speech/sound.ts';
import { dataFile } from '../../test/support/data.ts';

const RATE = 16_000;

/** At 16 kHz. */
export function samplesOf(...path: string[]): Float32Array {
  const { samples, sampleRate } = readWav(dataFile(...path));
  return sampleRate === RATE ? samples : resample(samples, sampleRate, RATE);
}

export function wavFiles(...path: string[]): string[] {
  return readdirSync(dataFile(...path)).filter((name) => name.endsWith('.wav'));
}

export function kitchen(): Float32Array {
  return samplesOf('speech', 'intent', 'noise', wavFiles('speech', 'intent', 'noise')[0] ?? '');
}

/** Noise from another place for each `at`, so many decibels below the recording. */
export function mixed(samples: Float32Array, noise: Float32Array, db: number, at: number): Float32Array {
  const from = (at * 104_729) % Math.max(1, noise.length - samples.length);
  const part = noise.subarray(from, from + samples.length);
  const gain = Math.sqrt(power(samples) / power(part) / 10 ** (db / 10));
  return samples.map((value, index) => value + gain * (part[index] ?? 0));
}

function power(samples: Float32Array): number {
  return samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
}
