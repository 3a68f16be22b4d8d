/**
 * A grammar as a graph of words, which is what PocketSphinx searches. It could make one of JSGF by itself, but then loses
 * every weight that stands before a group or a rule (and keeps that of what is left out): "um" cost less than no "um".
 */
import type { Expansion, Jsgf } from './jsgf.ts';

/** What it costs to go one way of several, in natural logarithms. */
interface Price {
  /** Of the way's share among them: 0 or less. */
  readonly likelihood: number;
  /** By how much the likeliest of them that can be said is likelier: 0 or more. */
  readonly surprise: number;
}

/** From state to state by a word, or by none. */
export interface Arc extends Price {
  readonly from: number;
  readonly to: number;
  readonly word: string | null;
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
  return builder.add({ kind: 'rule', name: grammar.start }, start, final, FREE, 0)
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

const FREE: Price = { likelihood: 0, surprise: 0 };

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

  /** All ways of saying it lead between these states; the price is paid on the first arc of each. */
  add(item: Expansion, from: number, to: number, price: Price, depth: number): boolean {
    if (depth > DEEPEST || this.arcs.length > MOST_ARCS) return false;
    switch (item.kind) {
      case 'word':
        this.arcs.push({ from, to, word: item.word, ...price });
        return true;
      case 'rule': {
        const body = this.#rules.get(item.name);
        return body !== undefined && this.add(body, from, to, price, depth + 1);
      }
      case 'sequence':
        return this.#sequence(item.items, from, to, price, depth);
      case 'choice': {
        const prices = pricesOf(item);
        return item.options.every((option, at) =>
          this.add(option, from, to, both(price, prices[at] ?? FREE), depth),
        );
      }
      case 'repeat': {
        const again = this.newState();
        const end = this.newState();
        this.#pass(from, again, price);
        this.#pass(end, again, FREE);
        this.#pass(end, to, FREE);
        if (item.atLeast === 0) this.#pass(from, to, price);
        return this.add(item.item, again, end, FREE, depth);
      }
    }
  }

  #sequence(items: readonly Expansion[], from: number, to: number, price: Price, depth: number): boolean {
    if (items.length === 0) {
      this.#pass(from, to, price);
      return true;
    }
    let at = from;
    return items.every((item, index) => {
      const next = index === items.length - 1 ? to : this.newState();
      const added = this.add(item, at, next, index === 0 ? price : FREE, depth);
      at = next;
      return added;
    });
  }

  #pass(from: number, to: number, price: Price): void {
    this.arcs.push({ from, to, word: null, ...price });
  }
}

/** What has no share at all is said once in so many. */
const LEAST = 1e-9;

/** What each option costs. Where no weights are given it is nothing: a long list is not less likely than a short one. */
function pricesOf({ options, weights }: Extract<Expansion, { kind: 'choice' }>): readonly Price[] {
  if (!weights) return options.map(() => FREE);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => Math.log(Math.max(weight / all, LEAST)));
  const likeliest = Math.max(...shares.filter((_, at) => !isVoid(options[at])));
  return shares.map((share) => ({ likelihood: share, surprise: Math.max(0, likeliest - share) }));
}

function isVoid(option: Expansion | undefined): boolean {
  return option?.kind === 'choice' && option.options.length === 0;
}

function both(a: Price, b: Price): Price {
  return { likelihood: a.likelihood + b.likelihood, surprise: a.surprise + b.surprise };
}
