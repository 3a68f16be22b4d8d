import { type Clock, SottoError, systemClock } from '../../base/index.ts';
import type { VoiceActivityStream } from '../../speech/index.ts';
import { levelOf } from '../level.ts';
import { resample } from '../resample.ts';
import type { Playout } from '../sound.ts';
import type { DeskEar, Heard } from './desk-ear.ts';
import { type EchoPath, echoProbe, findEcho } from './echo.ts';

/** What is going on: the room is to be quiet, the speaker sounds, the person is to speak. */
export type SoundCheckStage = 'quiet' | 'probe' | 'speak';

/** What a desk's microphone, speaker and room are like. Levels in dBFS. */
export interface SoundMeasurement {
  /** Half of the time the quiet room is quieter than this. */
  readonly noiseFloorDb: number;
  /** A twentieth of the time it is louder than this. */
  readonly noisePeakDb: number;
  /** Of the person speaking, pauses left out; null when nobody spoke or nobody was asked to. */
  readonly speechDb: number | null;
  readonly speechPeakDb: number | null;
  readonly clipped: boolean;
  /** Null when nothing of what the speaker played came back. */
  readonly echo: EchoPath | null;
  /** Whether the person was asked to speak. */
  readonly asked: boolean;
}

export interface MeasureOptions {
  readonly ear: DeskEar;
  readonly playout: Playout;
  readonly vad: VoiceActivityStream;
  readonly onStage: (stage: SoundCheckStage) => void;
  /** False leaves the person's voice out. */
  readonly askToSpeak?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

const QUIET_MS = 2_500;
const PROBES = 3;
/** What sound needs at most through carrier, speaker, room and microphone, and the room's tail. */
const LOOP_MS = 1_000;
/** A carrier's beat and its jitter apart. */
const AGREE_WITHIN_MS = 30;
const BETWEEN_PROBES_MS = 200;
const MOST_SPEAKING_MS = 12_000;
const ENOUGH_SPEECH_MS = 2_000;
const LOOK_EVERY_MS = 400;
const BLOCK_MS = 20;
const VAD_RATE = 16_000;
const VAD_FRAME = 512;
const SPEAKING = 0.6;
/** What is written waits this long for the carrier's next beat, on average. */
const BEAT_MS = 10;

/**
 * Measures a desk in three steps: the quiet room, the way from the speaker back into the microphone, the person's voice.
 * About 7 s without the voice. @throws SottoError `media/no-sound` when the microphone gives nothing.
 */
export async function measureDesk(options: MeasureOptions): Promise<SoundMeasurement> {
  const { ear, onStage, signal, askToSpeak = true } = options;
  try {
    onStage('quiet');
    ear.begin();
    const quiet = await ear.heard(QUIET_MS, signal);
    const levels = blockLevels(quiet);
    if (levels.length === 0) throw noSound();
    onStage('probe');
    const echo = await measureEcho(options);
    const voice = askToSpeak ? await measureVoice(options) : null;
    return {
      noiseFloorDb: rounded(share(levels, 0.5)),
      noisePeakDb: rounded(share(levels, 0.95)),
      speechDb: voice?.speechDb ?? null,
      speechPeakDb: voice?.peakDb ?? null,
      clipped: voice?.clipped ?? false,
      echo: echo && { returnDb: rounded(echo.returnDb), delayMs: Math.round(echo.delayMs) },
      asked: askToSpeak,
    };
  } finally {
    ear.stop();
  }
}

/** The middle one of several probes: a door that slams during one of them does not count. */
async function measureEcho({
  ear,
  playout,
  signal,
  clock = systemClock,
}: MeasureOptions): Promise<EchoPath | null> {
  const probe = echoProbe();
  const lengthMs = (probe.samples.length * 1000) / probe.sampleRate;
  const found: EchoPath[] = [];
  for (let round = 0; round < PROBES; round += 1) {
    ear.begin();
    await ear.heard(BETWEEN_PROBES_MS, signal);
    const playedAt = clock.now() + BEAT_MS;
    void playout.write(probe.samples, probe.sampleRate, signal).catch(() => {});
    const heard = await ear.heard(BETWEEN_PROBES_MS + lengthMs + LOOP_MS, signal);
    const echo = findEcho(probe, from(heard, playedAt));
    if (echo) found.push(echo);
  }
  const delayMs = middle(found.map((one) => one.delayMs));
  // What came after another time each time was no echo.
  const agreeing = found.filter((one) => Math.abs(one.delayMs - delayMs) <= AGREE_WITHIN_MS);
  if (agreeing.length * 2 <= PROBES) return null;
  return { returnDb: middle(agreeing.map((one) => one.returnDb)), delayMs };
}

async function measureVoice({ ear, vad, onStage, signal }: MeasureOptions) {
  onStage('speak');
  vad.reset();
  ear.begin();
  const probabilities: number[] = [];
  let heard: Heard = { samples: new Float32Array(0), sampleRate: VAD_RATE, startedAt: 0 };
  for (let untilMs = LOOK_EVERY_MS; untilMs <= MOST_SPEAKING_MS; untilMs += LOOK_EVERY_MS) {
    const judged = heard.samples.length;
    heard = await ear.heard(untilMs, signal);
    const fresh = resample(heard.samples.subarray(judged), heard.sampleRate, VAD_RATE);
    probabilities.push(...(await vad.write(fresh)));
    const speechMs = (probabilities.filter((one) => one > SPEAKING).length * VAD_FRAME * 1000) / VAD_RATE;
    if (speechMs >= ENOUGH_SPEECH_MS) break;
  }
  return voiceLevel(heard, probabilities);
}

/** The level of those stretches that are speech; null when there are none. */
function voiceLevel({ samples, sampleRate }: Heard, probabilities: readonly number[]) {
  const frame = (VAD_FRAME * sampleRate) / VAD_RATE;
  let power = 0;
  let count = 0;
  let peakDb = Number.NEGATIVE_INFINITY;
  let clipped = false;
  for (const [at, probability] of probabilities.entries()) {
    if (probability <= SPEAKING) continue;
    const level = levelOf(samples.subarray(Math.round(at * frame), Math.round((at + 1) * frame)));
    power += 10 ** (level.rmsDb / 10);
    count += 1;
    peakDb = Math.max(peakDb, level.peakDb);
    clipped ||= level.clipped;
  }
  if (count * VAD_FRAME < VAD_RATE / 2) return null;
  return { speechDb: rounded(10 * Math.log10(power / count)), peakDb: rounded(peakDb), clipped };
}

function blockLevels({ samples, sampleRate }: Heard): number[] {
  const length = Math.round((sampleRate * BLOCK_MS) / 1000);
  const blocks = Math.floor(samples.length / length);
  return Array.from(
    { length: blocks },
    (_, at) => levelOf(samples.subarray(at * length, (at + 1) * length)).rmsDb,
  );
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** What was heard from a moment on. */
function from(heard: Heard, at: number): Heard {
  const skipped = Math.max(0, Math.round(((at - heard.startedAt) * heard.sampleRate) / 1000));
  return { ...heard, samples: heard.samples.subarray(skipped), startedAt: at };
}

function share(levels: readonly number[], part: number): number {
  const sorted = levels.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? -100;
}

function rounded(db: number): number {
  return Math.round(db * 10) / 10;
}

function noSound(): SottoError {
  return new SottoError('media/no-sound', 'The microphone gives no sound at all.', {
    remedy: 'Check that the right microphone is chosen and switched on.',
  });
}
