/**
 * What people say to show that they listen, and want the other to go on (in linguistics: backchannels). The recogniser
 * must know them: a grammar that lacks them hears commands in them.
 */
export const LISTENING: readonly string[] = ['uh huh', 'mm hmm', 'hmm', 'mm'];
export const LISTENING_PRONOUNCED: Readonly<Record<string, readonly string[]>> = {
  mm: ['M', 'AH M'],
  hmm: ['HH M', 'HH AH M'],
  huh: ['HH AH'],
};

/** Whether somebody only shows that they listen. To a question some of these are an answer: "mm hmm". */
export function isListening(text: string): boolean {
  return LISTENING.includes(text.replace(/^(um|uh) (?!huh)/, ''));
}

/** Sounds shorter than this that the grammar does not explain are coughs, doors and cups, not words. */
const SHORTEST_WORDS_MS = 700;
/** The same while the agent is silent and an answer is awaited: a short word is likelier than a cough. */
const SHORTEST_ANSWER_MS = 250;

/** Who only shows that they listen has done so by then. */
const LISTENING_MS = 800;

/**
 * Is it words? A grammar makes a word of every noise, so one guess is not enough: a word is recognised when it stays the
 * first of a hypothesis that grows, in speech that is longer than an "mm-hm". Nothing is lost by waiting: the agent is
 * held while somebody speaks.
 */
export class WordWatch {
  #before = '';
  #since = 0;

  /** @param now milliseconds, monotonic */
  begin(now: number): void {
    this.#before = '';
    this.#since = now;
  }

  /** @returns true when this partial shows that words are being said. */
  partial(text: string, now: number): boolean {
    const [first] = this.#before.split(' ', 1);
    const grown = first !== '' && first !== undefined && text !== first && text.startsWith(first);
    this.#before = text;
    return grown && !isListening(text) && now - this.#since >= LISTENING_MS;
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
