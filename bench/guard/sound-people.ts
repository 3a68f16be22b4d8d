import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import {
  DEFAULT_SOUND_POLICY,
  decide,
  RepeatMemory,
  type SoundFinding,
  SoundScreen,
  TraceMeter,
} from '../../main/guard/index.ts';
import { readWav, resample } from '../../main/media/index.ts';
import { inRoom, rmsOf } from '../../test/attack/sound-attacks.ts';
import { dataFile } from '../../test/support/data.ts';
import { type Half, halfOf } from './halves.ts';

export const RATE = 16_000;
/** The same recording as 33bdf715-… (correlation 0.9999997), which the screen was the first to say: no false finding. */
const TWICE = '3dd7fde3-7460-4df5-bf74-6b1d0fb6f569.wav';
/** What the window measures at a time, and at which rate: `renderer/sound/screening-worklet.ts`. */
const WINDOW_S = 4;
const WINDOW_RATE = 48_000;
/** Windows with less voice are not told, dBFS: `renderer/sound/screening.ts`. */
const QUIET_DB = -50;
const SNR_DB = 15;

export interface Voice {
  readonly name: string;
  readonly set: string;
  readonly half: Half;
  readonly samples: Float32Array;
}

/** All people's recordings at hand. */
export async function humanRecordings(): Promise<readonly Voice[]> {
  const sets = [['intent', 'wav'], ['read'], ['spelled']];
  const voices = await Promise.all(
    sets.map(async ([set = '', ...rest]) =>
      (await recordingsIn(dataFile('speech', set, ...rest))).map(({ name, samples }) => ({
        name,
        set: `speech/${set}`,
        half: halfOf(speakerOf(name)),
        samples,
      })),
    ),
  );
  return voices.flat().filter(({ name }) => name !== TWICE);
}

/** What is wrongly found on people: as recorded, in rooms and noise, and by what the window measures. */
export async function peopleTable(people: readonly Voice[], room: Float32Array): Promise<string> {
  const of = (half: Half, set?: string) =>
    people.filter((voice) => voice.half === half && (set === undefined || voice.set === set));
  const reporting = of('reporting');
  const rows = [
    row('as recorded, tuning half', heard(of('tuning'), new RepeatMemory())),
    row('**as recorded, reporting half**', heard(reporting, new RepeatMemory())),
    ...['speech/intent', 'speech/read', 'speech/spelled'].map((set) =>
      row(`of them ${set}`, heard(of('reporting', set))),
    ),
  ];
  for (const [name, ...path] of [
    ['kitchen', 'speech', 'intent', 'noise', 'kitchen.wav'],
    ['office', 'sound', 'office.wav'],
    ['street, at a drive-through', 'sound', 'drive-thru.wav'],
  ] as const) {
    const { samples: noise } = await readWav(dataFile(...path));
    rows.push(
      row(
        `reporting half, noise ${SNR_DB} dB below: ${name}`,
        heard(changed(reporting, (s, at) => noisyAt(s, noise, at))),
      ),
    );
  }
  rows.push(
    row(
      'reporting half, across a room that rings (RT60 0.79 s)',
      heard(changed(reporting, (samples) => inRoom(samples, room))),
    ),
    row('at the window, tuning half', windows(of('tuning'))),
    row('**at the window, reporting half**', windows(reporting)),
  );
  return ['| people | utterances | acted on | found, by kind |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** What the window would tell of a sound, four seconds at a time. @param sound at the rate of the window. */
export function windowFindings(sound: Float32Array, fromS = 0): readonly (readonly SoundFinding[])[] {
  const meter = new TraceMeter(WINDOW_RATE);
  const found: (readonly SoundFinding[])[] = [];
  meter.push(sound.subarray(0, fromS * WINDOW_RATE));
  for (let at = fromS * WINDOW_RATE; at < sound.length; at += WINDOW_S * WINDOW_RATE) {
    meter.forget();
    meter.push(sound.subarray(at, at + WINDOW_S * WINDOW_RATE));
    const trace = meter.read();
    if (!trace || trace.voiceDb <= QUIET_DB) continue;
    const screen = new SoundScreen(new RepeatMemory());
    screen.client(trace, 0);
    screen.push(new Float32Array(RATE), RATE);
    found.push(screen.end(0)?.findings ?? []);
  }
  return found;
}

/** Whether the default policy does anything about it. */
export function isActedOn(findings: readonly SoundFinding[]): boolean {
  return decide(DEFAULT_SOUND_POLICY, findings) !== 'ignore';
}

/**
 * Through one memory, as through one appliance: nobody here repeats themselves to the last bit. Made-up noise does, of which
 * there is less than of people: none is given there.
 */
function heard(voices: readonly Voice[], memory?: RepeatMemory): readonly (readonly SoundFinding[])[] {
  return voices.map(({ samples }) => {
    const screen = new SoundScreen(memory ?? new RepeatMemory());
    screen.push(samples, RATE);
    return screen.end(0)?.findings ?? [];
  });
}

/** Windows that begin anywhere in what is said: cut from the beginning, and from two seconds on. */
function windows(voices: readonly Voice[]): readonly (readonly SoundFinding[])[] {
  return voices.flatMap(({ samples }) => {
    const sound = resample(samples, RATE, WINDOW_RATE);
    return [...windowFindings(sound), ...windowFindings(sound, 2)];
  });
}

function changed(
  voices: readonly Voice[],
  change: (samples: Float32Array, at: number) => Float32Array,
): readonly Voice[] {
  return voices.map((voice, at) => ({ ...voice, samples: change(voice.samples, at) }));
}

/** A stretch of the noise that is another for each voice. */
function noisyAt(samples: Float32Array, noise: Float32Array, at: number): Float32Array {
  const from = (at * 7_919 * 16) % noise.length;
  const gain = (rmsOf(samples) / Math.max(1e-9, rmsOf(noise))) * 10 ** (-SNR_DB / 20);
  return samples.map((v, i) => v + gain * (noise[(from + i) % noise.length] as number));
}

function row(name: string, found: readonly (readonly SoundFinding[])[]): string {
  const kinds = new Map<string, number>();
  for (const { kind } of found.flat()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const told = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
  return `| ${name} | ${found.length} | ${percent(found.filter(isActedOn).length, found.length)} | ${told || 'none'} |`;
}

export async function recordingsIn(
  folder: string,
): Promise<readonly { readonly name: string; readonly samples: Float32Array }[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.wav'))
    .sort();
  return await Promise.all(
    files.map(async (file) => ({
      name: basename(file),
      samples: (await readWav(`${folder}/${file}`)).samples,
    })),
  );
}

/** LibriSpeech names its readers first; other files name nobody. */
function speakerOf(name: string): string {
  return /^(\d+)-\d+-\d+\.wav$/.exec(name)?.[1] ?? name;
}

export function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
