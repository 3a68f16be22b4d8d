/**
 * A grammar as a graph of words, which is what PocketSphinx searches. It could make one of JSGF by itself, but then loses
 * every weight that stands before a group or a rule (and keeps that of what is left out): "um" cost less than no "um".
 */
import type { Expansion, Jsgf } from './jsgf.ts';

/** From state to state by a word, or by none, and how likely: natural logarithm. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  readonly word: string | null;
  readonly likelihood: number;
}

export interface WordGraph {
  readonly states: number;
  readonly start: number;
  readonly final: number;
  readonly arcs: readonly Arc[];
}

/** Rules within rules, deeper than any sane grammar goes: one that refers to itself. */
const DEEPEST = 64;
const MOST_ARCS = 200_000;

/** Null where a rule is missing, contains itself, or the grammar is far too large. */
export function wordGraph(grammar: Jsgf): WordGraph | null {
  const builder = new Builder(grammar);
  const start = builder.newState();
  const final = builder.newState();
  return builder.add({ kind: 'rule', name: grammar.start }, start, final, 0, 0)
    ? { states: builder.states, start, final, arcs: builder.arcs }
    : null;
}

/** In the text form that sphinxbase reads. */
export function finiteStateGrammar({ states, start, final, arcs }: WordGraph): string {
  const lines = arcs.map(
    ({ from, to, word, likelihood }) =>
      `TRANSITION ${from} ${to} ${Math.exp(likelihood).toPrecision(6)}${word === null ? '' : ` ${word}`}`,
  );
  return [
    'FSG_BEGIN sotto',
    `NUM_STATES ${states}`,
    `START_STATE ${start}`,
    `FINAL_STATE ${final}`,
    ...lines,
    'FSG_END',
    '',
  ].join('\n');
}

class Builder {
  readonly arcs: Arc[] = [];
  readonly #rules: Jsgf['rules'];
  states = 0;

  constructor({ rules }: Jsgf) {
    this.#rules = rules;
  }

  newState(): number {
    this.states += 1;
    return this.states - 1;
  }

  /** All ways of saying it lead between these states; the likelihood is paid on the first arc of each. */
  add(item: Expansion, from: number, to: number, likelihood: number, depth: number): boolean {
    if (depth > DEEPEST || this.arcs.length > MOST_ARCS) return false;
    switch (item.kind) {
      case 'word':
        this.arcs.push({ from, to, word: item.word, likelihood });
        return true;
      case 'rule': {
        const body = this.#rules.get(item.name);
        return body !== undefined && this.add(body, from, to, likelihood, depth + 1);
      }
      case 'sequence':
        return this.#sequence(item.items, from, to, likelihood, depth);
      case 'choice': {
        const shares = sharesOf(item.weights, item.options.length);
        return item.options.every((option, at) =>
          this.add(option, from, to, likelihood + (shares[at] ?? 0), depth),
        );
      }
      case 'repeat': {
        const again = this.newState();
        const end = this.newState();
        this.#pass(from, again, likelihood);
        this.#pass(end, again, 0);
        this.#pass(end, to, 0);
        if (item.atLeast === 0) this.#pass(from, to, likelihood);
        return this.add(item.item, again, end, 0, depth);
      }
    }
  }

  #sequence(
    items: readonly Expansion[],
    from: number,
    to: number,
    likelihood: number,
    depth: number,
  ): boolean {
    if (items.length === 0) {
      this.#pass(from, to, likelihood);
      return true;
    }
    let at = from;
    return items.every((item, index) => {
      const next = index === items.length - 1 ? to : this.newState();
      const added = this.add(item, at, next, index === 0 ? likelihood : 0, depth);
      at = next;
      return added;
    });
  }

  #pass(from: number, to: number, likelihood: number): void {
    this.arcs.push({ from, to, word: null, likelihood });
  }
}

/** What has no share at all is said once in so many. */
const LEAST = 1e-9;

/** Logarithms of the options' shares. Where no weights are given each costs nothing: a long list is not less likely than a short one. */
function sharesOf(weights: readonly number[] | null, options: number): readonly number[] {
  if (!weights) return Array.from({ length: options }, () => 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.log(Math.max(weight / all, LEAST)));
}
