import type { RecognisedWord, Recognition } from '../engines.ts';
import { type Comparable, comparable } from './figures.ts';

/**
 * What a word may be sure of at most when the two recognisers heard different numbers: below what any desk acts on
 * without asking.
 */
const DISPUTED = 0.3;
/** The grammar's sentence is given up when fewer than this share of what the network heard is in it… */
const SHARED = 1 / 3;
/** …and the network heard at least this many words: one word misheard proves nothing. */
const FEW = 3;
/** A doubted word that is no number keeps this share of its confidence. */
const DOUBTED = 0.7;

/**
 * Two recognisers on one sound become one answer. The grammar knows what can be said now, but must make everything into
 * something; the network knows none of it, and so its hearing the same is evidence from outside.
 *
 * - In the grammar: the grammar's words stand, since slots are made of them. A word that the network heard too is surer
 *   (both would have to be wrong alike); a number that it heard otherwise is so doubtful that it is read back. Where the
 *   network heard another sentence altogether, the grammar has swallowed what was outside it.
 * - Outside the grammar: the network's words stand, as free text, and nothing acts on them. Where it wrote the very
 *   sentence of the grammar, the sound was poor and not the sentence: it is in the grammar after all.
 *
 * Why so, and what was not done: docs/decisions/0024-a-network-beside-the-grammar.md.
 */
export function secondOpinion(grammar: Recognition, network: Recognition): Recognition {
  const own = comparable(grammar.words.map(({ text }) => text));
  const other = comparable(network.text === '' ? [] : network.text.split(' '));
  const agreed = align(own, other);
  const transcript = network.text;
  const processMs = grammar.processMs + network.processMs;
  const same = own.length > 0 && own.length === other.length && agreed.every((match) => match !== null);
  if (!grammar.inGrammar && !(same && grammar.words.length >= 2)) {
    const { text, words, confidence } = network.text === '' ? grammar : network;
    return { ...grammar, text, words, confidence, inGrammar: false, transcript, processMs };
  }
  const shared = agreed.filter((match) => match !== null).length;
  if (other.length >= FEW && shared < other.length * SHARED)
    return {
      ...grammar,
      text: network.text,
      words: network.words,
      confidence: network.confidence,
      inGrammar: false,
      transcript,
      processMs,
    };
  const words = judged(grammar.words, own, agreed, network.words, other);
  const confidence = same
    ? either(grammar.confidence, network.confidence)
    : Math.min(grammar.confidence, mean(words));
  return { ...grammar, words, confidence, inGrammar: true, transcript, processMs };
}

/** The grammar's words, each as sure as both together are. */
function judged(
  words: readonly RecognisedWord[],
  own: readonly Comparable[],
  agreed: readonly (number | null)[],
  heard: readonly RecognisedWord[],
  other: readonly Comparable[],
): RecognisedWord[] {
  const out = [...words];
  own.forEach(({ from, to, isFigure }, i) => {
    const match = other[agreed[i] ?? -1];
    for (let at = from; at < to; at += 1) {
      const word = out[at];
      if (!word) continue;
      const theirs = match ? (heard[match.from]?.confidence ?? 0) : 0;
      const doubted = isFigure ? Math.min(word.confidence, DISPUTED) : word.confidence * DOUBTED;
      out[at] = { ...word, confidence: match ? either(word.confidence, theirs) : doubted };
    }
  });
  return out;
}

/** How sure two are that can only be wrong by themselves. */
function either(one: number, other: number): number {
  return 1 - (1 - one) * (1 - other);
}

function mean(words: readonly RecognisedWord[]): number {
  return words.length === 0 ? 0 : words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length;
}

/** For each of ours the index of the one of theirs that is the same, along the alignment with the fewest edits. */
function align(own: readonly Comparable[], other: readonly Comparable[]): (number | null)[] {
  const same = (i: number, j: number) => own[i - 1]?.token === other[j - 1]?.token;
  const cost = editCosts(own.length, other.length, same);
  const out: (number | null)[] = own.map(() => null);
  let [i, j] = [own.length, other.length];
  while (i > 0 && j > 0) {
    if (cost(i, j) === cost(i - 1, j - 1) + (same(i, j) ? 0 : 1)) {
      if (same(i, j)) out[i - 1] = j - 1;
      i -= 1;
      j -= 1;
    } else if (cost(i, j) === cost(i - 1, j) + 1) i -= 1;
    else j -= 1;
  }
  return out;
}

/** How many edits make the first `i` of one the first `j` of the other. */
function editCosts(
  rows: number,
  columns: number,
  same: (i: number, j: number) => boolean,
): (i: number, j: number) => number {
  const width = columns + 1;
  const costs = new Uint16Array((rows + 1) * width);
  const cost = (i: number, j: number) => (i === 0 || j === 0 ? i + j : (costs[i * width + j] ?? 0));
  for (let i = 1; i <= rows; i += 1)
    for (let j = 1; j <= columns; j += 1)
      costs[i * width + j] = Math.min(
        cost(i - 1, j - 1) + (same(i, j) ? 0 : 1),
        cost(i - 1, j) + 1,
        cost(i, j - 1) + 1,
      );
  return cost;
}
