/**
 * The phrase syntax of desk packs: words, `[optional]`, `(one|another)`, `<list>`, `{slot}`, `(…)*`, `(…)+`.
 * `(/3/ one|another)` says that "one" is said three times as often; `[/0.1/ please]` that it is said once in ten;
 * `(/0.01/ one)+`, with nothing beside it, that each "one" more is that unlikely.
 * One tree of it serves the speech grammar and the understanding alike.
 */
import { SottoError } from '../../base/index.ts';
import { spokenWords } from './words.ts';

export type Phrase =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'sequence'; readonly items: readonly Phrase[] }
  /** `weights`, where given, one for each option: how often it is said, relative to the others. */
  | { readonly kind: 'choice'; readonly options: readonly Phrase[]; readonly weights?: readonly number[] }
  /** `share`, where given: how often it is said, 0..1. */
  | { readonly kind: 'optional'; readonly item: Phrase; readonly share?: number }
  | { readonly kind: 'repeat'; readonly item: Phrase; readonly atLeast: 0 | 1 }
  | { readonly kind: 'list'; readonly name: string }
  | { readonly kind: 'slot'; readonly name: string };

export type ParsedPhrase =
  | { readonly ok: true; readonly phrase: Phrase }
  /** `at` counts characters from 0; `message` says what is wrong and what to write instead. */
  | { readonly ok: false; readonly message: string; readonly at: number };

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '<': '>', '{': '}' };

/** Thrown inside the parser only; `parsePhrase` turns it into a result. */
class PhraseFault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Parses one phrase; never throws. */
export function parsePhrase(text: string): ParsedPhrase {
  try {
    const parser = new PhraseParser(text);
    return { ok: true, phrase: parser.whole() };
  } catch (error) {
    if (error instanceof PhraseFault) return { ok: false, message: error.message, at: error.at };
    throw error;
  }
}

/** Parses a phrase that a checked pack or this program holds. @throws SottoError `language/bad-phrase`. */
export function phraseOf(text: string): Phrase {
  const parsed = parsePhrase(text);
  if (parsed.ok) return parsed.phrase;
  throw new SottoError('language/bad-phrase', `In "${text}", character ${parsed.at + 1}: ${parsed.message}`, {
    remedy: 'Run "sotto desk check" on the pack and mend the phrase.',
  });
}

/** Every list and slot that a phrase refers to. */
export function referencesOf(phrase: Phrase): {
  readonly lists: readonly string[];
  readonly slots: readonly string[];
} {
  const lists = new Set<string>();
  const slots = new Set<string>();
  const visit = (node: Phrase): void => {
    if (node.kind === 'list') lists.add(node.name);
    else if (node.kind === 'slot') slots.add(node.name);
    else for (const child of childrenOf(node)) visit(child);
  };
  visit(phrase);
  return { lists: [...lists], slots: [...slots] };
}

export function childrenOf(phrase: Phrase): readonly Phrase[] {
  if (phrase.kind === 'sequence') return phrase.items;
  if (phrase.kind === 'choice') return phrase.options;
  if (phrase.kind === 'optional' || phrase.kind === 'repeat') return [phrase.item];
  return [];
}

class PhraseParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Phrase {
    const { phrase, weights } = this.#alternatives(null, 0);
    if (weights) throw new PhraseFault('A weight stands inside brackets: write (/3/ one|another).', 0);
    const stray = this.#text[this.#at];
    if (stray !== undefined) {
      const opener = Object.keys(CLOSES).find((open) => CLOSES[open] === stray);
      throw new PhraseFault(
        `"${stray}" closes nothing: take it out, or put "${opener}" where the group begins.`,
        this.#at,
      );
    }
    return phrase;
  }

  /** What stands between the brackets of a group (or the whole phrase), split at `|`. */
  #alternatives(
    opener: string | null,
    openedAt: number,
  ): { readonly phrase: Phrase; readonly weights?: readonly number[] } {
    const options: Phrase[] = [];
    const weights: number[] = [];
    let weighed = false;
    while (true) {
      const startedAt = this.#at;
      const weight = this.#weight();
      weighed ||= weight !== null;
      weights.push(weight ?? 1);
      const option = this.#sequence();
      const next = this.#text[this.#at];
      if (option === null) this.#emptyFault(opener, next, openedAt, startedAt);
      else options.push(option);
      if (next !== '|') break;
      if (opener === null)
        throw new PhraseFault(
          'Alternatives need round brackets: write (one|another), or two phrases on two lines.',
          this.#at,
        );
      this.#at += 1;
    }
    const only = options[0];
    const given = weighed ? { weights } : {};
    const single = only && options.length === 1 && (!weighed || opener === '[');
    return { phrase: single ? only : { kind: 'choice', options, ...given }, ...given };
  }

  /** `/0.2/` in front of an alternative. */
  #weight(): number | null {
    this.#skipSpace();
    const written = /^\/(\d+(?:\.\d+)?)\//.exec(this.#text.slice(this.#at));
    if (!written) return null;
    const weight = Number(written[1]);
    if (!(weight > 0 && weight <= 100))
      throw new PhraseFault(`"${written[0]}" is no weight: write a number above 0, up to 100.`, this.#at);
    this.#at += written[0].length;
    return weight;
  }

  #emptyFault(opener: string | null, next: string | undefined, openedAt: number, at: number): never {
    if (opener === null && next === undefined)
      throw new PhraseFault('The phrase has no words: write what people say.', at);
    if (opener !== null && next === undefined)
      throw new PhraseFault(`"${opener}" is never closed: add "${CLOSES[opener]}".`, openedAt);
    if (next === '*' || next === '+')
      throw new PhraseFault(`"${next}" repeats nothing: write it right after ")", as in (very)${next}.`, at);
    if (next !== undefined && opener === null && next !== '|')
      throw new PhraseFault(`"${next}" closes nothing: take it out.`, at);
    throw new PhraseFault(
      'An alternative is empty: write words there, or use [ ] for what may be left out.',
      at,
    );
  }

  #sequence(): Phrase | null {
    const items: Phrase[] = [];
    while (true) {
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (character === undefined || character === '|' || ')]>}'.includes(character)) break;
      if ('*+'.includes(character)) {
        if (items.length === 0) return null;
        throw new PhraseFault(
          `"${character}" must follow ")" directly: write (word)${character} for what is said several times.`,
          this.#at,
        );
      }
      items.push(this.#item(character));
    }
    const only = items[0];
    if (only === undefined) return null;
    return items.length === 1 ? only : { kind: 'sequence', items };
  }

  #item(character: string): Phrase {
    if (character === '(' || character === '[') return this.#group(character);
    if (character === '<') return { kind: 'list', name: this.#name('<', 'list') };
    if (character === '{') return { kind: 'slot', name: this.#name('{', 'slot') };
    return this.#words();
  }

  #group(opener: '(' | '['): Phrase {
    const openedAt = this.#at;
    this.#at += 1;
    const { phrase: item, weights } = this.#alternatives(opener, openedAt);
    if (this.#text[this.#at] === undefined)
      throw new PhraseFault(`"${opener}" is never closed: add "${CLOSES[opener]}".`, openedAt);
    if (this.#text[this.#at] !== CLOSES[opener])
      throw new PhraseFault(
        `"${this.#text[this.#at]}" does not close "${opener}": write "${CLOSES[opener]}" here.`,
        this.#at,
      );
    this.#at += 1;
    const mark = this.#text[this.#at];
    if (mark !== '*' && mark !== '+')
      return opener === '[' ? { kind: 'optional', item, ...shareOf(weights) } : item;
    this.#at += 1;
    return { kind: 'repeat', item, atLeast: mark === '+' && opener === '(' ? 1 : 0 };
  }

  #name(opener: '<' | '{', what: string): string {
    const openedAt = this.#at;
    const close = CLOSES[opener] ?? '';
    const end = this.#text.indexOf(close, openedAt);
    if (end < 0) throw new PhraseFault(`"${opener}" is never closed: add "${close}".`, openedAt);
    const name = this.#text.slice(openedAt + 1, end).trim();
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(name))
      throw new PhraseFault(
        `"${name}" is no name of a ${what}: it starts with a small letter and has letters, digits and _ only.`,
        openedAt,
      );
    this.#at = end + 1;
    return name;
  }

  #words(): Phrase {
    const startedAt = this.#at;
    while (this.#at < this.#text.length && !'()[]<>{}|*+'.includes(this.#text[this.#at] ?? '')) this.#at += 1;
    const written = this.#text.slice(startedAt, this.#at);
    const words = spokenWords(written);
    if (words.length === 0)
      throw new PhraseFault(`"${written.trim()}" cannot be spoken: write it as words.`, startedAt);
    return { kind: 'words', words };
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
}

/** What the weights of an optional group say about how often it is there at all. */
function shareOf(weights: readonly number[] | undefined): { readonly share?: number } {
  if (!weights) return {};
  const share = weights.reduce((sum, weight) => sum + weight, 0);
  return share < 1 ? { share } : {};
}
