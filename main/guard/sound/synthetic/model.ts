import { z } from 'zod';
import { type Log, SottoError } from '../../../base/index.ts';
import { type CheckedPack, packWorker } from '../../../models/index.ts';
import { antispoofEngine } from './engine.ts';

/**
 * Tells synthetic voices from people's, where a pack for it is installed. None ships with Sotto, and none is known to
 * hold against voices that it was not trained on: without a pack this is not looked for at all.
 */
export interface SyntheticVoiceModel {
  readonly name: string;
  /** Hz, of the sound that it takes. */
  readonly sampleRate: number;
  /** Of the sound that it takes at a time; what is longer is cut from the front, what is shorter repeated. */
  readonly samples: number;
  /** How likely is more than people's recordings show. */
  readonly limit: number;
  /** How likely the voice is synthetic, 0..1. @param samples mono, at `sampleRate`. */
  score(samples: Float32Array): Promise<number>;
  close(): Promise<void>;
}

/** What is said where there is no model: never a score. */
export const NO_SYNTHETIC_VOICE_MODEL = {
  there: false,
  reason: 'no model that tells synthetic voices is installed',
} as const;

/**
 * The model of a pack of the kind `antispoof`, ready to be asked, in a process of its own.
 * @throws SottoError `guard/wrong-pack`, `guard/bad-model`, `models/damaged`, `guard/engine-crashed`.
 */
export async function openSyntheticVoiceModel(pack: CheckedPack, log: Log): Promise<SyntheticVoiceModel> {
  const { samples, limit } = antispoofEngine(pack);
  const { sampleRate, name } = pack.manifest;
  if (sampleRate === undefined) throw new SottoError('guard/wrong-pack', 'The pack tells no sample rate.');
  const entry = new URL('./worker.ts', import.meta.url);
  const worker = packWorker({ area: 'guard', engine: 'synthetic-voices', entry, pack, log });
  try {
    await worker.start();
  } catch (error) {
    await worker.close();
    throw error;
  }
  return {
    name,
    sampleRate,
    samples,
    limit,
    score: async (sound) =>
      await worker.call('score', { samples: sound.slice(-samples) }, z.number().min(0).max(1)),
    close: () => worker.close(),
  };
}
