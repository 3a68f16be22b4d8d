/** Runs in a process of its own: a neural voice of a pack. Sentences take turns; blocks go out as they are made. */
import { z } from 'zod';
import { SottoError, serveWorker } from '../../base/index.ts';
import { packOfWorker } from '../../models/index.ts';
import { voiceConfig, wrongPack } from './config.ts';
import { sherpa } from './sherpa.ts';

const BLOCK_MS = 60;
const speakSchema = z.strictObject({
  stream: z.string(),
  text: z.string().max(4000),
  voice: z.string().max(60),
  rate: z.int().min(80).max(450),
});
const stopSchema = z.strictObject({ stream: z.string() });

await serveWorker('speech', async (emit) => {
  const pack = await packOfWorker();
  const { engine } = pack.manifest;
  if (!('voices' in engine)) throw wrongPack();
  const { OfflineTts } = sherpa();
  const tts = new OfflineTts(voiceConfig(pack));
  const { voices, naturalRate } = engine;
  if (voices.some(({ speaker }) => speaker >= Math.max(1, tts.numSpeakers))) throw wrongPack();
  const blockLength = Math.round((tts.sampleRate * BLOCK_MS) / 1000);
  const stopped = new Set<string>();
  const waiting = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();

  async function speak(body: z.infer<typeof speakSchema>): Promise<void> {
    const { stream, text, voice, rate } = body;
    const chosen = voices.find(({ name }) => name === voice);
    if (!chosen)
      throw new SottoError('speech/unknown-voice', 'The pack has no voice of this name.', {
        remedy: 'Choose one that the pack declares.',
      });
    if (stopped.has(stream)) return;
    let told = 0;
    const tell = (samples: Float32Array) => {
      for (let at = 0; at < samples.length; at += blockLength)
        emit(stream, {
          samples: toInt16(samples.subarray(at, at + blockLength)),
          sampleRate: tts.sampleRate,
        });
      told += samples.length;
    };
    const made = await tts.generateAsync({
      text,
      sid: chosen.speaker,
      speed: rate / naturalRate,
      enableExternalBuffer: false,
      onProgress: ({ samples }) => {
        // An exception must not cross native frames.
        try {
          if (stopped.has(stream)) return false;
          tell(samples);
          return true;
        } catch {
          return false;
        }
      },
    });
    if (!stopped.has(stream)) tell(made.samples.subarray(told));
  }

  return {
    calls: {
      speak: (body) => {
        const request = speakSchema.parse(body);
        waiting.add(request.stream);
        const spoken = turn.then(() => speak(request));
        turn = spoken.catch(() => {});
        return spoken.finally(() => {
          waiting.delete(request.stream);
          stopped.delete(request.stream);
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

function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))));
}
