import { z } from 'zod';
import { BoundedQueue, newId, SottoError } from '../../base/index.ts';
import type { SynthesisedSound, Synthesiser, Voice } from '../engines.ts';
import { fromInt16 } from '../int16.ts';
import { mnemonicsOf } from '../recogniser/arpabet.ts';
import type { SupervisedWorker } from '../workers/supervisor.ts';

/** A sentence of this many characters lasts about four minutes; blocks are 60 ms. */
const LONGEST_TEXT = 4000;
const MOST_BLOCKS = 8192;
const blockSchema = z.strictObject({
  samples: z.instanceof(Int16Array),
  sampleRate: z.number().positive(),
});

/** eSpeak NG reads mnemonics in double brackets. What is no ARPAbet leaves the word as it is. */
export function markForEspeak(word: string, phones: string): string {
  const mnemonics = mnemonicsOf(phones);
  return mnemonics === undefined ? word : `[[${mnemonics}]]`;
}

/** eSpeak NG behind a supervised worker; it is given words as they are to be spoken (`voice-door.ts`). */
export function synthesiser(worker: SupervisedWorker): Synthesiser {
  return {
    engine: 'espeak-ng',
    synthesise: (text, voice, signal) => synthesise(worker, text, voice, signal),
    phonemes: (word, voice) => worker.call('phonemes', { word, voice: voice.name }, z.string()),
    close: () => worker.close(),
  };
}

async function* synthesise(
  worker: SupervisedWorker,
  text: string,
  voice: Voice,
  signal?: AbortSignal,
): AsyncGenerator<SynthesisedSound, void, void> {
  signal?.throwIfAborted();
  if (text.length > LONGEST_TEXT) {
    throw new SottoError('speech/text-too-long', 'The text is too long to be spoken in one go.', {
      remedy: `Speak it sentence by sentence, at most ${LONGEST_TEXT} characters each.`,
    });
  }
  const generation = await worker.start();
  const stream = newId();
  const blocks = new BoundedQueue<SynthesisedSound>(MOST_BLOCKS, 'throw');
  const deaf = worker.listen(stream, {
    event: (body) => blocks.push(soundOf(body)),
    crashed: () => {},
  });
  const abort = () => blocks.close(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  let speaking = true;
  worker
    .call('speak', { stream, text, voice: voice.name, rate: voice.rate }, z.unknown(), generation)
    .then(
      () => blocks.close(),
      (error: unknown) => blocks.close(error),
    )
    .finally(() => {
      speaking = false;
    });
  try {
    for await (const block of blocks) {
      signal?.throwIfAborted();
      yield block;
    }
    signal?.throwIfAborted();
  } finally {
    deaf();
    signal?.removeEventListener('abort', abort);
    if (speaking) worker.cast('stop', { stream }, generation);
  }
}

function soundOf(body: unknown): SynthesisedSound {
  const { samples, sampleRate } = blockSchema.parse(body);
  return { samples: fromInt16(samples), sampleRate };
}
