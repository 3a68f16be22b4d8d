/**
 * How unlikely a grammar itself finds what was heard in it: at each choice on the way, by how much the likeliest option was
 * likelier. The plain answer to a question surprises by nothing, however long the list that it is taken from; free speech is
 * best imitated by what people hardly ever say there: a hesitation, a correction, a thanks at the end.
 */
import type { WordGraph } from './word-graph.ts';

const NO_WORD = -1;

/** Ways through a grammar, by the words that are said on them. */
export class Surprise {
  readonly #start: number;
  readonly #words = new Map<string, number>();
  /** The arcs of state s are those from `#first[s]` to before `#first[s + 1]`. */
  readonly #first: Uint32Array;
  readonly #to: Uint32Array;
  readonly #word: Int32Array;
  readonly #surprise: Float32Array;

  constructor({ states, start, arcs }: WordGraph) {
    this.#start = start;
    this.#first = new Uint32Array(states + 1);
    for (const { from } of arcs) this.#first[from + 1] = (this.#first[from + 1] ?? 0) + 1;
    for (let state = 0; state < states; state += 1)
      this.#first[state + 1] = (this.#first[state + 1] ?? 0) + (this.#first[state] ?? 0);
    this.#to = new Uint32Array(arcs.length);
    this.#word = new Int32Array(arcs.length);
    this.#surprise = new Float32Array(arcs.length);
    const free = this.#first.slice();
    for (const { from, to, word, surprise } of arcs) {
      const at = free[from] ?? 0;
      free[from] = at + 1;
      this.#to[at] = to;
      this.#word[at] = word === null ? NO_WORD : this.#numberOf(word);
      this.#surprise[at] = surprise;
    }
  }

  /** Of words with which a sentence of the grammar begins, along the least surprising way; natural logarithm, 0 or more. */
  of(words: readonly string[]): number {
    let reached = this.#silently(new Map([[this.#start, 0]]));
    for (const word of words) {
      const next = new Map<number, number>();
      const number = this.#words.get(word);
      for (const [state, surprise] of reached) this.#step(state, surprise, number ?? Number.NaN, next);
      reached = this.#silently(next);
    }
    return reached.size === 0 ? 0 : Math.min(...reached.values());
  }

  /** And where one can go from there without a word. */
  #silently(reached: Map<number, number>): Map<number, number> {
    const open = [...reached.keys()];
    for (let state = open.pop(); state !== undefined; state = open.pop())
      open.push(...this.#step(state, reached.get(state) ?? 0, NO_WORD, reached));
    return reached;
  }

  /** Goes every way on that says this. Gives the states that were reached, or reached with less surprise than before. */
  #step(state: number, surprise: number, word: number, reached: Map<number, number>): readonly number[] {
    const better: number[] = [];
    for (let arc = this.#first[state] ?? 0; arc < (this.#first[state + 1] ?? 0); arc += 1) {
      if (this.#word[arc] !== word) continue;
      const to = this.#to[arc] ?? 0;
      const sum = surprise + (this.#surprise[arc] ?? 0);
      if (sum >= (reached.get(to) ?? Number.POSITIVE_INFINITY)) continue;
      reached.set(to, sum);
      better.push(to);
    }
    return better;
  }

  #numberOf(word: string): number {
    const number = this.#words.get(word) ?? this.#words.size;
    this.#words.set(word, number);
    return number;
  }
}
