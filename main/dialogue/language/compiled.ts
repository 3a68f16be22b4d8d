import type { Expectation, Understanding } from '../acts.ts';
import type { DeskPack } from '../pack/pack.ts';

/** What the recogniser decodes against: compiled from a desk pack, narrowed to what may be said now. */
export interface SpeechGrammar {
  /** Hash of everything below: engines cache by it. */
  readonly id: string;
  /** JSpeech Grammar Format, one public rule; lower-case words. */
  readonly jsgf: string;
  /** Words the dictionary may lack, each with its pronunciations in ARPAbet (`S AA T OW`). */
  readonly pronunciations: Readonly<Record<string, readonly string[]>>;
  /** Competition above which what was said is outside this grammar. */
  readonly outsideAbove: number;
}

/** A desk pack, compiled: one declaration becomes what is heard and what is understood. */
export interface CompiledDesk {
  readonly pack: DeskPack;
  /** Words of the grammar that no pronunciation is declared for; speech looks them up or makes them. */
  readonly vocabulary: readonly string[];
  /** The speech grammar for what is expected now. Cached by expectation. */
  grammar(expectation: Expectation): SpeechGrammar;
  /**
   * Learns from the pack's phrases how else things may be said: a tenth of a second, or several where flows are many. Else it
   * is done at the first sentence that no phrase explains, while a person waits.
   */
  learn(): void;
  /**
   * What a sentence means. Accepts recognised words and typed text alike (punctuation, digits, capitals).
   * `now` (epoch ms, local time zone) resolves "tomorrow" and "Friday".
   */
  understand(text: string, expectation: Expectation, now: number): Understanding;
  /** How a slot's normalised value is said: "one hundred twenty dollars and fifty cents", "May second". */
  readBack(flow: string, slot: string, value: string): string;
}
