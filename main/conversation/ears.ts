import { type Clock, codeOf } from '../base/index.ts';
import { type AudioFrame, type Level, Resampler } from '../media/index.ts';
import type {
  Recognition,
  RecognitionStream,
  Speech,
  SpeechGrammar,
  VoiceActivityStream,
} from '../speech/index.ts';
import { Endpointer, type Pauses } from './endpointing.ts';
import { LevelMeter } from './level-meter.ts';
import type { TalkMode } from './live.ts';

/** What VAD and recogniser take: Hz. */
const RATE = 16_000;
/** One Silero frame. */
const VAD_FRAME_MS = 32;
/** Sound before the detected start that the recogniser gets: onsets are soft, and detection takes three frames. */
const PRE_ROLL_MS = 400;
/** After the key is released people are still ending their last word. */
const KEY_TAIL_MS = 200;

/** One utterance, heard to its end. */
export interface Utterance {
  readonly recognition: Recognition;
  /** Loudness of the utterance as a whole. */
  readonly level: Level;
  /** Epoch ms: last speech, the decision that it was the last, the final transcript. */
  readonly speechEndedAt: number;
  readonly endpointAt: number;
  readonly finalAt: number;
}

export interface EarsListener {
  level(level: Level): void;
  /** The person has begun to speak. */
  speechStarted(): void;
  partial(text: string): void;
  utterance(utterance: Utterance): void;
  /** An engine failed while the person spoke: the utterance is lost. */
  broke(code: string): void;
}

export interface EarsOptions {
  readonly speech: Speech;
  readonly grammar: SpeechGrammar;
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly listener: EarsListener;
  readonly mode: TalkMode;
  /** True when this text answers what was asked and nothing can follow. */
  readonly isComplete: (text: string) => boolean;
}

/** Turns frames into utterances: resampling, voice activity, endpointing, recognition while the sound comes in. */
export class Ears {
  readonly #options: EarsOptions;
  readonly #vad: VoiceActivityStream;
  readonly #recogniser: RecognitionStream;
  readonly #endpointer: Endpointer;
  readonly #preRoll: Float32Array[] = [];
  #meter: LevelMeter;
  #utteranceLevel: LevelMeter | null = null;
  #resampler: Resampler | null = null;
  #mode: TalkMode;
  #key: 'up' | 'down' | 'released' = 'up';
  #releasedMs = 0;
  #complete = false;
  #vadWorks = true;

