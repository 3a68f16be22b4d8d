import { afterAll, beforeAll, expect, test } from 'vitest';
import { spokenFile } from '../../bench/spoken/voices.ts';
import { silentLog } from '../../main/base/index.ts';
import { type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { grammarOf } from './coffee.ts';
import { hear, readWav } from './sound.ts';

const QUIET_SECONDS = 0.9;
/** A grammar that knows no month without a day. */
const DATES =
  '#JSGF V1.0;\ngrammar g;\npublic <g> = [on] (may | december) (second | tenth | eighth | eight | two);\n';

let speech: SupervisedSpeech;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
});
afterAll(() => speech.close());

/** The sentence, and then the quiet of a room. */
function thenQuiet(text: string, voice: string): Float32Array {
  const file = spokenFile(text, voice);
  if (file === null) throw new Error('The voice cannot say it.');
  const { samples } = readWav(file);
  const sound = new Float32Array(samples.length + QUIET_SECONDS * 16_000);
  sound.set(samples);
  return sound.map((value, at) => value + Math.sin(at * at) * 5e-4);
}

test('no word is heard into the quiet after the voice, though the grammar asks for one more', async () => {
  const stream = await speech.recogniser.open(grammarOf(DATES));
  const heard: string[] = [];
  for (const voice of ['slt', 'rms'])
    for (const text of ['december', 'december tenth', 'may second']) {
      const { text: found, words } = await hear(stream, thenQuiet(text, voice));
      expect(words.map((word) => word.text).join(' ')).toBe(found);
      heard.push(found);
    }
  await stream.close();
  expect(heard).toEqual([
    'december',
    'december tenth',
    'may second',
    'december',
    'december tenth',
    'may second',
  ]);
});
