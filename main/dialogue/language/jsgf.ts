/** Phrases written as a JSpeech Grammar, in the dialect that PocketSphinx reads. */
import { type Phrase, referencesOf } from './phrase.ts';
import type { Scope } from './scope.ts';
import { sizeOf } from './size.ts';

/** Slots that are put in every order, and the words that this may unroll to: PocketSphinx copies a rule at each use. */
const MOST_ONCE = 4;
const MOST_UNROLLED = 1500;

/** Collects the rules of one grammar while its phrases are written. */
export class JsgfWriter {
  readonly #rules = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /**
   * The phrase as the right side of a rule; null when it holds a slot that cannot be spoken and cannot do without.
   * What is optional and cannot be spoken is left out.
   */
  write(phrase: Phrase, scope: Scope): string | null {
    switch (phrase.kind) {
      case 'words':
        return phrase.words.join(' ');
      case 'sequence': {
        const parts = phrase.items.map((item) => this.write(item, scope));
        return parts.includes(null) ? null : parts.filter((part) => part !== '').join(' ');
      }
      case 'choice':
        return this.alternatives(phrase.options, scope, phrase.weights);
      case 'optional': {
        const item = this.write(phrase.item, scope);
        if (!item) return '';
        return phrase.share === undefined ? `[${item}]` : rarely(item, phrase.share);
      }
      case 'repeat':
        return this.#repeated(phrase, scope);
      case 'list': {
        const list = scope.list(phrase.name);
        return this.rule(list.key, () => this.alternatives(list.phrases, list.scope));
      }
      case 'slot': {
        const slot = scope.slot(phrase.name);
        const { spoken } = slot;
        if (spoken === null) return null;
        const key = slot.ownWords ? `slot-${slot.flow}.${slot.name}` : `type.${slot.kind}`;
        return this.rule(key, () => this.write(spoken, slot.scope));
      }
    }
  }

  #repeated({ item, atLeast }: Phrase & { kind: 'repeat' }, scope: Scope): string | null {
    const text = this.write(item, scope);
    if (!text) return atLeast === 1 ? text : '';
    const once = this.#eachOnce(item, scope);
    if (once) return atLeast === 1 ? once : `[${once}]`;
    return `(${text})${atLeast === 1 ? '+' : '*'}`;
  }

  /**
   * A repeated choice of slots, `({size}|{roast})*`, with each of them at most once, in any order: nobody orders a large
   * medium. Null where it is something else, or would unroll to too much.
   */
  #eachOnce(item: Phrase, scope: Scope): string | null {
    if (item.kind !== 'choice' || item.options.length > MOST_ONCE) return null;
    const slots = item.options.flatMap((option) => {
      const { slots } = referencesOf(option);
      return slots.length === 1 ? slots : [];
    });
    if (new Set(slots).size < item.options.length) return null;
    const parts = item.options.flatMap((option) => this.write(option, scope) || []);
    return sizeOf(item, scope) * ways(parts.length - 1) > MOST_UNROLLED ? null : inAnyOrder(parts);
  }

  /** A reference to the rule of this key, written on first use; null (or '') when it would hold nothing. */
  rule(key: string, body: () => string | null): string | null {
    const known = this.#names.get(key);
    if (known) return known;
    const text = body();
    if (!text) return text;
    const name = `<r${this.#rules.size}>`;
    this.#names.set(key, name);
    this.#rules.set(name, text);
    return name;
  }

  alternatives(options: readonly Phrase[], scope: Scope, weights?: readonly number[]): string | null {
    const parts = new Map<string, number>();
    for (const [at, option] of options.entries()) {
      const part = this.write(option, scope);
      if (part) parts.set(part, Math.max(parts.get(part) ?? 0, weights?.[at] ?? 1));
    }
    if (parts.size === 0) return null;
    const [lone] = weights ?? [];
    if (options.length === 1 && lone !== undefined) return unlikely([...parts.keys()][0] ?? '', lone);
    return parts.size === 1 ? ([...parts.keys()][0] ?? null) : `(${oneOf([...parts])})`;
  }

  /** The whole grammar, with this text as its one public rule. */
  grammar(text: string): string {
    const rules = [...this.#rules].map(([name, body]) => `${name} = ${body};`);
    return ['#JSGF V1.0;', 'grammar sotto;', ...rules, `public <sotto> = ${text};`, ''].join('\n');
  }
}

/**
 * Alternatives with their weights. PocketSphinx takes weights as probabilities, normalised among the alternatives of
 * one group; where all are alike they are left out.
 */
export function oneOf(parts: readonly (readonly [text: string, weight: number])[]): string {
  const alike = parts.every(([, weight]) => weight === parts[0]?.[1]);
  return parts.map(([text, weight]) => (alike ? text : `/${written(weight)}/ (${text})`)).join('|');
}

/** One or more of these, each once, in any order. */
function inAnyOrder(parts: readonly string[]): string {
  const orders = parts.map((part, at) => {
    const others = inAnyOrder(parts.filter((_, other) => other !== at));
    return others === '' ? part : `${part} [${others}]`;
  });
  return orders.length > 1 ? `(${orders.join('|')})` : orders.join('');
}

/** How often each of some parts stands in all orders of it and `others` more. */
function ways(others: number): number {
  return others <= 0 ? 1 : 1 + others * ways(others - 1);
}

/** Something that is said in this share of utterances, 0..1. */
export function rarely(text: string, share: number): string {
  return `(/${written(1 - share)}/ <NULL> | /${written(share)}/ (${text}))`;
}

/** Something that can be said, and costs what it is unlikely: what is left of all likelihood goes to what cannot be said. */
function unlikely(text: string, share: number): string {
  return share >= 1 ? text : `(/${written(1 - share)}/ <VOID> | /${written(share)}/ (${text}))`;
}

/** Never 0, which would forbid it. */
function written(weight: number): string {
  return Math.max(0.000001, weight).toFixed(6);
}