  private constructor(options: EarsOptions, vad: VoiceActivityStream, recogniser: RecognitionStream) {
    this.#options = options;
    this.#vad = vad;
    this.#recogniser = recogniser;
    this.#mode = options.mode;
    this.#endpointer = new Endpointer(options.pauses, VAD_FRAME_MS);
    this.#meter = new LevelMeter();
    recogniser.onPartial((text) => {
      if (!this.#utteranceLevel) return;
      this.#complete = options.isComplete(text);
      options.listener.partial(text);
    });
  }

  /** @throws SottoError `speech/engine-unavailable` */
  static async open(options: EarsOptions): Promise<Ears> {
    const [vad, recogniser] = await Promise.all([
      options.speech.vad.open(),
      options.speech.recogniser.open(options.grammar),
    ]);
    return new Ears(options, vad, recogniser);
  }

  /** Listens until the frames end. Rejects with what ended the carrier (`media/device-lost`, …). */
  async listen(frames: AsyncIterable<AudioFrame>): Promise<void> {
    for await (const frame of frames) await this.#hear(frame);
  }

  /** What may be said next; taken at the start of the next utterance. */
  expect(grammar: SpeechGrammar): void {
    this.#recogniser
      .setGrammar(grammar)
      .catch((error: unknown) => this.#options.listener.broke(codeOf(error)));
  }

  setMode(mode: TalkMode): void {
    this.#mode = mode;
    this.#endpointer.reset();
  }

  /** The talk key. Has a meaning in push-to-talk only. */
  key(down: boolean): void {
    if (down) this.#key = 'down';
    else if (this.#key === 'down') this.#key = 'released';
    this.#releasedMs = 0;
  }

  async close(): Promise<void> {
    this.#utteranceLevel = null;
    await Promise.allSettled([this.#vad.close(), this.#recogniser.close()]);
  }

  async #hear(frame: AudioFrame): Promise<void> {
    const level = this.#meter.add(frame);
    if (level) this.#options.listener.level(level);
    this.#utteranceLevel?.add(frame);
    const samples = this.#resample(frame);
    const endAt = frame.capturedAt + (frame.samples.length / frame.sampleRate) * 1000;
    if (this.#utteranceLevel) this.#recogniser.write(samples);
    else this.#keepPreRoll(samples);
    if (this.#mode === 'pushToTalk') return await this.#followKey(samples, endAt);
    for (const probability of await this.#probabilities(samples)) await this.#followVoice(probability, endAt);
  }

  async #followVoice(probability: number, at: number): Promise<void> {
    const decision = this.#endpointer.accept(probability, this.#complete);
    if (decision.kind === 'start') await this.#begin();
    if (decision.kind === 'end') await this.#finish(at - decision.pauseMs);
  }

  async #followKey(samples: Float32Array, at: number): Promise<void> {
    if (this.#key === 'down' && !this.#utteranceLevel) return await this.#begin();
    if (this.#key !== 'released') return;
    this.#releasedMs += (samples.length / RATE) * 1000;
    if (this.#releasedMs < KEY_TAIL_MS) return;
    this.#key = 'up';
    if (this.#utteranceLevel) await this.#finish(at - this.#releasedMs);
  }

  async #begin(): Promise<void> {
    this.#complete = false;
    this.#utteranceLevel = new LevelMeter();
    this.#options.listener.speechStarted();
    try {
      await this.#recogniser.begin();
      for (const block of this.#preRoll) this.#recogniser.write(block);
    } catch (error) {
      this.#lose(error);
    }
    this.#preRoll.length = 0;
  }

  async #finish(speechEndedAt: number): Promise<void> {
    const meter = this.#utteranceLevel;
    if (!meter) return;
    const endpointAt = this.#options.clock.now();
    try {
      const recognition = await this.#recogniser.finish();
      this.#utteranceLevel = null;
      const finalAt = this.#options.clock.now();
      this.#options.listener.utterance({
        recognition,
        level: meter.whole,
        speechEndedAt,
        endpointAt,
        finalAt,
      });
    } catch (error) {
      this.#lose(error);
    }
  }

  #lose(error: unknown): void {
    this.#utteranceLevel = null;
    this.#endpointer.reset();
    this.#recogniser.abandon();
    this.#options.listener.broke(codeOf(error));
  }

  /** A dead VAD hears nothing until it is back; told once, not at every frame. */
  async #probabilities(samples: Float32Array): Promise<readonly number[]> {
    try {
      const probabilities = await this.#vad.write(samples);
      this.#vadWorks = true;
      return probabilities;
    } catch (error) {
      if (this.#vadWorks) this.#lose(error);
      this.#vadWorks = false;
      return [];
    }
  }

  #resample(frame: AudioFrame): Float32Array {
    if (frame.sampleRate === RATE) return frame.samples;
    this.#resampler ??= new Resampler(frame.sampleRate, RATE);
    return this.#resampler.push(frame.samples);
  }

  #keepPreRoll(samples: Float32Array): void {
    this.#preRoll.push(samples);
    let kept = this.#preRoll.reduce((sum, block) => sum + block.length, 0);
    while (kept - (this.#preRoll[0]?.length ?? 0) > (RATE * PRE_ROLL_MS) / 1000) {
      kept -= this.#preRoll.shift()?.length ?? 0;
    }
  }
}
