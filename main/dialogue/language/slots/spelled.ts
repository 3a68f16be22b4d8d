/**
 * Names and references spelled out: letters, digits, "double l", "S as in Sam", "B for bravo", NATO words.
 * The value has capital letters and digits only: "SMITH", "A12B".
 */
import { digitValue, sayDigits, teenValue, tensValue } from '../numbers.ts';
import type { Sentence, SlotMatch, SlotType } from './slot-type.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const NATO = [
  'alpha',
  'bravo',
  'charlie',
  'delta',
  'echo',
  'foxtrot',
  'golf',
  'hotel',
  'india',
  'juliet',
  'kilo',
  'lima',
  'mike',
  'november',
  'oscar',
  'papa',
  'quebec',
  'romeo',
  'sierra',
  'tango',
  'uniform',
  'victor',
  'whiskey',
  'xray',
  'yankee',
  'zulu',
];
const NATO_VARIANTS: Readonly<Record<string, string>> = {
  alfa: 'a',
  juliett: 'j',
  whisky: 'w',
  zed: 'z',
  zee: 'z',
};
/** What people say after "as in", besides the NATO words. */
const AS_IN = [
  'apple',
  'adam',
  'boy',
  'bob',
  'cat',
  'charles',
  'dog',
  'david',
  'edward',
  'eric',
  'elephant',
  'frank',
  'fred',
  'george',
  'golf',
  'henry',
  'harry',
  'house',
  'ice',
  'ida',
  'igloo',
  'john',
  'jack',
  'king',
  'kate',
  'larry',
  'love',
  'lion',
  'mary',
  'michael',
  'mother',
  'nancy',
  'nora',
  'nicholas',
  'orange',
  'ocean',
  'olive',
  'peter',
  'paul',
  'pat',
  'queen',
  'robert',
  'roger',
  'sam',
  'sugar',
  'susan',
  'tom',
  'tommy',
  'thomas',
  'uncle',
  'union',
  'victory',
  'vanilla',
  'william',
  'water',
  'yellow',
  'young',
  'zebra',
  'zero',
];
const LONGEST = 24;
const JOINS = new Set(['for', 'like']);

export const spelledSlot: SlotType = {
  spoken: '(<character>)+',
  rules: {
    letter: [`(${LETTERS.join('|')}|zee|zed)`],
    character: [
      `<letter> [(as in|for|like) (${[...new Set([...NATO.filter((word) => word !== 'xray'), ...AS_IN])].join('|')})]`,
      `(${NATO.filter((word) => word !== 'xray').join('|')}|x ray)`,
      '(zero|one|two|three|four|five|six|seven|eight|nine)',
      'double <letter>',
    ],
  },
  match: (sentence, at) => [...spellings(sentence, at)],
  readBack: (value) =>
    [...value].map((character) => (/\d/.test(character) ? sayDigits(character) : character)).join(', '),
};

function* spellings({ words, tokens, text }: Sentence, at: number): Generator<SlotMatch> {
  let value = '';
  let position = at;
  while (position < words.length && value.length < LONGEST) {
    const next = character(words, position);
    if (next === null) break;
    value += next.said;
    position = next.end;
    if (value.length > 1 || position === words.length)
      yield { end: position, value: value.toUpperCase(), mayGoOn: true };
  }
  const token = tokens[at];
  // A word written as it is: "Smith", "A12B". Heard words are small letters; only typing has capitals or digits.
  if (
    token &&
    position === at &&
    /[A-Z\d]/.test(text.slice(token.start, token.end)) &&
    /^[a-z\d-]{2,}$/.test(token.text)
  )
    yield { end: at + 1, value: token.text.replaceAll('-', '').toUpperCase(), mayGoOn: false };
}

function character(words: readonly string[], at: number): { said: string; end: number } | null {
  const word = words[at] ?? '';
  const times = { double: 2, triple: 3 }[word];
  if (times !== undefined) {
    const repeated = character(words, at + 1);
    return repeated && { said: repeated.said.repeat(times), end: repeated.end };
  }
  if (/^[a-z]$/.test(word)) return letterAt(words, at, word);
  if (word === 'x' && words[at + 1] === 'ray') return { said: 'x', end: at + 2 };
  if (/^[a-z\d]*\d[a-z\d]*$/.test(word)) return { said: word, end: at + 1 };
  const number = word === 'oh' ? 0 : (digitValue(word) ?? teenValue(word) ?? tensValue(word));
  if (number !== undefined) return { said: String(number), end: at + 1 };
  if (NATO.includes(word)) return { said: word.charAt(0), end: at + 1 };
  const variant = NATO_VARIANTS[word];
  return variant ? { said: variant, end: at + 1 } : null;
}

/** A letter, with the word that makes it plain. The word wins: "P as in Bob" is B, which was misheard. */
function letterAt(words: readonly string[], at: number, letter: string): { said: string; end: number } {
  if (letter === 'x' && words[at + 1] === 'ray') return { said: 'x', end: at + 2 };
  const asIn = words[at + 1] === 'as' && words[at + 2] === 'in';
  const example = words[asIn ? at + 3 : at + 2] ?? '';
  if ((asIn || JOINS.has(words[at + 1] ?? '')) && /^[a-z]{2,}/.test(example))
    return { said: example.charAt(0), end: asIn ? at + 4 : at + 3 };
  return { said: letter, end: at + 1 };
}
