import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { newId, SottoError } from '../../base/index.ts';
import type { SoundMeasurement } from './measure.ts';

const db = z.number().min(-120).max(60);
const echoSchema = z.strictObject({ returnDb: db, delayMs: z.number().min(0).max(5000) });

export const soundMeasurementSchema = z.strictObject({
  noiseFloorDb: db,
  noisePeakDb: db,
  speechDb: db.nullable(),
  speechPeakDb: db.nullable(),
  clipped: z.boolean(),
  echo: echoSchema.nullable(),
  asked: z.boolean(),
});

export const soundSettingsSchema = z.strictObject({
  /** Change of the microphone's volume that brings the person's voice to -26 dBFS; 0 where nobody spoke. */
  inputGainDb: z.number().min(-30).max(30),
  /** What is quieter is room and not speech, dBFS. */
  noiseThresholdDb: db,
  /** Whether the agent's own voice has to be told apart from the person's, and when it comes back. */
  suppressEcho: z.boolean(),
  echoDelayMs: z.number().min(0).max(5000).nullable(),
  /** How the agent's voice comes back, dBFS at the microphone; null when it does not. */
  echoDb: db.nullable(),
  talkMode: z.enum(['handsFree', 'pushToTalk']),
});
/** What follows from a measurement, for conversations at this desk. */
export type SoundSettings = z.infer<typeof soundSettingsSchema>;

export const soundProfileSchema = z.strictObject({
  format: z.literal(1),
  /** Epoch milliseconds. */
  measuredAt: z.number().int().min(0),
  carrier: z.enum(['device', 'webrtc', 'wav']),
  /** Names of the devices, where the machine tells them. */
  microphone: z.string().max(500).nullable(),
  speaker: z.string().max(500).nullable(),
  measured: soundMeasurementSchema,
  settings: soundSettingsSchema,
});
/** A desk's sound, as it was measured last. */
export type SoundProfile = z.infer<typeof soundProfileSchema>;

/** One thing worth knowing, in plain words, with the next step where there is one. */
export interface SoundFinding {
  readonly id: 'noise' | 'level' | 'clipping' | 'echo' | 'mode';
  readonly state: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly remedy: string | null;
}

/** The agent's voice as it is played, dBFS. */
const AGENT_DB = -20;
const WANTED_SPEECH_DB = -26;
const MOST_GAIN_DB = 24;
/** Peaks stay this far below full scale. */
const HEADROOM_DB = 3;
const NOISY_DB = -45;
const LOUD_DB = -35;
/** Below this above the noise the recogniser begins to miss words; below the second it misses many. */
const FAIR_SNR_DB = 18;
const LEAST_SNR_DB = 10;
/** An echo this far below the person's voice is told apart safely, and one this near is not. */
const ECHO_NEAR_DB = 6;
const OVER_NOISE_DB = 8;
/** Assumed of the person's voice where it was not measured. */
const USUAL_SPEECH_DB = -30;

/** What follows from a measurement. */
export function settingsFor(measured: SoundMeasurement): SoundSettings {
  const echoDb = measured.echo && Math.max(-120, AGENT_DB + measured.echo.returnDb);
  const audible = echoDb !== null && echoDb > measured.noiseFloorDb;
  const byLevel = measured.speechDb === null ? 0 : WANTED_SPEECH_DB - measured.speechDb;
  const byPeak = measured.speechPeakDb === null ? 0 : -HEADROOM_DB - measured.speechPeakDb;
  const gain = measured.clipped ? Math.min(-6, byLevel) : Math.min(byLevel, Math.max(byPeak, -MOST_GAIN_DB));
  return {
    inputGainDb: Math.round(Math.max(-MOST_GAIN_DB, Math.min(MOST_GAIN_DB, gain))),
    noiseThresholdDb: Math.max(-65, Math.min(-25, measured.noisePeakDb + OVER_NOISE_DB)),
    suppressEcho: audible,
    echoDelayMs: audible ? (measured.echo?.delayMs ?? null) : null,
    echoDb,
    talkMode: tooNoisy(measured) || echoTooNear(measured) ? 'pushToTalk' : 'handsFree',
  };
}

/** The measurement in plain words. */
export function findingsOf(measured: SoundMeasurement): readonly SoundFinding[] {
  return [noise(measured), ...level(measured), echo(measured), mode(measured)];
}

/**
 * Reads a desk's sound profile; null when it was never measured.
 * @throws SottoError `media/bad-profile` when the file is no such profile.
 */
export async function readSoundProfile(file: string): Promise<SoundProfile | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw badProfile(error);
  });
  if (text === null) return null;
  try {
    return soundProfileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw badProfile(cause);
  }
}

