import { SottoError } from '../../base/index.ts';
import type { Recognition, SpeechGrammar } from '../engines.ts';
import type { Dictionary } from './dictionary.ts';
import { weigh, withoutSilentEnd } from './evidence.ts';
import { wordsOfJsgf } from './grammar-words.ts';
import { parseJsgf } from './jsgf.ts';
import { withModel } from './model.ts';
import { GRAMMAR_OPTIONS, LOOP_OPTIONS } from './options.ts';
import { Decoder } from './pocketsphinx.ts';
import { Spread } from './spread.ts';
import { Surprise } from './surprise.ts';
import { wordGraph } from './word-graph.ts';

/** Grammars kept compiled in a decoder: one takes 25 to 45 MB, and 0.1 s to compile, which happens while the agent speaks. */
const MOST_GRAMMARS = 4;
/** Longer recordings are decoded as they come in: all at once they would hold the process until it counts as hung. */
const MOST_HELD = 16_000 * 15;

export type Finished = Omit<Recognition, 'finalisedInMs'>;

/**
 * The ears of one conversation: a decoder bound to its grammars, and beside it a phone loop on the same sound,
 * whose score tells whether the grammar explains what was said. Its own decoders, because the cepstral mean that
 * a decoder carries from one utterance to the next belongs to one microphone, one room and one person.
 */
export class Ears {
  readonly #dictionary: Dictionary;
  /** Sound that is decoded at the end; null where it is decoded as it comes in. */
  #held: Int16Array[] | null = null;
  readonly #whole: boolean;
  readonly #grammar: Decoder;
  readonly #loop: Decoder;
  readonly #words = new Map<string, Set<string>>();
  /** The pronunciation behind each entry taught, such as `tomato(2)`. */
  readonly #phones = new Map<string, string>();
  /** By id, the least recently used first. */
  readonly #grammars = new Map<string, Surprise>();
  #outsideAbove = 0;
  #chosen: string | undefined;
  #selected: string | undefined;
  #spread = new Spread();
  #samples = 0;
  #cpuMs = 0;
  /** PocketSphinx counts frames from the decoder's first utterance on. */
  #earlierSamples = 0;

  /** @param whole decode each utterance at its end, by the mean of its own sound: for recordings. */
  constructor(dictionary: Dictionary, whole: boolean) {
    this.#dictionary = dictionary;
    this.#whole = whole;
    const [grammar, loop] = withModel((model): [Decoder, Decoder] => [
      new Decoder({ ...model, ...GRAMMAR_OPTIONS }),
      new Decoder({ ...model, ...LOOP_OPTIONS }),
    ]);
    this.#grammar = grammar;
    this.#loop = loop;
  }

  /**
   * Prepares a grammar and chooses it for the next utterance. Returns the words that neither the grammar nor the
   * dictionary can pronounce; then nothing is changed.
   * @throws SottoError `speech/bad-grammar`.
   */
  setGrammar(grammar: SpeechGrammar): string[] {
    let surprise = this.#grammars.get(grammar.id);
    if (!surprise) {
      const words = wordsOfJsgf(grammar.jsgf);
      const declared = new Map(Object.entries(grammar.pronunciations));
      const missing = words.filter(
        (word) => (declared.get(word) ?? []).length === 0 && this.#dictionary.lookUp(word).length === 0,
      );
      if (missing.length > 0) return missing;
      for (const word of words) this.#teach(word, declared.get(word) ?? []);
      surprise = this.#compile(grammar);
    }
    this.#grammars.delete(grammar.id);
    this.#grammars.set(grammar.id, surprise);
    this.#chosen = grammar.id;
    this.#outsideAbove = grammar.outsideAbove;
    return [];
  }

  begin(): void {
    if (this.#chosen !== this.#selected && !this.#grammar.select(this.#chosen ?? '')) {
      throw new SottoError('speech/bad-grammar', 'The recogniser lost its grammar.');
    }
    this.#selected = this.#chosen;
    this.#earlierSamples += this.#samples;
    this.#samples = 0;
    this.#spread = new Spread();
    this.#held = this.#whole ? [] : null;
    this.#cpuMs = 0;
    if (!this.#grammar.begin() || !this.#loop.begin()) {
      throw new SottoError('speech/engine-failed', 'PocketSphinx could not begin an utterance.');
    }
  }

