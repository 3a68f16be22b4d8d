/** Runs in a process of its own: a denoiser of a pack, for several streams of sound. */
import { z } from 'zod';
import { SottoError, serveWorker } from '../../base/index.ts';
import { packOfWorker } from '../../models/index.ts';
import { samplesSchema } from '../workers/protocol.ts';
import { denoiserConfig } from './config.ts';
import { type OnlineSpeechDenoiser, sherpa } from './sherpa.ts';

const RATE = 16_000;
const MOST_STREAMS = 16;
const streamSchema = z.strictObject({ stream: z.string() });
const soundSchema = z.strictObject({ stream: z.string(), samples: samplesSchema(RATE * 4) });

await serveWorker('speech', async () => {
  const config = denoiserConfig(await packOfWorker());
  const { OnlineSpeechDenoiser } = sherpa();
  const make = () => new OnlineSpeechDenoiser(config);
  make().run({ samples: new Float32Array(RATE), sampleRate: RATE, enableExternalBuffer: false });
  const streams = new Map<string, OnlineSpeechDenoiser>();

  function streamOf(id: string): OnlineSpeechDenoiser {
    const known = streams.get(id);
    if (known) return known;
    if (streams.size >= MOST_STREAMS)
      throw new SottoError('speech/engine-busy', 'The denoiser cleans too many streams.');
    const stream = make();
    streams.set(id, stream);
    return stream;
  }

  return {
    calls: {
      clean: (body) => {
        const { stream, samples } = soundSchema.parse(body);
        return streamOf(stream).run({ samples, sampleRate: RATE, enableExternalBuffer: false }).samples;
      },
      flush: (body) => {
        const { stream } = streamSchema.parse(body);
        const rest = streamOf(stream).flush(false).samples;
        streams.delete(stream);
        return rest;
      },
    },
    casts: {
      close: (body) => {
        streams.delete(streamSchema.parse(body).stream);
      },
    },
  };
});
