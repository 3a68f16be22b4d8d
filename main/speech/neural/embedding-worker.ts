/** Runs in a process of its own: the speaker embedding of a pack. */
import { z } from 'zod';
import { SottoError, serveWorker } from '../../base/index.ts';
import { packOfWorker } from '../../models/index.ts';
import { samplesSchema } from '../workers/protocol.ts';
import { embeddingConfig } from './config.ts';
import { sherpa } from './sherpa.ts';

const RATE = 16_000;
const soundSchema = z.strictObject({ samples: samplesSchema(RATE * 60) });

await serveWorker('speech', async () => {
  const { SpeakerEmbeddingExtractor } = sherpa();
  const extractor = new SpeakerEmbeddingExtractor(embeddingConfig(await packOfWorker()));
  return {
    calls: {
      embed: (body) => {
        const { samples } = soundSchema.parse(body);
        const stream = extractor.createStream();
        stream.acceptWaveform({ samples, sampleRate: RATE });
        stream.inputFinished();
        if (!extractor.isReady(stream))
          throw new SottoError('speech/too-short', 'There is too little sound to tell a voice by.');
        return extractor.compute(stream, false);
      },
    },
  };
});
