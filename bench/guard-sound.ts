import { RepeatMemory, type ScreenedSound, SoundScreen } from '../main/guard/index.ts';
import { readWav, resample } from '../main/media/index.ts';
import {
  bursts,
  clippedVoice,
  combed,
  inRoom,
  mixed,
  replayed,
  sweep,
  telephoned,
  tone,
  ultrasound,
} from '../test/attack/sound-attacks.ts';
import { dataFile } from '../test/support/data.ts';
import {
  humanRecordings,
  isActedOn,
  peopleTable,
  percent,
  RATE,
  recordingsIn,
  type Voice,
  windowFindings,
} from './guard/sound-people.ts';

/** Every attack is made from this many voices of the reporting half: ultrasound is costly to simulate. */
const VOICES = 30;
const WINDOW_RATE = 48_000;

/** What the screen of sound finds of made-up attacks, and what it finds wrongly on people; what it costs. */
export async function benchGuardSound(): Promise<string> {
  const people = await humanRecordings();
  const room = (await readWav(dataFile('sound', 'room-impulse-rt60-0.79.wav'))).samples;
  const dtmf = await recordingsIn(dataFile('sound', 'dtmf'));
  const reporting = people.filter(({ half }) => half === 'reporting');
  return [
    'Limits were chosen on the tuning half of the human recordings (speech/read is cut by reader; speech/intent and',
    'speech/spelled, whose files name no speaker, by file). Attacks are made of long enough voices of the reporting half,',
    'from public descriptions (`test/attack/sound-attacks.ts`); nothing was recorded. All people’s recordings are 16 kHz.',
    'One recording of speech/intent stands there twice under two names; the screen said so, and the second is left out.',
    '“Acted on”: the default policy flags or refuses it. It does neither for `reverberant` alone.',
    '',
    'Wrongly found on people; at the window in stretches of four seconds, at 48 kHz:',
    '',
    await peopleTable(people, room),
    '',
    'Found, by the kind that is meant and acted on for whatever kind:',
    '',
    attackTable(reporting, room, dtmf),
    '',
    costLine(people),
  ].join('\n');
}

