/**
 * The conditions of `if` steps: `result.found = true and (amount > 100 or kind != savings)`. A path on the
 * left, a comparison, a literal on the right; a path alone asks whether it is there and true. Nothing else can
 * be written, so nothing else can happen.
 */
import { SottoError } from '../../base/index.ts';

type Literal = string | number | boolean | null;
type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Condition =
  | {
      readonly kind: 'compare';
      readonly path: readonly string[];
      readonly operator: Operator;
      readonly literal: Literal;
    }
  | { readonly kind: 'true'; readonly path: readonly string[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] };

const TOKEN = /\s*(?:(<=|>=|!=|=|<|>|\(|\))|'([^']*)'|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][\w.-]*))/y;
const MAX_DEPTH = 20;

type Token =
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'text' | 'word'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string };

/** @throws SottoError `desk/condition` saying what is not understood. */
export function parseCondition(text: string): Condition {
  const parser = new ConditionParser(tokens(text));
  return parser.whole();
}

/** Whether it holds, where `lookup` gives the value of a path (undefined when there is none). */
export function holds(condition: Condition, lookup: (path: readonly string[]) => unknown): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, lookup));
    case 'or':
      return condition.parts.some((part) => holds(part, lookup));
    case 'not':
      return !holds(condition.of, lookup);
    case 'true':
      return isTrue(lookup(condition.path));
    case 'compare':
      return compare(lookup(condition.path), condition.operator, condition.literal);
  }
}

/** Every path that a condition reads. */
export function pathsOf(condition: Condition): readonly (readonly string[])[] {
  if (condition.kind === 'compare' || condition.kind === 'true') return [condition.path];
  return condition.kind === 'not' ? pathsOf(condition.of) : condition.parts.flatMap(pathsOf);
}

/** The same condition with its slots called otherwise; paths into results stay. */
export function renamePaths(condition: Condition, name: (slot: string) => string): Condition {
  switch (condition.kind) {
    case 'not':
      return { ...condition, of: renamePaths(condition.of, name) };
    case 'and':
    case 'or':
      return { ...condition, parts: condition.parts.map((part) => renamePaths(part, name)) };
    default: {
      const [head = '', ...rest] = condition.path;
      return rest.length > 0 ? condition : { ...condition, path: [name(head)] };
    }
  }
}

function isTrue(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return false;
  if (Array.isArray(value)) return value.length > 0;
  return value !== '' && value !== 'no' && value !== 'false';
}

/** Slots are text ("120.50", "yes"), results are JSON: the literal says how the value is to be read. */
function compare(value: unknown, operator: Operator, literal: Literal): boolean {
  if (operator === '=' || operator === '!=') {
    const same = sameAs(value, literal);
    return operator === '=' ? same : !same;
  }
  const [left, right] =
    typeof literal === 'number' ? [asNumber(value), literal] : [asText(value), asText(literal)];
  if (left === null || right === null) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function sameAs(value: unknown, literal: Literal): boolean {
  if (literal === null) return value === undefined || value === null;
  if (value === undefined || value === null) return false;
  if (typeof literal === 'number') return asNumber(value) === literal;
  if (typeof literal === 'boolean')
    return value === literal || value === String(literal) || value === (literal ? 'yes' : 'no');
  return (
    asText(value) === literal ||
    (value === true && literal === 'yes') ||
    (value === false && literal === 'no')
  );
}

function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function asText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw wrong(`\`${text.slice(from).trim()}\` is not understood`);
    const [, sign, quoted, number, word] = match;
    if (sign !== undefined) found.push({ kind: 'sign', text: sign });
    else if (quoted !== undefined) found.push({ kind: 'text', text: quoted });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
    else found.push({ kind: 'word', text: word ?? '' });
  }
  return found;
}

class ConditionParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  whole(): Condition {
    const condition = this.#joined('or');
    const left = this.#tokens[this.#at];
    if (left) throw wrong(`\`${left.text}\` is not expected there`);
    return condition;
  }

  #joined(word: 'and' | 'or'): Condition {
    const parts = [word === 'or' ? this.#joined('and') : this.#one()];
    while (this.#take('word', word)) parts.push(word === 'or' ? this.#joined('and') : this.#one());
    const [first] = parts;
    return parts.length === 1 && first ? first : { kind: word, parts };
  }

  #one(): Condition {
    if (++this.#depth > MAX_DEPTH) throw wrong('it is nested too deeply');
    try {
      if (this.#take('word', 'not')) return { kind: 'not', of: this.#one() };
      if (this.#take('sign', '(')) {
        const inner = this.#joined('or');
        if (!this.#take('sign', ')')) throw wrong('a closing ) is missing');
        return inner;
      }
      return this.#comparison();
    } finally {
      this.#depth -= 1;
    }
  }

  #comparison(): Condition {
    const left = this.#tokens[this.#at++];
    if (left?.kind !== 'word' || /^(and|or|true|false|null)$/.test(left.text))
      throw wrong(left ? `\`${left.text}\` stands where a slot or a result should` : 'it ends too early');
    const path = left.text.split('.');
    const sign = this.#tokens[this.#at];
    if (sign?.kind !== 'sign' || sign.text === ')' || sign.text === '(') return { kind: 'true', path };
    this.#at += 1;
    return { kind: 'compare', path, operator: sign.text as Operator, literal: this.#literal() };
  }

  #literal(): Literal {
    const token = this.#tokens[this.#at++];
    if (!token || token.kind === 'sign') throw wrong('a value is missing after the comparison');
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'text') return token.text;
    if (token.text === 'null') return null;
    if (token.text === 'true' || token.text === 'false') return token.text === 'true';
    return token.text;
  }

  #take(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || token.text !== text) return false;
    this.#at += 1;
    return true;
  }
}

function wrong(what: string): SottoError {
  return new SottoError('desk/condition', `The condition is not understood: ${what}.`, {
    remedy:
      "Write `path = value`; values are numbers, true, false, null, words or 'text'; join with and, or, not.",
  });
}
