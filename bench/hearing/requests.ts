/** What voices ask and answer at the bank and the clinic: how much of it is heard right, and of that how much is lost as a guess. */
import { readWav } from '../../test/speech/sound.ts';
import { expectationOf, meaningOf } from '../spoken/meaning.ts';
import { SENTENCES } from '../spoken/sentences.ts';
import { spokenFile } from '../spoken/voices.ts';
import { BenchEars } from './decoder.ts';
import { deskOf } from './desk.ts';

export interface Requests {
  readonly tried: number;
  readonly right: number;
  /** Of these, how many would be acted on. */
  readonly taken: number;
}

/** All sentences at one desk, in one voice. */
export async function requestsIn(folder: string, voice: string): Promise<Requests> {
  const desk = await deskOf(folder);
  const ears = new BenchEars(false);
  const counted = { tried: 0, right: 0, taken: 0 };
  for (const [expected, said, meant] of SENTENCES[folder] ?? []) {
    const file = spokenFile(said, voice);
    if (file === null) continue;
    const expectation = expectationOf(expected);
    const { text, inGrammar } = ears.hear(desk.grammar(expectation), readWav(file).samples);
    counted.tried += 1;
    if (meaningOf(desk, expectation, text) !== meant) continue;
    counted.right += 1;
    if (inGrammar) counted.taken += 1;
  }
  ears.free();
  return counted;
}
