/** How well people are heard: their own microphones, clean and in kitchen noise, and how soon after they end. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../main/base/index.ts';
import { type CompiledDesk, compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';
import { startSpeech } from '../../main/speech/index.ts';
import { readWav } from '../../test/speech/sound.ts';
import { dataFile } from '../../test/support/data.ts';
import { percentile, table } from '../machine.ts';
import { BenchDecoder } from './decoder.ts';

const NOISE_DB = [24, 21, 18, 15, 12, 9, 6];
/** Of the recordings in noise, every so many: all of them take half an hour. */
const EVERY = 4;
const LIVE_CLIPS = 12;
const BLOCK = 320;
const BLOCK_MS = 20;
/** What the set's authors published for kitchen noise, from 24 to 6 dB. */
const PUBLISHED: Readonly<Record<string, readonly number[]>> = {
  'Amazon Lex': [0.88, 0.87, 0.87, 0.87, 0.85, 0.84, 0.8],
  Dialogflow: [0.83, 0.82, 0.81, 0.8, 0.78, 0.78, 0.7],
  'IBM Watson': [0.96, 0.95, 0.95, 0.93, 0.89, 0.84, 0.72],
  'Microsoft LUIS': [0.93, 0.93, 0.92, 0.91, 0.9, 0.89, 0.86],
  'Picovoice Rhino': [0.99, 0.99, 0.99, 0.99, 0.98, 0.97, 0.96],
};
const OPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Sotto, as it is': {},
  'Sotto, `-vad_threshold 3`': { '-vad_threshold': '3.0' },
};

interface Clip {
  readonly file: string;
  readonly slots: Readonly<Record<string, string>>;
}

export async function benchHearing(): Promise<string> {
  const folder = fileURLToPath(new URL('../../test/desks/speech-intent', import.meta.url));
  const desk = compileDesk(await loadDeskPack(folder));
  const labels = JSON.parse(readFileSync(dataFile('speech', 'intent', 'labels.json'), 'utf8'));
  const clips = Object.entries(labels as Record<string, Omit<Clip, 'file'>>).map(([file, { slots }]) => ({
    file,
    slots,
  }));
  const some = clips.filter((_, at) => at % EVERY === 1);
  const rows = [
    ...Object.entries(OPTIONS).map(([name, options]) => ours(desk, name, options, clips, some)),
    ...Object.entries(PUBLISHED).map(([name, shares]) => [
      name,
      '',
      ...shares.map((share) => percent(share)),
      percent(mean(shares)),
    ]),
  ];
  return [
    `Exact orders (every slot right, none too many), percent, before the gate: ${clips.length} recordings clean, ${some.length} of them in kitchen noise. Published figures are of the whole set (../shared/data/README.md).`,
    table(['', 'clean', ...NOISE_DB.map((db) => `${db} dB`), 'mean in noise'], rows),
    '### From the end of the sound to the final words',
    await finals(desk, some.slice(0, LIVE_CLIPS)),
  ].join('\n\n');
}

function ours(
  desk: CompiledDesk,
  name: string,
  options: Readonly<Record<string, string>>,
  clips: readonly Clip[],
  some: readonly Clip[],
): string[] {
  const decoder = new BenchDecoder(options, null);
  const clean = exact(desk, decoder, clips, (samples) => samples);
  const noise = kitchen();
  const noisy = NOISE_DB.map((db) =>
    exact(desk, decoder, some, (samples, at) => mixed(samples, noise, db, at)),
  );
  decoder.free();
  return [name, ...[clean, ...noisy, mean(noisy)].map(percent)];
}

function exact(
  desk: CompiledDesk,
  decoder: BenchDecoder,
  clips: readonly Clip[],
  change: (samples: Float32Array, at: number) => Float32Array,
): number {
  const grammar = desk.grammar({ kind: 'open' });
  const right = clips.filter(({ file, slots }, at) => {
    const { text } = decoder.decode(grammar, change(samplesOf(file), at), { whole: true });
    return plain(desk.understand(text, { kind: 'open' }, 0).slots) === plain(slots);
  });
  return right.length / clips.length;
}

/** Streamed as a microphone would, to the real worker. */
async function finals(desk: CompiledDesk, clips: readonly Clip[]): Promise<string> {
  const speech = await startSpeech({ log: silentLog });
  try {
    await speech.warmUp();
    const stream = await speech.recogniser.open(desk.grammar({ kind: 'open' }));
    const waits: number[] = [];
    let [processMs, audioMs] = [0, 0];
    for (const { file } of clips) {
      await stream.begin();
      const samples = samplesOf(file);
      const startedMs = performance.now();
      for (let at = 0; at < samples.length; at += BLOCK) {
        stream.write(samples.subarray(at, at + BLOCK));
        const dueMs = startedMs + (at / BLOCK + 1) * BLOCK_MS - performance.now();
        if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
      }
      const final = await stream.finish();
      waits.push(final.finalisedInMs);
      processMs += final.processMs;
      audioMs += final.audioMs;
    }
    await stream.close();
    const ms = (share: number) => `${Math.round(percentile(waits, share))} ms`;
    return `${clips.length} orders at the pace of speech: median ${ms(0.5)}, 95th percentile ${ms(0.95)}; ${percent(processMs / audioMs)} % of one core while somebody speaks.`;
  } finally {
    await speech.close();
  }
}

function samplesOf(file: string): Float32Array {
  return readWav(dataFile('speech', 'intent', 'wav', file)).samples;
}

function kitchen(): Float32Array {
  const [file = ''] = readdirSync(dataFile('speech', 'intent', 'noise'));
  return readWav(dataFile('speech', 'intent', 'noise', file)).samples;
}

function mixed(samples: Float32Array, noise: Float32Array, db: number, at: number): Float32Array {
  const from = (at * 104_729) % Math.max(1, noise.length - samples.length);
  const part = noise.subarray(from, from + samples.length);
  const gain = Math.sqrt(power(samples) / power(part) / 10 ** (db / 10));
  return samples.map((value, index) => value + gain * (part[index] ?? 0));
}

function power(samples: Float32Array): number {
  return samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
}

function plain(slots: Readonly<Record<string, string>>): string {
  return Object.entries(slots)
    .map(([slot, value]) => `${slot}=${value.toLowerCase()}`)
    .sort()
    .join(' ');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
