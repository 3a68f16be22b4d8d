/**
 * JSpeech Grammar Format (https://www.w3.org/TR/jsgf/) as a tree: rules, alternatives with weights, groups, options, repeats.
 * `<VOID>`, which cannot be said, is a choice
 * of nothing. No imports; tags, comments and quotes mean nothing here.
 */

export type Expansion =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'sequence'; readonly items: readonly Expansion[] }
  /** `weights`: how often each option is said beside the others; null where the grammar gives none. */
  | {
      readonly kind: 'choice';
      readonly options: readonly Expansion[];
      readonly weights: readonly number[] | null;
    }
  | { readonly kind: 'repeat'; readonly item: Expansion; readonly atLeast: 0 | 1 };

export interface Jsgf {
  readonly rules: ReadonlyMap<string, Expansion>;
  /** Name of the public rule. */
  readonly start: string;
}

const NOTHING: Expansion = { kind: 'sequence', items: [] };

const TOKEN = /<[^<>\s]+>|\/[\d.eE+-]+\/|[()[\]|;=*+]|[^\s()[\]|;=*+<>/]+/g;

/** Thrown inside the parser only; `parseJsgf` turns it into null. */
class Malformed extends Error {}

/** The grammar; null where the text is none. */
export function parseJsgf(text: string): Jsgf | null {
  const bare = text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/[^\n]*/g, ' ')
    .replace(/\{[^}]*\}|"/g, ' ');
  const header = /^\s*#JSGF[^\n;]*;?\s*grammar\s+[^;]+;/.exec(bare);
  if (!header) return null;
  try {
    return new Parser(bare.slice(header[0].length)).grammar();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    // What no token covers is no grammar.
    if (text.replace(TOKEN, '').trim() !== '') throw new Malformed();
    this.#tokens = text.match(TOKEN) ?? [];
  }

  grammar(): Jsgf {
    const rules = new Map<string, Expansion>();
    let start: string | undefined;
    while (this.#at < this.#tokens.length) {
      const isPublic = this.#next() === 'public';
      if (isPublic) this.#at += 1;
      const name = this.#take();
      if (!name.startsWith('<') || this.#take() !== '=') throw new Malformed();
      if (isPublic) start ??= name;
      rules.set(name, this.#choice());
      if (this.#take() !== ';') throw new Malformed();
    }
    if (start === undefined) throw new Malformed();
    return { rules, start };
  }

  #choice(): Expansion {
    const options: Expansion[] = [];
    const weights: number[] = [];
    let weighed = false;
    do {
      const weight = /^\/(.+)\/$/.exec(this.#next() ?? '');
      if (weight) this.#at += 1;
      weighed ||= weight !== null;
      weights.push(weight ? Number(weight[1]) : 1);
      options.push(this.#sequence());
    } while (this.#skip('|'));
    if (weights.some((weight) => !(weight >= 0))) throw new Malformed();
    const only = options[0];
    if (options.length === 1 && only) return only;
    return { kind: 'choice', options, weights: weighed ? weights : null };
  }

  #sequence(): Expansion {
    const items: Expansion[] = [];
    for (let next = this.#next(); next !== undefined && !')]|;'.includes(next); next = this.#next())
      items.push(this.#item());
    const only = items[0];
    if (!only) throw new Malformed();
    return items.length === 1 ? only : { kind: 'sequence', items };
  }

  #item(): Expansion {
    const token = this.#take();
    let item: Expansion;
    if (token === '(' || token === '[') {
      item = this.#choice();
      if (this.#take() !== (token === '(' ? ')' : ']')) throw new Malformed();
      if (token === '[') item = { kind: 'choice', options: [item, NOTHING], weights: null };
    } else if (token === '<NULL>') item = NOTHING;
    else if (token === '<VOID>') item = { kind: 'choice', options: [], weights: null };
    else if (token.startsWith('<')) item = { kind: 'rule', name: token };
    else if (/^[=*+/]/.test(token)) throw new Malformed();
    else item = { kind: 'word', word: token };
    if (this.#skip('*')) return { kind: 'repeat', item, atLeast: 0 };
    return this.#skip('+') ? { kind: 'repeat', item, atLeast: 1 } : item;
  }

  #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(): string {
    const token = this.#next();
    if (token === undefined) throw new Malformed();
    this.#at += 1;
    return token;
  }

  #skip(token: string): boolean {
    if (this.#next() !== token) return false;
    this.#at += 1;
    return true;
  }
}
