/** Where in a sentence values were said, so that each is as sure as its own words were heard. */
import type { Understanding } from '../acts.ts';
import type { Capture } from './parser.ts';
import type { Token } from './words.ts';

/**
 * The characters that each slot was read from, by slot name. Nothing where the sentence was read with its written numbers
 * turned into words: those were typed, and are as sure as can be.
 */
export function placesOf(
  tokens: readonly Token[],
  captures: readonly Capture[],
): NonNullable<Understanding['said']> {
  if (tokens.some(({ text }) => /\d/.test(text))) return {};
  return Object.fromEntries(
    captures.flatMap(({ slot, from, to }) => {
      const [first, last] = [tokens[from], tokens[to - 1]];
      return first && last ? [[slot.name, { start: first.start, end: last.end }]] : [];
    }),
  );
}
