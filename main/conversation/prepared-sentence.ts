import type { SynthesisedSound, Synthesiser, Voice } from '../speech/index.ts';

/** Measured with eSpeak NG over the sample desks' sentences, at its usual rate in words a minute. */
const MS_A_LETTER = 62;
const USUAL_RATE = 165;

/**
 * One sentence on its way to the speaker: synthesis runs ahead while earlier sound is heard. Bounded by the length
 * of a sentence (at most a few hundred kilobytes).
 */
export class PreparedSentence implements AsyncIterable<SynthesisedSound> {
  readonly text: string;
  readonly #blocks: SynthesisedSound[] = [];
  readonly #done: Promise<void>;
  readonly #rate: number;
  #complete = false;
  #error: unknown;
  #wake: (() => void) | null = null;

  constructor(synthesiser: Synthesiser, voice: Voice, text: string, signal: AbortSignal) {
    this.text = text;
    this.#rate = voice.rate;
    this.#done = this.#collect(synthesiser.synthesise(text, voice, signal));
  }

  /**
   * Milliseconds that the whole sentence lasts: known when synthesis ended well. Before, and where it broke off, as
   * long as such a sentence usually lasts, so that what was made is not taken for all of it.
   */
  get lengthMs(): number {
    const madeMs = this.#blocks.reduce(
      (sum, block) => sum + (block.samples.length / block.sampleRate) * 1000,
      0,
    );
    if (this.#complete && this.#error === undefined) return madeMs;
    return Math.max(madeMs, (this.text.length * MS_A_LETTER * USUAL_RATE) / this.#rate);
  }

  /** Settles when synthesis has ended, well or not. */
  get made(): Promise<void> {
    return this.#done;
  }

  /** One consumer. Throws what synthesis threw, after the sound that was made before. */
  async *[Symbol.asyncIterator](): AsyncGenerator<SynthesisedSound, void, void> {
    for (let next = 0; ; ) {
      const block = this.#blocks[next];
      if (block) {
        next += 1;
        yield block;
      } else if (this.#complete) {
        if (this.#error !== undefined) throw this.#error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async #collect(sound: AsyncIterable<SynthesisedSound>): Promise<void> {
    try {
      for await (const block of sound) {
        this.#blocks.push(block);
        this.#wake?.();
      }
    } catch (error) {
      this.#error = error;
    }
    this.#complete = true;
    this.#wake?.();
  }
}
