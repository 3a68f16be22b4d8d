/** Sentences that a speech grammar allows, drawn at random as often as its weights say. */
export function sentencesOf(jsgf: string, count: number, random: () => number): string[][] {
  const rules = new Map<string, string[]>();
  let start = '';
  for (const [, isPublic, name = '', body = ''] of jsgf.matchAll(/^(public )?(<\w+>) = (.*);$/gm)) {
    rules.set(name, body.match(/\/[\d.]+\/|<\w+>|[a-z'.]+|[()[\]|*+]/g) ?? []);
    if (isPublic) start = name;
  }
  return Array.from({ length: count }, () => new Walk(rules, random).rule(start));
}

class Walk {
  readonly #rules: ReadonlyMap<string, readonly string[]>;
  readonly #random: () => number;

  constructor(rules: ReadonlyMap<string, readonly string[]>, random: () => number) {
    this.#rules = rules;
    this.#random = random;
  }

  rule(name: string): string[] {
    if (name === '<NULL>') return [];
    const tokens = this.#rules.get(name);
    if (!tokens) throw new Error(`No rule ${name}`);
    return this.#group(tokens);
  }

  #group(tokens: readonly string[]): string[] {
    const options = splitAt(tokens, '|')
      .map((option) => {
        const weight = /^\/(.+)\/$/.exec(option[0] ?? '');
        return { weight: Number(weight?.[1] ?? 1), items: weight ? option.slice(1) : option };
      })
      .filter(({ items }) => items[0] !== '<VOID>');
    let left = this.#random() * options.reduce((sum, { weight }) => sum + weight, 0);
    for (const { weight, items } of options) {
      left -= weight;
      if (left <= 0) return this.#sequence(items);
    }
    return this.#sequence(options.at(-1)?.items ?? []);
  }

  #sequence(tokens: readonly string[]): string[] {
    const words: string[] = [];
    for (let at = 0; at < tokens.length; ) {
      const token = tokens[at] ?? '';
      const end = token === '(' || token === '[' ? closing(tokens, at) : at;
      const say = () =>
        end > at
          ? this.#group(tokens.slice(at + 1, end))
          : token.startsWith('<')
            ? this.rule(token)
            : [token];
      const mark = tokens[end + 1];
      if (mark === '*' || mark === '+') {
        if (mark === '+') words.push(...say());
        while (this.#random() < 0.5) words.push(...say());
      } else if (token !== '[' || this.#random() < 0.5) words.push(...say());
      at = end + (mark === '*' || mark === '+' ? 2 : 1);
    }
    return words;
  }
}

function closing(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at] === '(' || tokens[at] === '[') depth += 1;
    if (tokens[at] === ')' || tokens[at] === ']') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error('The grammar has an open bracket.');
}

function splitAt(tokens: readonly string[], mark: string): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token === '(' || token === '[') depth += 1;
    if (token === ')' || token === ']') depth -= 1;
    if (token === mark && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
