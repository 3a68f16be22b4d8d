import type { SyntheticVoiceModel } from './model.ts';

/** Less than this says too little: a second of sound. */
const LEAST_S = 1;
/** New sound between one question and the next. */
const EVERY_S = 0.5;

/** Changes the sample rate of a stream; `Resampler` of the room `media`. */
export interface StreamResampler {
  push(samples: Float32Array): Float32Array;
}

/** A model, and what makes sound fit for it. */
export interface SyntheticVoices {
  readonly model: SyntheticVoiceModel;
  readonly resampler: (fromRate: number, toRate: number) => StreamResampler;
}

/**
 * Asks the model about an utterance while it is spoken, so that the answer is there when it ends. The newest answer counts:
 * it has heard most. One that comes after the end counts for the next utterance, as what a client measured does.
 */
export class SyntheticListener {
  readonly #voices: SyntheticVoices;
  /** The newest sound at the model's rate, as much as the model takes. */
  readonly #heard: Float32Array;
  #filled = 0;
  #unasked = 0;
  #rate = 0;
  #stream: StreamResampler | null = null;
  #asking = false;
  #utterance = 0;
  #answer: { readonly score: number; readonly utterance: number } | null = null;

  constructor(voices: SyntheticVoices) {
    this.#voices = voices;
    this.#heard = new Float32Array(voices.model.samples);
  }

  get limit(): number {
    return this.#voices.model.limit;
  }

  /** Another utterance begins. */
  begin(): void {
    this.#utterance += 1;
    this.#forget();
  }

  push(samples: Float32Array, sampleRate: number): void {
    const { model, resampler } = this.#voices;
    if (!this.#stream || this.#rate !== sampleRate) {
      this.#forget();
      this.#rate = sampleRate;
      this.#stream = resampler(sampleRate, model.sampleRate);
    }
    this.#take(this.#stream.push(samples));
    const enough = Math.min(model.samples, LEAST_S * model.sampleRate);
    if (this.#filled < enough || this.#unasked < EVERY_S * model.sampleRate || this.#asking) return;
    this.#unasked = 0;
    void this.#ask(this.#heard.slice(0, this.#filled));
  }

  /** How likely the voice of this utterance or of the one before is synthetic, as far as it is known; taken once. */
  take(): number | null {
    const answer = this.#answer;
    this.#answer = null;
    return answer && answer.utterance >= this.#utterance - 1 ? answer.score : null;
  }

  #forget(): void {
    this.#stream = null;
    this.#filled = 0;
    this.#unasked = 0;
  }

  #take(sound: Float32Array): void {
    const newest = sound.subarray(Math.max(0, sound.length - this.#heard.length));
    const over = Math.max(0, this.#filled + newest.length - this.#heard.length);
    this.#heard.copyWithin(0, over, this.#filled);
    this.#heard.set(newest, this.#filled - over);
    this.#filled += newest.length - over;
    this.#unasked += newest.length;
  }

  async #ask(sound: Float32Array): Promise<void> {
    this.#asking = true;
    const utterance = this.#utterance;
    try {
      this.#answer = { score: await this.#voices.model.score(sound), utterance };
    } catch {
      // The model's process died or hung: it is started again, and the supervisor logs it. No answer is no finding.
    } finally {
      this.#asking = false;
    }
  }
}
