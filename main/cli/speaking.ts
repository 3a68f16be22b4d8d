import { SottoError } from '../base/index.ts';
import { screenReply } from '../guard/index.ts';
import { openDeviceEndpoint, WavWriter } from '../media/index.ts';
import type { SynthesisedSound, Synthesiser, Voice } from '../speech/index.ts';

export interface Spoken {
  /** What was spoken, after the guard. */
  readonly text: string;
  readonly audioMs: number;
}

/**
 * Speaks a text, sentence by sentence, into what `openSink` opens.
 * @throws SottoError `cli/nothing-to-say`, and what the synthesiser and the sink throw.
 */
export async function speak(
  given: string,
  synthesiser: Synthesiser,
  voice: Voice,
  sink: SoundSink,
  signal: AbortSignal,
): Promise<Spoken> {
  const { text } = screenReply(given);
  if (!/[\p{L}\p{N}]/u.test(text))
    throw new SottoError('cli/nothing-to-say', 'There is nothing to say.', { remedy: 'Give some words.' });
  let audioMs = 0;
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text))
    for await (const sound of synthesiser.synthesise(segment.trim(), voice, signal)) {
      await sink.take(sound);
      audioMs += (sound.samples.length * 1000) / sound.sampleRate;
    }
  return { text, audioMs: Math.round(audioMs) };
}

/** Where spoken sound goes. */
export interface SoundSink {
  take(sound: SynthesisedSound): Promise<void>;
  /** Resolves when all of it is out. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Into a WAV file, made with the first sound. */
export function intoFile(file: string): SoundSink {
  let writer: WavWriter | undefined;
  const close = async () => writer?.close();
  return {
    take: async ({ samples, sampleRate }) => {
      writer ??= await WavWriter.create(file, sampleRate);
      writer.append(samples);
    },
    finish: close,
    close,
  };
}

/** Onto the speaker of this machine. @throws SottoError `media/device-failed`, `media/no-device-library`. */
export async function ontoSpeaker(): Promise<SoundSink> {
  const endpoint = await openDeviceEndpoint().catch((error) => {
    throw error instanceof SottoError ? orAFile(error) : error;
  });
  return {
    take: ({ samples, sampleRate }) => endpoint.playout.write(samples, sampleRate),
    finish: () => endpoint.playout.drained(),
    close: () => endpoint.close(),
  };
}

function orAFile({ code, message, remedy = '' }: SottoError): SottoError {
  return new SottoError(code, message, { remedy: `${remedy} Or write a file: --out FILE.wav`.trim() });
}
