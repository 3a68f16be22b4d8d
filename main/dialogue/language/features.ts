/** What a sentence shows to the statistical reading: words, words in a row, and letter groups within words. */
import { spellNumbers, tokenise } from './words.ts';

const LETTERS = [3, 4, 5];

/** Features of a sentence with how often each occurs. Small words stay: "can I" and "can't I" are not the same. */
export function featuresOf(text: string): ReadonlyMap<string, number> {
  const words = spellNumbers(tokenise(text)).map((token) => token.text);
  const bag = new Map<string, number>();
  const add = (feature: string) => bag.set(feature, (bag.get(feature) ?? 0) + 1);
  for (const [at, word] of words.entries()) {
    add(`w ${word}`);
    const next = words[at + 1];
    if (next !== undefined) add(`p ${word} ${next}`);
    const padded = `_${word}_`;
    for (const size of LETTERS)
      for (let from = 0; from + size <= padded.length; from += 1) add(`l ${padded.slice(from, from + size)}`);
  }
  return bag;
}
