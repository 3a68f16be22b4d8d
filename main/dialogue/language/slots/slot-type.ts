import type { Token } from '../words.ts';

/** A slot's value found in a sentence. */
export interface SlotMatch {
  /** Index behind its last token. */
  readonly end: number;
  /** Normalised. */
  readonly value: string;
  /** True when more words could belong to it: "two hundred" may go on with "fifty". */
  readonly mayGoOn: boolean;
}

/** The sentence that a slot is looked for in. */
export interface Sentence {
  /** As it came in; text slots keep its wording. */
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The tokens' texts. */
  readonly words: readonly string[];
  /** Epoch milliseconds; dates are counted from it, in local time. */
  readonly now: number;
}

/** What people say and write for one type of slot, and how it is said back. */
export interface SlotType {
  /**
   * What is said, in the phrase syntax; null when no grammar can hold it. `<lists>` in it are those of `rules`.
   */
  readonly spoken: string | null;
  readonly rules: Readonly<Record<string, readonly string[]>>;
  /** Every way in which a value can be read from token `at` on. */
  match(sentence: Sentence, at: number): readonly SlotMatch[];
  /** How a normalised value is said. */
  readBack(value: string): string;
}
