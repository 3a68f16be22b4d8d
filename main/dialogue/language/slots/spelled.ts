/**
 * Names and references spelled out: letters, digits, "double l", "S as in Sam", "B for bravo", NATO words.
 * The value has capital letters and digits only: "SMITH", "A12B".
 */
import { DIGIT_WORDS, digitValue, sayDigits, teenValue, tensValue } from '../numbers.ts';
import type { Sentence, SlotMatch, SlotType } from './slot-type.ts';

/** For each letter its NATO word, then what else people say after "as in". */
const WORDS_FOR: Readonly<Record<string, string>> = {
  a: 'alpha apple adam',
  b: 'bravo boy bob',
  c: 'charlie cat charles',
  d: 'delta dog david',
  e: 'echo edward eric elephant',
  f: 'foxtrot frank fred',
  g: 'golf george',
  h: 'hotel henry harry house',
  i: 'india ice ida igloo',
  j: 'juliet john jack',
  k: 'kilo king kate',
  l: 'lima larry love lion',
  m: 'mike mary michael mother',
  n: 'november nancy nora nicholas',
  o: 'oscar orange ocean olive',
  p: 'papa peter paul pat',
  q: 'quebec queen',
  r: 'romeo robert roger',
  s: 'sierra sam sugar susan',
  t: 'tango tom tommy thomas',
  u: 'uniform uncle union',
  v: 'victor victory vanilla',
  w: 'whiskey william water',
  x: 'x-ray',
  y: 'yankee yellow young',
  z: 'zulu zebra zero',
};
const LETTERS = Object.keys(WORDS_FOR);
const examplesOf = (letter: string): readonly string[] =>
  (WORDS_FOR[letter] ?? '').split(' ').map((word) => word.replace('x-ray', 'x ray'));
const natoOf = (letter: string): string => examplesOf(letter)[0] ?? letter;
const NATO = new Map(LETTERS.map((letter) => [natoOf(letter), letter]));
const OTHER_NAMES: Readonly<Record<string, string>> = {
  alfa: 'a',
  juliett: 'j',
  whisky: 'w',
  zed: 'z',
  zee: 'z',
};
/** Letters that sound alike over a microphone, and what each is read back with. */
const ALIKE: Readonly<Record<string, string>> = {
  B: 'Bob',
  C: 'Charlie',
  D: 'David',
  E: 'Edward',
  G: 'George',
  P: 'Peter',
  T: 'Tom',
  V: 'Victor',
  Z: 'zebra',
  M: 'Mary',
  N: 'Nancy',
  F: 'Frank',
  S: 'Sam',
};
const LONGEST = 24;
const JOINS = new Set(['for', 'like']);
/**
 * How likely one character more is, and a word that makes a letter plain: without a price breath, echo and the end of "k" are
 * heard as further letters. A letter of a name that the desk knows costs less. Prices, not shares: no spelling speaks against
 * itself (`recogniser/surprise.ts`). Chosen on strings of a person's letters, half of
 * them names: docs/decisions/0028-likelihoods-that-count.md.
 */
const PRICE = { character: 0.0001, ofKnown: 0.01, example: 0.01, double: 0.01, digit: 0.1 };
/** So many known names fit a grammar beside everything else. */
const MOST_KNOWN = 300;

/** @param known names that are likely, such as those of the staff: heard where any letters would do as well. */
export function spelledSlot(known: readonly string[] = []): SlotType {
  const letters = LETTERS.map((letter) => [`letter${letter.toUpperCase()}`, [spokenLetter(letter)]] as const);
  const names = known.slice(0, MOST_KNOWN).flatMap((name) => spelledName(name) || []);
  return {
    spoken: `(${[...(names.length > 0 ? ['<known>'] : []), `(/${PRICE.character}/ <character>)+`].join('|')})`,
    rules: {
      ...Object.fromEntries(letters),
      letter: letters.map(([rule]) => `<${rule}>`),
      character: [
        `(<letter>|(/${PRICE.double}/ double (${LETTERS.join('|')}))|(/${PRICE.digit}/ (${DIGIT_WORDS.join('|')})))`,
      ],
      ...(names.length > 0 ? { known: names } : {}),
    },
    match: (sentence, at) => [...spellings(sentence, at)],
    readBack: (value) => [...value].map(plainly).join(', '),
  };
}

/** "s", "s as in sam", "sierra". */
function spokenLetter(letter: string): string {
  const also = { z: '|zed|zee' }[letter] ?? '';
  const example = PRICE.example;
  return `(${letter}${also}|(/${example}/ ${letter} (as in|for|like) (${examplesOf(letter).join('|')}))|(/${example}/ ${natoOf(letter)}))`;
}

/** A name as its letters: "o'brien" is o, b, r, i, e, n. Empty where it has other signs. */
function spelledName(name: string): string {
  const letters = name.toLowerCase().replaceAll(/[\s'.-]/g, '');
  if (!/^[a-z]{2,24}$/.test(letters)) return '';
  return [...letters].map((letter) => `(/${PRICE.ofKnown}/ <letter${letter.toUpperCase()}>)`).join(' ');
}

/** A character that nobody takes for another: "S as in Sam", "I", "four". */
function plainly(character: string): string {
  if (/\d/.test(character)) return sayDigits(character);
  const example = ALIKE[character];
  return example === undefined ? character : `${character} as in ${example}`;
}

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
  const letter = NATO.get(word) ?? OTHER_NAMES[word];
  return letter === undefined ? null : { said: letter, end: at + 1 };
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