/** Writes it whole or not at all. @throws SottoError `media/cannot-write`. */
export async function writeSoundProfile(file: string, profile: SoundProfile): Promise<void> {
  const unfinished = `${file}.${newId()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(unfinished, `${JSON.stringify(soundProfileSchema.parse(profile), null, 2)}\n`, {
      mode: 0o600,
    });
    await rename(unfinished, file);
  } catch (cause) {
    throw new SottoError('media/cannot-write', 'The sound profile cannot be written.', {
      remedy: 'Check that the data folder is yours and its disk is not full.',
      cause,
    });
  }
}

function noise({ noiseFloorDb }: SoundMeasurement): SoundFinding {
  const message = `The quiet room is at ${inDb(noiseFloorDb)}`;
  if (noiseFloorDb < NOISY_DB)
    return { id: 'noise', state: 'ok', message: `${message}: quiet enough.`, remedy: null };
  const loud = noiseFloorDb >= LOUD_DB;
  return {
    id: 'noise',
    state: loud ? 'fail' : 'warn',
    message: `${message}: ${loud ? 'too loud for a microphone at a distance' : 'noisy'}.`,
    remedy: 'Move the microphone nearer to the person and away from fans and printers, or use a headset.',
  };
}

function level({ speechDb, noiseFloorDb, clipped, asked }: SoundMeasurement): readonly SoundFinding[] {
  if (!asked) return [];
  if (speechDb === null) {
    return [
      {
        id: 'level',
        state: 'fail',
        message: 'Nobody was heard speaking.',
        remedy:
          'Run it again and read the sentence aloud; check that the right microphone is chosen and not muted.',
      },
    ];
  }
  const overNoise = speechDb - noiseFloorDb;
  const message = `Speech is at ${inDb(speechDb)}, ${Math.round(overNoise)} dB above the room`;
  const quiet = speechDb < -42;
  const state = overNoise < LEAST_SNR_DB ? 'fail' : overNoise < FAIR_SNR_DB || quiet ? 'warn' : 'ok';
  const remedy = quiet
    ? `Turn the microphone up by about ${Math.round(WANTED_SPEECH_DB - speechDb)} dB, or move it nearer.`
    : 'Move the microphone nearer to the person, or make the room quieter.';
  const heard: SoundFinding = {
    id: 'level',
    state,
    message: `${message}.`,
    remedy: state === 'ok' ? null : remedy,
  };
  if (!clipped) return [heard];
  const down = 'Turn the microphone down by 6 dB and run it again.';
  return [
    heard,
    { id: 'clipping', state: 'warn', message: 'Loud speech is cut off (clipped).', remedy: down },
  ];
}

function echo(measured: SoundMeasurement): SoundFinding {
  if (!measured.echo) {
    return {
      id: 'echo',
      state: 'ok',
      message: 'Nothing of the speaker comes back through the microphone. (Is the speaker on?)',
      remedy: null,
    };
  }
  const { returnDb, delayMs } = measured.echo;
  const message = `The speaker comes back through the microphone at ${inDb(returnDb)} after ${delayMs} ms`;
  if (!settingsFor(measured).suppressEcho) {
    return { id: 'echo', state: 'ok', message: `${message}: below the room’s noise.`, remedy: null };
  }
  if (!echoTooNear(measured)) {
    return { id: 'echo', state: 'ok', message: `${message}; Sotto takes it into account.`, remedy: null };
  }
  return {
    id: 'echo',
    state: 'warn',
    message: `${message}: as loud as a person.`,
    remedy:
      'Turn the speaker down or away from the microphone, use a headset, or a device with echo cancellation.',
  };
}

function mode(measured: SoundMeasurement): SoundFinding {
  if (settingsFor(measured).talkMode === 'handsFree') {
    return { id: 'mode', state: 'ok', message: 'Hands-free conversation will work here.', remedy: null };
  }
  return {
    id: 'mode',
    state: 'warn',
    message: 'Push-to-talk is recommended here.',
    remedy: 'Hold the key while speaking, or better the sound as said above and run this again.',
  };
}

function tooNoisy({ speechDb, noiseFloorDb }: SoundMeasurement): boolean {
  return (speechDb ?? USUAL_SPEECH_DB) - noiseFloorDb < LEAST_SNR_DB;
}

/** The agent's voice comes back nearly as loud as the person's: it cannot be told by its level. */
function echoTooNear({ echo, speechDb }: SoundMeasurement): boolean {
  return echo !== null && AGENT_DB + echo.returnDb > (speechDb ?? USUAL_SPEECH_DB) - ECHO_NEAR_DB;
}

function inDb(value: number): string {
  return `${Math.round(value)} dB`;
}

function badProfile(cause: unknown): SottoError {
  return new SottoError('media/bad-profile', 'The sound profile of this desk cannot be read.', {
    remedy: 'Measure again: sotto soundcheck',
    cause,
  });
}
