/** Runs in a process of its own: eSpeak NG. Sentences take turns; blocks go out as they are made. */
import { z } from 'zod';
import { serveWorker } from '../workers/serve.ts';
import { Espeak } from './espeak.ts';

const speakSchema = z.strictObject({
  stream: z.string(),
  text: z.string().max(4000),
  voice: z.string().max(60),
  rate: z.int().min(80).max(450),
});
const stopSchema = z.strictObject({ stream: z.string() });
const phonemesSchema = z.strictObject({ word: z.string().max(100), voice: z.string().max(60) });

await serveWorker(async (emit) => {
  const espeak = new Espeak();
  espeak.choose('en-us');
  const stopped = new Set<string>();
  const waiting = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const answer = turn.then(work);
    turn = answer.catch(() => {});
    return answer;
  }

  return {
    calls: {
      speak: (body) => {
        const { stream, text, voice, rate } = speakSchema.parse(body);
        waiting.add(stream);
        return inTurn(async () => {
          if (stopped.has(stream)) return;
          espeak.choose(voice);
          await espeak.speak(text, rate, (samples) => {
            if (stopped.has(stream)) return false;
            emit(stream, { samples, sampleRate: espeak.sampleRate });
            return true;
          });
        }).finally(() => {
          waiting.delete(stream);
          stopped.delete(stream);
        });
      },
      phonemes: (body) => {
        const { word, voice } = phonemesSchema.parse(body);
        return inTurn(() => {
          espeak.choose(voice);
          return espeak.phonemes(word);
        });
      },
    },
    casts: {
      stop: (body) => {
        const { stream } = stopSchema.parse(body);
        if (waiting.has(stream)) stopped.add(stream);
      },
    },
  };
});
