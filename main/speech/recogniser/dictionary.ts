import { readFileSync } from 'node:fs';
import { DICTIONARY_FILE } from './pocketsphinx.ts';

/** Letters by which the lines are found: some hundred stretches of a few kilobytes. */
const PREFIX = 2;

/**
 * The pronunciations of the general dictionary (cmudict, ARPAbet), looked up in its text.
 *
 * Decoders are created with an almost empty dictionary and given only the words of their grammar: that takes
 * 6 ms and 5 MB instead of 80 ms and 29 MB each. The text is cut where the first letters change, because looking
 * through all of it for each word of a desk takes seconds, in which the first person is not heard.
 */
export class Dictionary {
  /** Whole lines that begin alike, each after a line feed. */
  readonly #stretches: ReadonlyMap<string, string>;
  readonly #found = new Map<string, readonly string[]>();

  constructor(file: string = DICTIONARY_FILE) {
    this.#stretches = stretchesOf(`\n${readFileSync(file, 'utf8')}`);
  }

  /** All pronunciations of a lower-case word; empty when the dictionary lacks it. */
  lookUp(word: string): readonly string[] {
    const known = this.#found.get(word);
    if (known) return known;
    const found: string[] = [];
    for (let variant = 1; ; variant += 1) {
      const phones = this.#line(variant === 1 ? word : `${word}(${variant})`);
      if (phones === undefined) break;
      found.push(phones);
    }
    this.#found.set(word, found);
    return found;
  }

  #line(entry: string): string | undefined {
    const lines = this.#stretches.get(`${entry} `.slice(0, PREFIX)) ?? '';
    const start = lines.indexOf(`\n${entry} `);
    if (start < 0) return undefined;
    const end = lines.indexOf('\n', start + 1);
    return lines
      .slice(start + entry.length + 2, end < 0 ? undefined : end)
      .trim()
      .replace(/\s+/g, ' ');
  }
}

/** A dictionary that is not in order has several stretches that begin alike: they are joined. */
function stretchesOf(text: string): Map<string, string> {
  const stretches = new Map<string, string>();
  for (let from = 0; from < text.length; ) {
    const prefix = text.slice(from + 1, from + 1 + PREFIX);
    let to = from;
    do to = endOfLine(text, to + 1);
    while (to < text.length && text.startsWith(prefix, to + 1));
    stretches.set(prefix, (stretches.get(prefix) ?? '') + text.slice(from, to));
    from = to;
  }
  return stretches;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
