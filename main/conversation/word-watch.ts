/** Sounds shorter than this that the grammar does not explain are coughs, doors and cups, not words. */
const SHORTEST_WORDS_MS = 700;
/** The same while the agent is silent and an answer is awaited: a short word is likelier than a cough. */
const SHORTEST_ANSWER_MS = 250;

/**
 * Was it a word? A grammar makes a word of every noise, so one guess is not enough: a word is recognised when it
 * stays the first of a hypothesis that grows.
 */
export class WordWatch {
  #before = '';

  begin(): void {
    this.#before = '';
  }

  /** @returns true when this partial shows that words are being said. */
  partial(text: string): boolean {
    const [first] = this.#before.split(' ', 1);
    const grown = first !== '' && first !== undefined && text !== first && text.startsWith(first);
    this.#before = text;
    return grown;
  }
}

/** Whether a whole utterance was no speech to us. `overAgent`: it came while the agent was speaking. */
export function isNoise(
  utterance: { readonly text: string; readonly inGrammar: boolean; readonly speechMs: number },
  overAgent: boolean,
): boolean {
  if (utterance.text.length === 0) return true;
  return !utterance.inGrammar && utterance.speechMs < (overAgent ? SHORTEST_WORDS_MS : SHORTEST_ANSWER_MS);
}

/** Fewer words than this may be an answer in the question's own words: "checking". */
const FEWEST_REPEATED = 3;

/** Whether these words are said, one after the other, in what is being said: what an echo of it would sound like. */
export function isRepeated(text: string, saying: string): boolean {
  const words = text.split(' ').filter((word) => word !== '');
  const said = saying.toLowerCase().match(/[a-z']+/g) ?? [];
  return (
    words.length >= FEWEST_REPEATED &&
    said.some((_, at) => words.every((word, index) => said[at + index] === word))
  );
}
