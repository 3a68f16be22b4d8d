/** The recogniser's two decoders in this process, with whatever options a measurement compares. */
import { spawnSync } from 'node:child_process';
import type { SpeechGrammar } from '../../main/dialogue/index.ts';
import { arpabetOf } from '../../main/speech/recogniser/arpabet.ts';
import { Dictionary } from '../../main/speech/recogniser/dictionary.ts';
import { wordsOfJsgf } from '../../main/speech/recogniser/grammar-words.ts';
import { withModel } from '../../main/speech/recogniser/model.ts';
import { GRAMMAR_OPTIONS, LOOP_OPTIONS } from '../../main/speech/recogniser/options.ts';
import { Decoder, type Segment } from '../../main/speech/recogniser/pocketsphinx.ts';

type Options = Readonly<Record<string, string>>;

/** What one utterance decoded to: the raw material of the evidence. */
export interface Decoded {
  readonly text: string;
  readonly path: readonly Segment[];
  readonly loop: readonly Segment[];
  readonly phones: Readonly<Record<string, string>>;
  readonly cpuMs: number;
}

const dictionary = new Dictionary();

export class BenchDecoder {
  readonly #grammar: Decoder;
  readonly #loop: Decoder | null;
  readonly #phones = new Map<string, string>();
  readonly #taught = new Set<string>();
  readonly #grammars = new Set<string>();

  constructor(grammar: Options = {}, loop: Options | null = {}) {
    [this.#grammar, this.#loop] = withModel((model): [Decoder, Decoder | null] => [
      new Decoder({ ...model, ...GRAMMAR_OPTIONS, ...grammar }),
      loop && new Decoder({ ...model, ...LOOP_OPTIONS, ...loop }),
    ]);
  }

  decode(grammar: SpeechGrammar, samples: Float32Array, how: { whole: boolean }): Decoded {
    this.#prepare(grammar);
    const sound = Int16Array.from(samples, (value) =>
      Math.max(-32768, Math.min(32767, Math.round(value * 32768))),
    );
    const from = process.cpuUsage();
    const decoders = this.#loop ? [this.#grammar, this.#loop] : [this.#grammar];
    for (const decoder of decoders) {
      decoder.begin();
      if (how.whole) decoder.processWhole(sound);
      else for (let at = 0; at < sound.length; at += 1600) decoder.process(sound.subarray(at, at + 1600));
      decoder.end();
    }
    const used = process.cpuUsage(from);
    const text = this.#grammar.hypothesis() ?? '';
    const path = text === '' ? [] : this.#grammar.segments();
    return {
      text,
      path,
      loop: this.#loop?.segments() ?? [],
      phones: Object.fromEntries(path.map(({ unit }) => [unit, this.#phones.get(unit) ?? ''])),
      cpuMs: (used.user + used.system) / 1000,
    };
  }

  free(): void {
    this.#grammar.free();
    this.#loop?.free();
  }

  #prepare(grammar: SpeechGrammar): void {
    if (!this.#grammars.has(grammar.id)) {
      for (const word of wordsOfJsgf(grammar.jsgf)) this.#teach(word, grammar.pronunciations[word] ?? []);
      if (!this.#grammar.addGrammar(grammar.id, grammar.jsgf)) throw new Error('The grammar was refused.');
      this.#grammars.add(grammar.id);
    }
    this.#grammar.select(grammar.id);
  }

  #teach(word: string, declared: readonly string[]): void {
    if (this.#taught.has(word)) return;
    this.#taught.add(word);
    const known = [...new Set([...declared, ...dictionary.lookUp(word)])];
    if (known.length === 0) {
      const { stdout } = spawnSync('espeak-ng', ['-q', '-x', '--sep=_', '-v', 'en-us', word], {
        encoding: 'utf8',
      });
      known.push(arpabetOf(stdout.trim()) ?? '');
    }
    for (const [at, phones] of known.entries()) {
      const entry = at === 0 ? word : `${word}(${at + 1})`;
      this.#grammar.addWord(entry, phones);
      this.#phones.set(entry, phones);
    }
  }
}
