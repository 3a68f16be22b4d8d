/** Letters and digits said one at a time, by one person. */
import type { SpeechGrammar } from '../../main/dialogue/index.ts';
import { table } from '../machine.ts';
import { BenchDecoder } from './decoder.ts';
import { samplesOf, wavFiles } from './sound.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
/** The recordings are cut at the sound itself; a person is quiet before and after: 0.2 s. */
const AROUND = 3200;

/** Of each kind, how many are heard right where only that kind, and where both, may be said. */
export function spelledTable(): string {
  const rows = [
    heardRight('a letter, of 26', LETTERS),
    heardRight('a digit, of 10', DIGITS),
    heardRight('either, of 36', [...LETTERS, ...DIGITS]),
  ];
  return table(['said', 'recordings', 'heard right', 'taken for another'], rows);
}

function heardRight(name: string, words: readonly string[]): (string | number)[] {
  const decoder = new BenchDecoder({}, null);
  const files = wavFiles('speech', 'spelled').filter((file) => words.includes(saidIn(file)));
  const taken: string[] = [];
  for (const file of files) {
    const samples = samplesOf('speech', 'spelled', file);
    const sound = new Float32Array(samples.length + 2 * AROUND);
    sound.set(samples, AROUND);
    const { text } = decoder.decode(oneOf(words), sound, { whole: false });
    if (text !== saidIn(file)) taken.push(`${saidIn(file)}→${text || 'nothing'}`);
  }
  decoder.free();
  const counts = Object.entries(Object.groupBy(taken, (each) => each));
  const most = counts.toSorted(([, a], [, b]) => (b?.length ?? 0) - (a?.length ?? 0)).slice(0, 8);
  const right = ((1 - taken.length / files.length) * 100).toFixed(1);
  return [name, files.length, `${right} %`, most.map(([each, own]) => `${each} ${own?.length}`).join(', ')];
}

function saidIn(file: string): string {
  return file.split('-')[0] ?? '';
}

function oneOf(words: readonly string[]): SpeechGrammar {
  const jsgf = `#JSGF V1.0;\ngrammar g;\npublic <g> = ${words.join('|')};\n`;
  return { id: `one of ${words.length}`, jsgf, pronunciations: {}, outsideAbove: 18 };
}
