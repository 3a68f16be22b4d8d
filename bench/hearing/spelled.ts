/** Letters and digits said one at a time, by one person. */
import type { SpeechGrammar } from '../../main/dialogue/index.ts';
import { BenchEars } from './decoder.ts';
import { samplesOf, wavFiles } from './sound.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
/** The recordings are cut at the sound itself; a person is quiet before and after: 0.2 s. */
const AROUND = 3200;
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'a letter, of 26': LETTERS,
  'a digit, of 10': DIGITS,
  'either, of 36': [...LETTERS, ...DIGITS],
};
export const SPELLED: readonly string[] = Object.keys(KINDS);

export interface HeardRight {
  readonly tried: number;
  /** What was taken for something else: `b→d`. */
  readonly mistaken: readonly string[];
}

/** How many of a kind are heard right where only that kind may be said. */
export async function heardRight(kind: string): Promise<HeardRight> {
  const words = KINDS[kind] ?? [];
  const ears = new BenchEars(false);
  const files = wavFiles('speech', 'spelled').filter((file) => words.includes(saidIn(file)));
  const mistaken: string[] = [];
  for (const file of files) {
    const samples = samplesOf('speech', 'spelled', file);
    const sound = new Float32Array(samples.length + 2 * AROUND);
    sound.set(samples, AROUND);
    const { text } = ears.hear(oneOf(words), sound);
    if (text !== saidIn(file)) mistaken.push(`${saidIn(file)}→${text || 'nothing'}`);
  }
  ears.free();
  return { tried: files.length, mistaken };
}

function saidIn(file: string): string {
  return file.split('-')[0] ?? '';
}

function oneOf(words: readonly string[]): SpeechGrammar {
  const jsgf = `#JSGF V1.0;\ngrammar g;\npublic <g> = ${words.join('|')};\n`;
  return { id: `one of ${words.length}`, jsgf, pronunciations: {}, outsideAbove: 18 };
}
