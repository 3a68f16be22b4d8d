/** Hears what the agent said with our own recogniser, against a small grammar of sentences it could have said. */
import { createHash } from 'node:crypto';
import { silentLog } from '../../main/base/index.ts';
import { levelOf } from '../../main/media/index.ts';
import { startSpeech } from '../../main/speech/index.ts';

const RATE = 16_000;
const BLOCK = RATE / 50;
const QUIET_DB = -50;
/** Shorter pauses stand between the sentences of one answer. */
const PAUSE_MS = 600;
const SHORTEST_MS = 250;

/**
 * The stretches of speech in a recording (16 kHz), each as the sentences that it is most like. Something is always
 * chosen (a synthetic voice is unlike any person's, so the recogniser's own doubt says nothing here): give many
 * sentences that were not said, among them some that differ in the words that matter.
 */
export async function hearAgain(
  sound: Float32Array,
  sentences: readonly string[],
): Promise<readonly string[]> {
  const speech = await startSpeech({ log: silentLog });
  try {
    const stream = await speech.recogniser.open(grammarOf(sentences));
    const heard: string[] = [];
    for (const stretch of stretches(sound)) {
      await stream.begin();
      stream.write(stretch);
      heard.push((await stream.finish()).text);
    }
    await stream.close();
    return heard;
  } finally {
    await speech.close();
  }
}

function grammarOf(sentences: readonly string[]) {
  const words = sentences.map((sentence) => sentence.toLowerCase().replaceAll(/[^a-z' ]/g, ''));
  const jsgf = `#JSGF V1.0;\ngrammar again;\n<one> = ${words.join(' | ')};\npublic <all> = <one>+;\n`;
  return { id: createHash('sha256').update(jsgf).digest('hex'), jsgf, pronunciations: {}, outsideAbove: 40 };
}

/** Cuts at pauses, with a little quiet left around each stretch. */
function stretches(sound: Float32Array): readonly Float32Array[] {
  const found: Float32Array[] = [];
  let from = -1;
  let last = 0;
  const margin = 10 * BLOCK;
  const close = () => {
    if (from >= 0 && last - from > (SHORTEST_MS * RATE) / 1000)
      found.push(sound.slice(Math.max(0, from - margin), last + margin));
    from = -1;
  };
  for (let at = 0; at + BLOCK <= sound.length; at += BLOCK) {
    if (levelOf(sound.subarray(at, at + BLOCK)).rmsDb > QUIET_DB) {
      if (from < 0) from = at;
      last = at + BLOCK;
    } else if (at - last > (PAUSE_MS * RATE) / 1000) close();
  }
  close();
  return found;
}
