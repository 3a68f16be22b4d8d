import { randomInt } from 'node:crypto';
import { digitsInWords } from '../../base/index.ts';

const DIGITS = 4;
const SPOKEN: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  o: '0',
  nought: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
};

/** Digits that nobody can have recorded before: what is asked when a voice may come out of a loudspeaker. */
export interface SpokenChallenge {
  /** What the agent says. */
  readonly prompt: string;
  /** A JSGF grammar of what may be answered. */
  readonly jsgf: string;
  /** Whether these words answer it: all digits, in their order, and no other digit. */
  answeredBy(text: string): boolean;
}

export function spokenChallenge(): SpokenChallenge {
  // No digit twice in a row: recognisers take "two two" for one "two".
  const digits: number[] = [];
  while (digits.length < DIGITS) {
    const next = randomInt(10);
    if (next !== digits.at(-1)) digits.push(next);
  }
  const wanted = digits.join('');
  return {
    prompt: `I could not be sure of what I heard. Please say these numbers: ${digitsInWords(wanted)}.`,
    jsgf:
      '#JSGF V1.0;\ngrammar challenge;\n' +
      'public <answer> = ( zero | oh | one | two | three | four | five | six | seven | eight | nine )+ ;\n',
    answeredBy: (text) => digitsIn(text) === wanted,
  };
}

function digitsIn(text: string): string {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => (/^\d+$/.test(word) ? word : (SPOKEN[word] ?? '')))
    .join('');
}
