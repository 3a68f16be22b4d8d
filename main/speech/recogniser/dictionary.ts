import { readFileSync } from 'node:fs';
import { DICTIONARY_FILE } from './pocketsphinx.ts';

/**
 * The pronunciations of the general dictionary (cmudict, ARPAbet), looked up in its text.
 *
 * Decoders are created with an almost empty dictionary and given only the words of their grammar: that takes
 * 6 ms and 5 MB instead of 80 ms and 29 MB each.
 */
export class Dictionary {
  readonly #text: string;
  readonly #found = new Map<string, readonly string[]>();

  constructor(file: string = DICTIONARY_FILE) {
    this.#text = `\n${readFileSync(file, 'utf8')}`;
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
    const start = this.#text.indexOf(`\n${entry} `);
    if (start < 0) return undefined;
    const end = this.#text.indexOf('\n', start + 1);
    return this.#text
      .slice(start + entry.length + 2, end < 0 ? undefined : end)
      .trim()
      .replace(/\s+/g, ' ');
  }
}
