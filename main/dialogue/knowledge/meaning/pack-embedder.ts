import { type Log, SottoError, type Unsubscribe, type WorkerCrash } from '../../../base/index.ts';
import { type CheckedPack, packWorker } from '../../../models/index.ts';
import type { PassageEmbedder } from '../embedding.ts';
import { embeddedSchema } from './protocol.ts';

/** An embedding model of a pack, in a supervised process of its own. */
export interface PackEmbedder extends PassageEmbedder {
  onCrash(listener: (crash: WorkerCrash) => void): Unsubscribe;
  close(): Promise<void>;
}

/**
 * Starts it in the background; what is asked meanwhile waits.
 * @throws SottoError `knowledge/wrong-pack` for a pack of another kind, or of an engine that is not there.
 */
export function openPassageEmbedder(options: {
  readonly pack: CheckedPack;
  readonly log: Log;
}): PackEmbedder {
  const { pack, log } = options;
  const { engine } = pack.manifest;
  if (engine.family !== 'gguf-embedding')
    throw new SottoError(
      'knowledge/wrong-pack',
      'The chosen pack holds no embedding model that can be loaded.',
      {
        remedy: 'Choose one whose engine is gguf-embedding: `sotto pack list` tells.',
      },
    );
  const entry = new URL('./worker.ts', import.meta.url);
  const worker = packWorker({ area: 'knowledge', engine: 'embedding', entry, pack, log });
  worker.start().catch(() => {}); // told when it is asked for something
  return {
    nearEnough: engine.nearEnough,
    embed: async (text, as) => {
      const { vector } = await worker.call('embed', { text: text.slice(0, 8_000), as }, embeddedSchema);
      return Float32Array.from(vector);
    },
    onCrash: (listener) => worker.onCrash(listener),
    close: () => worker.close(),
  };
}
