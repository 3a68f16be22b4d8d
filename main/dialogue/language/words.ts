/**
 * Words as they are spoken, and sentences as tokens. Pack texts, recognised words and typed text all pass here, so
 * that "I'd", "i would" and "I’d" meet as the same words.
 */
import { sayCardinal, sayDigits, sayOrdinal } from './numbers.ts';

/** One token of a sentence: a word, or a written number, price, date or time kept whole. */
export interface Token {
  readonly text: string;
  /** Where it stands in the original sentence. */
  readonly start: number;
  readonly end: number;
}

const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  pm: ['p', 'm'],
  ok: ['okay'],
  okey: ['okay'],
  pls: ['please'],
  plz: ['please'],
  thx: ['thanks'],
  wanna: ['want', 'to'],
  gonna: ['going', 'to'],
  gotta: ['got', 'to'],
  lemme: ['let', 'me'],
  gimme: ['give', 'me'],
  cannot: ['can', 'not'],
  dont: ['do', 'not'],
  cant: ['can', 'not'],
  im: ['i', 'am'],
  whats: ['what', 'is'],
  wheres: ['where', 'is'],
  hows: ['how', 'is'],
  "can't": ['can', 'not'],
  "won't": ['will', 'not'],
  "shan't": ['shall', 'not'],
  "let's": ['let', 'us'],
  "o'clock": ["o'clock"],
};
const IS_CONTRACTED = new Set([
  'what',
  'where',
  'when',
  'who',
  'how',
  'it',
  'that',
  'there',
  'here',
  'he',
  'she',
  'name',
  'which',
]);
const ENDINGS: readonly (readonly [string, string])[] = [
  ["n't", 'not'],
  ["'d", 'would'],
  ["'m", 'am'],
  ["'ll", 'will'],
  ["'ve", 'have'],
  ["'re", 'are'],
];
const TOKEN =
  /[$£€¥]?\d+(?:[,./:-]\d+)*(?:st|nd|rd|th|k)?(?![a-z0-9])|[$£€¥]?\d+(?:[:.]\d+)?(?=(?:am|pm)\b)|[$£€¥]?\.\d+|[a-z]*\d[a-z\d]*|[a-z]+(?:'[a-z]+)*|[+%&$£€¥]/g;
const SYMBOLS: Readonly<Record<string, string>> = { '%': 'percent', '&': 'and', '+': 'plus' };

/** Small letters, plain apostrophes, no accents; each character keeps its place. */
function plain(text: string): string {
  return [...text.toLowerCase()]
    .map((character) => {
      if ('’‘`´'.includes(character)) return "'";
      if ('–—‐‑'.includes(character)) return '-';
      const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
      return base.length === character.length ? base : character;
    })
    .join('');
}

/** A sentence as tokens: contractions opened, written numbers kept whole ("$120.50", "5/2", "2:30", "23rd"). */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of plain(text).matchAll(TOKEN)) {
    const place = { start: match.index, end: match.index + match[0].length };
    for (const word of opened(SYMBOLS[match[0]] ?? match[0])) tokens.push({ text: word, ...place });
  }
  return tokens;
}

/** The tokens that a word of a phrase stands for: "i'd" is "i", "would". */
export function opened(word: string): readonly string[] {
  const known = WRITTEN_AS[word];
  if (known) return known;
  if (word.endsWith("'s") && IS_CONTRACTED.has(word.slice(0, -2))) return [word.slice(0, -2), 'is'];
  for (const [ending, full] of ENDINGS)
    if (word.endsWith(ending) && word.length > ending.length) return [word.slice(0, -ending.length), full];
  return [word];
}

/** What a pack's author wrote, as words to be spoken: small letters and apostrophes only, numbers in words. */
export function spokenWords(text: string): readonly string[] {
  return [...plain(text).matchAll(TOKEN)]
    .flatMap((match) => spoken(match[0]))
    .filter((word) => /[a-z]/.test(word));
}

/** Written numbers in a sentence turned into words, for phrases that hold numbers as words. */
export function spellNumbers(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) =>
    /\d/.test(token.text) ? spoken(token.text).map((text) => ({ ...token, text })) : [token],
  );
}

function spoken(token: string): readonly string[] {
  if (!/\d/.test(token)) return token === 'pm' ? ['p', 'm'] : [SYMBOLS[token] ?? token];
  const rank = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(token);
  if (rank) return sayOrdinal(Number(rank[1])).split(' ');
  return [...token.replaceAll(',', '').matchAll(/\d+|[a-z]+/g)].flatMap(([part]) => {
    if (!/\d/.test(part)) return /^[a-z]{1,3}$/.test(part) ? part.split('') : [part];
    return (part.length > 4 || part.startsWith('0') ? sayDigits(part) : sayCardinal(Number(part))).split(' ');
  });
}
