/** Runs in a process of its own: eSpeak NG. Sentences take turns; blocks go out as they are made. */
import { z } from 'zod';
import { serveWorker } from '../workers/serve.ts';
import { VoiceTurns } from '../workers/voice-turns.ts';
import { Espeak } from './espeak.ts';

const phonemesSchema = z.strictObject({ word: z.string().max(100), voice: z.string().max(60) });

await serveWorker(async (emit) => {
  const espeak = new Espeak();
  espeak.choose('en-us');
  const turns = new VoiceTurns();
  return {
    calls: {
      speak: (body) =>
        turns.speak(body, async ({ stream, text, voice, rate }, stopped) => {
          espeak.choose(voice);
          await espeak.speak(text, rate, (samples) => {
            if (stopped()) return false;
            emit(stream, { samples, sampleRate: espeak.sampleRate });
            return true;
          });
        }),
      phonemes: (body) => {
        const { word, voice } = phonemesSchema.parse(body);
        return turns.take(() => {
          espeak.choose(voice);
          return espeak.phonemes(word);
        });
      },
    },
    casts: { stop: (body) => turns.stop(body) },
  };
});
