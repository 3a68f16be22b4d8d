import { codeOf, type SupervisedWorker } from '../../base/index.ts';
import type { PackManifest, PackVoice } from '../../models/index.ts';
import type { Synthesiser, Voice } from '../engines.ts';
import { synthesiser } from '../synthesiser/synthesiser.ts';

/**
 * The voice of a pack, with eSpeak NG behind it: for the languages and voices that the pack does not have, for phonemes,
 * and for a sentence of which the network has not made a sound yet when it fails. A desk that names a voice of eSpeak's in
 * the pack's language gets the pack's first voice.
 */
export function packVoice(
  worker: SupervisedWorker,
  manifest: PackManifest,
  espeak: Synthesiser,
): Synthesiser {
  const network = synthesiser(worker);
  const voices = 'voices' in manifest.engine ? manifest.engine.voices : [];
  return {
    engine: `sherpa-onnx/${manifest.engine.family}`,
    async *synthesise(text, voice, signal) {
      const chosen = voiceFor(voice, voices, manifest.languages);
      if (!chosen) {
        yield* espeak.synthesise(text, voice, signal);
        return;
      }
      let sounded = false;
      try {
        for await (const block of network.synthesise(text, { ...voice, name: chosen.name }, signal)) {
          sounded = true;
          yield block;
        }
      } catch (error) {
        if (sounded || signal?.aborted || codeOf(error) === 'speech/text-too-long') throw error;
        yield* espeak.synthesise(text, { ...voice, name: espeakName(voice, voices) }, signal);
      }
    },
    phonemes: (word, voice) => espeak.phonemes(word, { ...voice, name: espeakName(voice, voices) }),
    close: async () => {
      await Promise.all([network.close(), espeak.close()]);
    },
  };
}

function voiceFor(
  { name, language }: Voice,
  voices: readonly PackVoice[],
  languages: readonly string[],
): PackVoice | undefined {
  const named = voices.find((voice) => voice.name === name);
  if (named) return named;
  const wanted = (language ?? name).split('-')[0]?.toLowerCase();
  return languages.some((tag) => tag.split('-')[0]?.toLowerCase() === wanted) ? voices[0] : undefined;
}

/** eSpeak NG does not know the names of the pack. */
function espeakName({ name, language }: Voice, voices: readonly PackVoice[]): string {
  return voices.some((voice) => voice.name === name) ? (language ?? 'en-us').toLowerCase() : name;
}