function attackTable(
  people: readonly Voice[],
  room: Float32Array,
  dtmf: readonly Pick<Voice, 'samples'>[],
): string {
  const voices = people
    .filter(({ samples }) => samples.length >= 2 * RATE)
    .filter((_, at, all) => at % Math.max(1, Math.floor(all.length / VOICES)) === 0)
    .slice(0, VOICES)
    .map(({ name, samples }) => ({ name, samples: samples.subarray(0, 4 * RATE) }));
  const rows: string[] = [];
  const row = (name: string, kind: string, sounds: readonly Pick<ScreenedSound, 'findings'>[]) => {
    const meant = sounds.filter(({ findings }) => findings.some((each) => each.kind === kind)).length;
    const any = sounds.filter(({ findings }) => isActedOn(findings)).length;
    rows.push(
      `| ${name} | ${sounds.length} | ${kind}: ${percent(meant, sounds.length)} | ${percent(any, sounds.length)} |`,
    );
  };
  const each = (name: string, kind: string, make: (voice: Float32Array) => Float32Array, rate = RATE) =>
    row(
      name,
      kind,
      voices.map(({ samples }) => screened(make(samples), rate)),
    );
  const us = (name: string, options: Parameters<typeof ultrasound>[1], kind = 'ultrasound') =>
    each(`ultrasound, ${name}`, kind, (voice) => ultrasound(voice, options), WINDOW_RATE);
  for (const depth of [1, 0.5, 0.25]) us(`32 kHz, depth ${depth}`, { carrierHz: 32_000, depth });
  us('21 kHz, depth 0.8', { carrierHz: 21_000, depth: 0.8 });
  us('21 kHz, depth 0.8', { carrierHz: 21_000, depth: 0.8 }, 'above-speech');
  us('25 kHz, depth 0.8', { carrierHz: 25_000, depth: 0.8 });
  us('40 kHz, depth 0.8', { carrierHz: 40_000, depth: 0.8 });
  us('40 kHz, depth 0.8, noise at 25 dB', { carrierHz: 40_000, depth: 0.8, noiseDb: 25 });
  us('40 kHz, depth 0.8, noise at 15 dB', { carrierHz: 40_000, depth: 0.8, noiseDb: 15 });
  us('40 kHz, depth 0.8, microphone cuts below 30 Hz', { carrierHz: 40_000, depth: 0.8, coupledHz: 30 });
  us('40 kHz, depth 0.8, voice with its own rumble', { carrierHz: 40_000, depth: 0.8, trimmedHz: 0 });
  for (const [name, options] of [
    ['depth 0.8', { depth: 0.8 }],
    ['depth 0.8, noise at 25 dB', { depth: 0.8, noiseDb: 25 }],
    ['depth 0.25', { depth: 0.25 }],
  ] as const) {
    const heard = voices.map(({ samples }) => ultrasound(samples, { carrierHz: 40_000, ...options }));
    const findings = heard.map((sound) => ({ findings: windowFindings(sound)[0] ?? [] }));
    row(`ultrasound at the window, 40 kHz, ${name}`, 'ultrasound', findings);
  }
  each('replay: loudspeaker and room, RT60 0.79 s', 'reverberant', (voice) => replayed(voice, room));
  each('replay: the same, noise at 20 dB', 'reverberant', (voice) => replayed(voice, room, { noiseDb: 20 }));
  each('no attack: a person in that room, at the distance of the loudspeaker', 'reverberant', (voice) =>
    inRoom(voice, room),
  );
  each('replay over a telephone', 'band-limited', telephoned);
  each('one voice by two ways, 5 ms apart', 'comb', (voice) => combed(voice, 5));
  each('one voice by two ways, 2 ms apart', 'comb', (voice) => combed(voice, 2));
  each('a voice cut off at full scale', 'clipping', (voice) => clippedVoice(voice));
  each('a tone over a voice', 'tone', (voice) => mixed(voice, tone(1_000, 8_000), 0.5));
  row(
    'a tone alone, 200 to 6,000 Hz',
    'tone',
    [200, 440, 1_000, 2_500, 6_000].map((hz) => screened(tone(hz, 1_000), RATE)),
  );
  row(
    'sweeps of 1, 2 and 4 s',
    'tone',
    [1_000, 2_000, 4_000].map((ms) => screened(sweep(200, 6_000, ms), RATE)),
  );
  row(
    'noise bursts of 50, 200 and 800 ms',
    'noise',
    [50, 200, 800].map((ms) => screened(bursts(ms, 150, 6), RATE)),
  );
  row(
    'telephone keys',
    'dtmf',
    dtmf.map(({ samples }) => screened(samples, 8_000)),
  );
  const repeats = (name: string, alter: (voice: Float32Array) => Float32Array) =>
    row(
      name,
      'repeat',
      voices.map(({ samples }) => repeated(samples, alter(samples))),
    );
  repeats('the same again, louder, 7 ms later', (voice) =>
    new Float32Array(voice.length).map((_, i) => 1.4 * (voice[i - 112] ?? 0)),
  );
  repeats('the same again, over a telephone', telephoned);
  repeats('the same again, loudspeaker and room', (voice) => replayed(voice, room));
  return ['| attack | tried | meant kind | acted on |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function costLine(people: readonly Voice[]): string {
  const spoken = people.slice(0, 60);
  const cost = (rate: number) => {
    const sounds = spoken.map(({ samples }) => resample(samples, RATE, rate));
    const startedMs = performance.now();
    for (const sound of sounds) screened(sound, rate);
    const ms = performance.now() - startedMs;
    return ms / (sounds.reduce((sum, sound) => sum + sound.length, 0) / (rate / 1_000));
  };
  return `Cost of one stream, as a share of one core: ${(100 * cost(RATE)).toFixed(1)} % at 16 kHz, ${(100 * cost(WINDOW_RATE)).toFixed(1)} % at 48 kHz.`;
}

function screened(samples: Float32Array, rate: number, memory = new RepeatMemory()): ScreenedSound {
  const screen = new SoundScreen(memory);
  const block = rate / 50;
  for (let at = 0; at < samples.length; at += block) screen.push(samples.subarray(at, at + block), rate);
  const sound = screen.end(0);
  if (!sound) throw new Error('Nothing was screened.');
  return sound;
}

function repeated(first: Float32Array, again: Float32Array): ScreenedSound {
  const memory = new RepeatMemory();
  screened(first, RATE, memory);
  return screened(again, RATE, memory);
}
