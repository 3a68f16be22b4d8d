import { readFileSync } from 'node:fs';

/** The samples of a 16-bit PCM mono WAV file, whatever chunks stand before them. */
export function readWav(file: string): { samples: Float32Array; sampleRate: number } {
  const bytes = readFileSync(file);
  let at = 12;
  let sampleRate = 0;
  while (at + 8 <= bytes.length) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (name === 'fmt ') {
      sampleRate = bytes.readUInt32LE(at + 12);
      if (bytes.readUInt16LE(at + 10) !== 1 || bytes.readUInt16LE(at + 22) !== 16)
        throw new Error(`${file}: not 16-bit mono`);
    }
    if (name === 'data') {
      const count = Math.min(size, bytes.length - at - 8) >> 1;
      const samples = new Float32Array(count);
      for (let i = 0; i < count; i += 1) samples[i] = bytes.readInt16LE(at + 8 + i * 2) / 32768;
      return { samples, sampleRate };
    }
    at += 8 + size + (size & 1);
  }
  throw new Error(`${file}: no samples`);
}

/** Linear interpolation: enough to hand 22.05 kHz synthesised speech to a 16 kHz recogniser in a test. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  const count = Math.floor((samples.length * to) / from);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    const position = (i * from) / to;
    const left = Math.floor(position);
    const a = samples[left] ?? 0;
    const b = samples[left + 1] ?? a;
    out[i] = a + (b - a) * (position - left);
  }
  return out;
}
