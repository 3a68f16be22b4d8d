import { readFileSync } from 'node:fs';
import type { Recognition, RecognitionStream, Speech } from '../../main/speech/index.ts';

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

/** Writes a whole utterance and waits for what was recognised. */
export async function hear(stream: RecognitionStream, samples: Float32Array): Promise<Recognition> {
  await stream.begin();
  stream.write(samples);
  return await stream.finish();
}

/** A sentence as the synthesiser says it, at 16 kHz with a little silence around. */
export async function spoken(speech: Speech, text: string): Promise<Float32Array> {
  const blocks: Float32Array[] = [new Float32Array(6615)];
  let rate = 22_050;
  for await (const block of speech.synthesiser.synthesise(text, { name: 'en-us', rate: 150 })) {
    blocks.push(block.samples);
    rate = block.sampleRate;
  }
  blocks.push(new Float32Array(6615));
  const all = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return resample(all, rate, 16_000);
}
