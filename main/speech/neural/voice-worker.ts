/** Runs in a process of its own: a neural voice of a pack. Sentences take turns; blocks go out as they are made. */
import { SottoError, serveWorker } from '../../base/index.ts';
import { packOfWorker } from '../../models/index.ts';
import { toInt16 } from '../int16.ts';
import { VoiceTurns } from '../workers/voice-turns.ts';
import { voiceConfig, wrongPack } from './config.ts';
import { sherpa } from './sherpa.ts';

const BLOCK_MS = 60;

await serveWorker('speech', async (emit) => {
  const pack = await packOfWorker();
  const { engine } = pack.manifest;
  if (!('voices' in engine)) throw wrongPack();
  const { OfflineTts } = sherpa();
  const tts = new OfflineTts(voiceConfig(pack));
  const { voices, naturalRate } = engine;
  if (voices.some(({ speaker }) => speaker >= Math.max(1, tts.numSpeakers))) throw wrongPack();
  const blockLength = Math.round((tts.sampleRate * BLOCK_MS) / 1000);
  const turns = new VoiceTurns();
  return {
    calls: {
      speak: (body) =>
        turns.speak(body, async ({ stream, text, voice, rate }, stopped) => {
          const chosen = voices.find(({ name }) => name === voice);
          if (!chosen)
            throw new SottoError('speech/unknown-voice', 'The pack has no voice of this name.', {
              remedy: 'Choose one that the pack declares.',
            });
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
                if (stopped()) return false;
                tell(samples);
                return true;
              } catch {
                return false;
              }
            },
          });
          if (!stopped()) tell(made.samples.subarray(told));
        }),
    },
    casts: { stop: (body) => turns.stop(body) },
  };
});
