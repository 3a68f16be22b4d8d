/** Runs in a process of its own: Silero VAD for many streams. Whole frames come in, probabilities go out. */
import { z } from 'zod';
import { samplesSchema } from '../workers/protocol.ts';
import { serveWorker } from '../workers/serve.ts';
import { FRAME, freshState, Silero, type SileroState } from './silero.ts';

const streamSchema = z.strictObject({ stream: z.string() });
const framesSchema = z.strictObject({ stream: z.string(), samples: samplesSchema(FRAME * 512) });

await serveWorker(async () => {
  const silero = await Silero.load();
  const states = new Map<string, SileroState>();
  await silero.probability(new Float32Array(FRAME), freshState());
  return {
    calls: {
      frames: async (body) => {
        const { stream, samples } = framesSchema.parse(body);
        const state = states.get(stream) ?? freshState();
        states.set(stream, state);
        const probabilities: number[] = [];
        for (let at = 0; at + FRAME <= samples.length; at += FRAME) {
          probabilities.push(await silero.probability(samples.subarray(at, at + FRAME), state));
        }
        return probabilities;
      },
    },
    casts: {
      // A fresh state object: frames still under way go on with the old one, and do not stain the new.
      reset: (body) => states.set(streamSchema.parse(body).stream, freshState()),
      close: (body) => states.delete(streamSchema.parse(body).stream),
    },
  };
});
