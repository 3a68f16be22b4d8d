import type { Log, SupervisedWorker, WorkerTimings } from '../../base/index.ts';
import { type CheckedPack, type PackKind, packWorker } from '../../models/index.ts';
import type { Denoiser, Recogniser, SpeakerEmbedder, Synthesiser } from '../engines.ts';
import { recogniser } from '../recogniser/recogniser.ts';
import { packDenoiser, packEmbedder } from './clean-and-embed.ts';
import { wrongPack } from './config.ts';
import { twoRecognisers } from './two-recognisers.ts';
import { packVoice } from './voice.ts';

/** The packs that an appliance has chosen, by what they do; each as `Models.open` gives it. */
export interface SpeechPacks {
  readonly recogniser?: CheckedPack;
  readonly synthesiser?: CheckedPack;
  readonly denoiser?: CheckedPack;
  readonly speakerEmbedding?: CheckedPack;
}

/** What the chosen packs add to the engines that are always there. */
export interface PackEngines {
  readonly recogniser: Recogniser;
  readonly synthesiser: Synthesiser;
  readonly denoiser?: Denoiser;
  readonly embedder?: SpeakerEmbedder;
  /** By the name of their engine, such as `neural-recogniser`. */
  readonly workers: ReadonlyMap<string, SupervisedWorker>;
}

const ENTRIES = {
  recogniser: './recogniser-worker.ts',
  synthesiser: './voice-worker.ts',
  denoiser: './denoiser-worker.ts',
  speakerEmbedding: './embedding-worker.ts',
} as const satisfies Partial<Record<PackKind, string>>;

/**
 * Puts the engines of packs beside the built-in ones: a neural recogniser as a second opinion on the grammar's, a neural
 * voice before eSpeak NG's. Their workers are not started yet.
 * @throws SottoError `speech/wrong-pack` for a pack of another kind.
 */
export function packEngines(
  packs: SpeechPacks,
  built: { readonly recogniser: Recogniser; readonly synthesiser: Synthesiser },
  log: Log,
  timings: Partial<WorkerTimings> | undefined,
): PackEngines {
  const workers = new Map<string, SupervisedWorker>();
  const workerFor = (kind: keyof typeof ENTRIES, pack: CheckedPack) => {
    if (pack.manifest.kind !== kind) throw wrongPack();
    const engine = `neural-${kind}`;
    const entry = new URL(ENTRIES[kind], import.meta.url);
    const worker = packWorker({ area: 'speech', engine, entry, pack, log, ...(timings ? { timings } : {}) });
    workers.set(engine, worker);
    return worker;
  };
  const { recogniser: ears, synthesiser: mouth, denoiser, speakerEmbedding } = packs;
  return {
    recogniser: ears
      ? twoRecognisers(built.recogniser, networkOf(workerFor('recogniser', ears), ears))
      : built.recogniser,
    synthesiser: mouth
      ? packVoice(workerFor('synthesiser', mouth), mouth.manifest, built.synthesiser)
      : built.synthesiser,
    ...(denoiser
      ? { denoiser: packDenoiser(workerFor('denoiser', denoiser), denoiser.manifest.engine.family) }
      : {}),
    ...(speakerEmbedding
      ? {
          embedder: packEmbedder(
            workerFor('speakerEmbedding', speakerEmbedding),
            speakerEmbedding.manifest.engine.family,
          ),
        }
      : {}),
    workers,
  };
}

/** It answers what PocketSphinx's worker answers, and never lacks a pronunciation. */
function networkOf(worker: SupervisedWorker, { manifest }: CheckedPack): Recogniser {
  const spell = async (word: string) => word;
  return { ...recogniser(worker, spell), engine: `sherpa-onnx/${manifest.engine.family}` };
}
