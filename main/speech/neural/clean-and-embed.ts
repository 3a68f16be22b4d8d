import { z } from 'zod';
import { joinSamples, newId, type SupervisedWorker } from '../../base/index.ts';
import type { Denoiser, SpeakerEmbedder } from '../engines.ts';

const samples = z.instanceof(Float32Array);
/** Samples in one message: 4 seconds, and for a voice 60. */
const MOST_CLEANED = 16_000 * 4;
const MOST_EMBEDDED = 16_000 * 60;

/** The denoiser of a pack behind a supervised worker. */
export function packDenoiser(worker: SupervisedWorker, family: string): Denoiser {
  return {
    engine: `sherpa-onnx/${family}`,
    open: async () => {
      const stream = newId();
      const generation = await worker.start();
      return {
        clean: async (sound) => {
          const parts: Float32Array[] = [];
          for (let at = 0; at < sound.length; at += MOST_CLEANED)
            parts.push(
              await worker.call(
                'clean',
                { stream, samples: sound.slice(at, at + MOST_CLEANED) },
                samples,
                generation,
              ),
            );
          return joinSamples(parts);
        },
        flush: () => worker.call('flush', { stream }, samples, generation),
        close: () => worker.cast('close', { stream }, generation),
      };
    },
    close: () => worker.close(),
  };
}

/** The speaker embedding of a pack behind a supervised worker. */
export function packEmbedder(worker: SupervisedWorker, family: string): SpeakerEmbedder {
  return {
    engine: `sherpa-onnx/${family}`,
    embed: (sound) => worker.call('embed', { samples: sound.slice(0, MOST_EMBEDDED) }, samples),
    close: () => worker.close(),
  };
}
