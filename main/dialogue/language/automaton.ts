/** Phrases as one finite automaton over tokens, with slots as edges that take several tokens. */
import { SottoError } from '../../base/index.ts';
import type { Phrase } from './phrase.ts';
import type { Scope, Slot } from './scope.ts';
import { opened } from './words.ts';

export interface State {
  readonly words: Map<string, number[]>;
  readonly slots: { readonly slot: Slot; readonly to: number }[];
  readonly empty: number[];
}

/** Lists within lists, deeper than any sane pack goes: a list that contains itself. */
const DEEPEST = 24;

export class Automaton {
  readonly states: State[] = [];

  newState(): number {
    this.states.push({ words: new Map(), slots: [], empty: [] });
    return this.states.length - 1;
  }

  state(index: number): State {
    const state = this.states[index];
    if (!state) throw new SottoError('language/no-state', 'The phrase automaton has no such state.');
    return state;
  }

  /** Adds a phrase behind `from`; returns the state it ends in. @throws SottoError `language/list-cycle`. */
  add(phrase: Phrase, scope: Scope, from: number, depth = 0): number {
    switch (phrase.kind) {
      case 'words':
        return phrase.words
          .flatMap((word) => [...opened(word)])
          .reduce((at, word) => this.#word(at, word), from);
      case 'sequence':
        return phrase.items.reduce((at, item) => this.add(item, scope, at, depth), from);
      case 'choice':
        return this.#join(from, phrase.options, scope, depth);
      case 'optional': {
        const end = this.add(phrase.item, scope, from, depth);
        const to = this.newState();
        this.#empty(end, to);
        this.#empty(from, to);
        return to;
      }
      case 'repeat':
        return this.#repeat(phrase.item, phrase.atLeast, scope, from, depth);
      case 'list': {
        if (depth > DEEPEST)
          throw new SottoError('language/list-cycle', `The list <${phrase.name}> contains itself.`, {
            remedy: 'Take the list out of its own phrases; use (…)* for what is repeated.',
          });
        const list = scope.list(phrase.name);
        return this.#join(from, list.phrases, list.scope, depth + 1);
      }
      case 'slot': {
        const to = this.newState();
        this.state(from).slots.push({ slot: scope.slot(phrase.name), to });
        return to;
      }
    }
  }

  /** All states reached from these without a token. */
  closure(from: Iterable<number>): Set<number> {
    const reached = new Set<number>();
    const waiting = [...from];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      waiting.push(...this.state(next).empty);
    }
    return reached;
  }

  #join(from: number, options: readonly Phrase[], scope: Scope, depth: number): number {
    const to = this.newState();
    for (const option of options) {
      const start = this.newState();
      this.#empty(from, start);
      this.#empty(this.add(option, scope, start, depth), to);
    }
    return to;
  }

  #repeat(item: Phrase, atLeast: 0 | 1, scope: Scope, from: number, depth: number): number {
    const start = this.newState();
    this.#empty(from, start);
    const end = this.add(item, scope, start, depth);
    this.#empty(end, start);
    const to = this.newState();
    this.#empty(end, to);
    if (atLeast === 0) this.#empty(start, to);
    return to;
  }

  #word(from: number, word: string): number {
    const to = this.newState();
    const edges = this.state(from).words;
    edges.set(word, [...(edges.get(word) ?? []), to]);
    return to;
  }

  #empty(from: number, to: number): void {
    this.state(from).empty.push(to);
  }
}