  write(samples: Int16Array): void {
    this.#samples += samples.length;
    this.#spread.add(samples);
    if (!this.#held) {
      this.#decode(samples);
      return;
    }
    this.#held.push(samples);
    if (this.#samples <= MOST_HELD) return;
    for (const block of this.#held) this.#decode(block);
    this.#held = null;
  }

  partial(): string {
    return this.#grammar.hypothesis() ?? '';
  }

  finish(): Finished {
    const from = process.cpuUsage();
    this.#decodeHeld();
    const unfinished = this.partial();
    this.#grammar.end();
    this.#loop.end();
    const final = this.#grammar.hypothesis();
    const loop = this.#loop.segments();
    const whole = final !== undefined && final !== '';
    const evidence = weigh(
      whole ? withoutSilentEnd(this.#grammar.segments(), loop) : [],
      loop,
      (unit) => this.#phones.get(unit) ?? '',
      {
        outsideAbove: this.#outsideAbove,
        spreadDb: this.#spread.decibels,
        surprise: (words) => this.#grammars.get(this.#selected ?? '')?.of(words) ?? 0,
      },
    );
    const complete = evidence.words.length > 0;
    const processMs = this.#cpuMs + elapsed(from);
    return {
      text: complete ? evidence.words.map(({ text }) => text).join(' ') : whole ? '' : unfinished,
      confidence: complete ? evidence.confidence : 0,
      words: evidence.words.map((word) => ({
        ...word,
        startMs: Math.max(0, word.startMs - this.#earlierSamples / 16),
        endMs: Math.max(0, word.endMs - this.#earlierSamples / 16),
      })),
      competition: evidence.competition,
      inGrammar: complete && evidence.inGrammar,
      audioMs: this.#samples / 16,
      processMs,
    };
  }

  abandon(): void {
    if (this.#held) this.#held.length = 0;
    this.#grammar.end();
    this.#loop.end();
  }

  #decode(samples: Int16Array): void {
    const from = process.cpuUsage();
    this.#grammar.process(samples);
    this.#loop.process(samples);
    this.#cpuMs += elapsed(from);
  }

  #decodeHeld(): void {
    if (!this.#held) return;
    const sound = new Int16Array(this.#samples);
    let at = 0;
    for (const block of this.#held) {
      sound.set(block, at);
      at += block.length;
    }
    this.#held.length = 0;
    this.#grammar.processWhole(sound);
    this.#loop.processWhole(sound);
  }

  free(): void {
    this.#grammar.free();
    this.#loop.free();
  }

  /** What the desk declares comes first; the dictionary's pronunciations stay as alternatives. */
  #teach(word: string, declared: readonly string[]): void {
    const known = this.#words.get(word) ?? new Set<string>();
    this.#words.set(word, known);
    for (const phones of [...declared, ...this.#dictionary.lookUp(word)]) {
      if (known.has(phones)) continue;
      const entry = known.size === 0 ? word : `${word}(${known.size + 1})`;
      if (!this.#grammar.addWord(entry, phones)) {
        throw new SottoError('speech/bad-pronunciation', 'A pronunciation is not made of ARPAbet phones.', {
          remedy: 'Use the 39 phones of cmudict without stress marks, such as: S AA T OW.',
        });
      }
      known.add(phones);
      this.#phones.set(entry, phones);
    }
  }

  #compile(grammar: SpeechGrammar): Surprise {
    for (const oldest of this.#grammars.keys()) {
      if (this.#grammars.size < MOST_GRAMMARS) break;
      if (oldest === this.#selected) continue;
      this.#grammar.removeGrammar(oldest);
      this.#grammars.delete(oldest);
    }
    const parsed = parseJsgf(grammar.jsgf);
    const graph = parsed && wordGraph(parsed);
    if (!graph || !this.#grammar.addGrammar(grammar.id, graph)) {
      throw new SottoError('speech/bad-grammar', 'The recogniser refused the grammar.', {
        remedy: 'Check the desk pack with `sotto desk check`.',
      });
    }
    return new Surprise(graph);
  }
}

function elapsed(from: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(from);
  return (used.user + used.system) / 1000;
}
