/** The ears of a conversation, in this process: the decoders and the evidence that ship, without their supervised worker. */
import { spawnSync } from 'node:child_process';
import type { SpeechGrammar } from '../../main/dialogue/index.ts';
import { arpabetOf } from '../../main/speech/recogniser/arpabet.ts';
import { Dictionary } from '../../main/speech/recogniser/dictionary.ts';
import { Ears, type Finished } from '../../main/speech/recogniser/utterance.ts';

const dictionary = new Dictionary();

export class BenchEars {
  readonly #ears: Ears;
  readonly #made: Record<string, readonly string[]> = {};

  /** @param whole as recordings are decoded; else as a conversation is, in blocks of 100 ms. */
  constructor(whole: boolean) {
    this.#ears = new Ears(dictionary, whole);
  }

  hear(grammar: SpeechGrammar, samples: Float32Array): Finished {
    this.#choose(grammar);
    const sound = Int16Array.from(samples, (value) =>
      Math.max(-32768, Math.min(32767, Math.round(value * 32768))),
    );
    this.#ears.begin();
    for (let at = 0; at < sound.length; at += 1600) this.#ears.write(sound.subarray(at, at + 1600));
    return this.#ears.finish();
  }

  free(): void {
    this.#ears.free();
  }

  #choose(grammar: SpeechGrammar): void {
    const pronunciations = { ...this.#made, ...grammar.pronunciations };
    const missing = this.#ears.setGrammar({ ...grammar, pronunciations });
    if (missing.length === 0) return;
    for (const word of missing) this.#made[word] = [pronounced(word)];
    this.#ears.setGrammar({ ...grammar, pronunciations: { ...this.#made, ...grammar.pronunciations } });
  }
}

function pronounced(word: string): string {
  const { stdout } = spawnSync('espeak-ng', ['-q', '-x', '--sep=_', '-v', 'en-us', word], {
    encoding: 'utf8',
  });
  return arpabetOf(stdout.trim()) ?? '';
}
