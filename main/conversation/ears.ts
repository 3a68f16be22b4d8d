import { type Clock, codeOf } from '../base/index.ts';
import { type AudioFrame, type Level, Resampler } from '../media/index.ts';
import type { Recognition, Speech, SpeechGrammar, VoiceActivityStream } from '../speech/index.ts';
import { Endpointer, type Pauses } from './endpointing.ts';
import type { Finish } from './finish.ts';
import { LateRecogniser } from './late-recogniser.ts';
import { LevelMeter } from './level-meter.ts';
import type { TalkMode } from './live.ts';
import { PreRoll } from './pre-roll.ts';
import type { SoundTap } from './recording.ts';
import { TalkKey } from './talk-key.ts';

/** What VAD and recogniser take: Hz. */
const RATE = 16_000;
/** One Silero frame. */
const VAD_FRAME_MS = 32;
/** Sound before the detected start that the recogniser gets: onsets are soft, and detection takes three frames. */
const PRE_ROLL_MS = 400;
/** The same before the talk key: people speak as they press it, and earlier sound is the agent's own voice. */
const KEY_PRE_ROLL_MS = 120;
/** A carrier that falls silent in the middle of a word (muted, asleep) must not hold the agent for ever. */
const STALLED_MS = 2000;

/** One utterance, heard to its end. */
export interface Utterance {
  readonly recognition: Recognition;
  /** How long somebody spoke: from the detected start to the last speech. */
  readonly speechMs: number;
  /** Loudness of the utterance as a whole. */
  readonly level: Level;
  /** Epoch ms: last speech, the decision that it was the last, the final transcript. */
  readonly speechEndedAt: number;
  readonly endpointAt: number;
  readonly finalAt: number;
}

export interface EarsListener {
  level(level: Level): void;
  /** Somebody may be beginning to speak; `false`: it was nothing. */
  stirred(stirring: boolean): void;
  /** The person has begun to speak. */
  speechStarted(): void;
  /** These words are likely to be all; null: the person goes on. Nothing with an effect may come of it. */
  likely(text: string | null): void;
  partial(text: string): void;
  utterance(utterance: Utterance): void;
  /** An engine failed while the person spoke: the utterance is lost. */
  broke(code: string): void;
  /** An engine has trouble while nobody speaks: nothing is lost yet. */
  trouble(code: string): void;
}

export interface EarsOptions {
  readonly speech: Speech;
  readonly grammar: SpeechGrammar;
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly listener: EarsListener;
  readonly mode: TalkMode;
  /** How finished what was recognised so far is. */
  readonly finish: (text: string) => Finish;
  /** Told of all sound, in order, as the recogniser gets it: 16 kHz. */
  readonly tap?: SoundTap;
}

/** An utterance that is being heard. */
interface Open {
  readonly meter: LevelMeter;
  readonly startedAt: number;
  /** Sound kept for a recogniser that is still getting ready (it may be starting anew); null once it is. */
  waiting: Float32Array[] | null;
  /** Settles when the recogniser is ready, or cannot be. */
  begun: Promise<void>;
}

/** Turns frames into utterances: resampling, voice activity, endpointing, recognition while the sound comes in. */
export class Ears {
  readonly #options: EarsOptions;
  readonly #vad: VoiceActivityStream;
  readonly #recogniser: LateRecogniser;
  readonly #endpointer: Endpointer;
  readonly #meter = new LevelMeter();
  readonly #preRoll: PreRoll;
  readonly #key = new TalkKey();
  readonly #deaf: () => void;
  #open: Open | null = null;
  #resampler: Resampler | null = null;
  #mode: TalkMode;
  #text = '';
  #textFinish: Finish = 'open';
  #likely = false;
  #vadWorks = true;
  #stall: NodeJS.Timeout | null = null;
  #finishing = false;
  #closed = false;

  private constructor(options: EarsOptions, vad: VoiceActivityStream, recogniser: LateRecogniser) {
    this.#options = options;
    this.#vad = vad;
    this.#recogniser = recogniser;
    this.#mode = options.mode;
    this.#preRoll = new PreRoll(PRE_ROLL_MS, options.tap);
    this.#endpointer = new Endpointer(options.pauses, VAD_FRAME_MS);
    this.#deaf = recogniser.onPartial((text) => this.#partial(text));
  }

  /**
   * Open as soon as voice activity can be told: the recogniser may still be compiling its grammar, and is given what is
   * said meanwhile once it is ready.
   * @throws SottoError `speech/engine-unavailable`
   */
  static async open(options: EarsOptions): Promise<Ears> {
    const recogniser = new LateRecogniser(options.speech.recogniser, options.grammar);
    try {
      return new Ears(options, await options.speech.vad.open(), recogniser);
    } catch (error) {
      await recogniser.close();
      throw error;
    }
  }

  /**
   * Listens until the frames end. Rejects with what ended the carrier (`media/device-lost`, …), or with why there is no
   * recogniser (`speech/engine-unavailable`).
   */
  async listen(frames: AsyncIterable<AudioFrame>): Promise<void> {
    const deaf = new Promise<never>((_, reject) => this.#recogniser.opened.catch(reject));
    await Promise.race([this.#hearAll(frames), deaf]);
  }

  /** What may be said next; taken at the start of the next utterance. */
  expect(grammar: SpeechGrammar): void {
    // An engine that died meanwhile is told again when the next utterance begins.
    this.#recogniser.setGrammar(grammar).catch((error: unknown) => {
      // One that never opened ends the listening, and that is told.
      if (!this.#closed && this.#recogniser.isOpen) this.#options.listener.trouble(codeOf(error));
    });
  }

  /** An utterance under way is given up: it was begun under the other rule. Returns true when there was one. */
  setMode(mode: TalkMode): boolean {
    if (mode === this.#mode) return false;
    this.#mode = mode;
    this.#key.reset();
    this.#vad.reset();
    return this.#giveUp();
  }

  /** The talk key. Has a meaning in push-to-talk only. */
  key(down: boolean): void {
    if (this.#mode === 'pushToTalk') this.#key.press(down);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#deaf();
    this.#open = null;
    this.#preRoll.clear();
    this.#watchStall(0);
    await Promise.allSettled([this.#vad.close(), this.#recogniser.close()]);
  }

  async #hearAll(frames: AsyncIterable<AudioFrame>): Promise<void> {
    for await (const frame of frames) {
      if (this.#closed) return;
      await this.#hear(frame);
    }
  }

  async #hear(frame: AudioFrame): Promise<void> {
    const level = this.#meter.add(frame);
    if (level) this.#options.listener.level(level);
    this.#open?.meter.add(frame);
    const samples = this.#resample(frame);
    const endAt = frame.capturedAt + (frame.samples.length / frame.sampleRate) * 1000;
    this.#watchStall(endAt);
    if (this.#open) this.#options.tap?.spoken(samples, endAt);
    if (this.#open?.waiting) this.#open.waiting.push(samples);
    else if (this.#open) this.#recogniser.write(samples);
    else this.#preRoll.push(samples, endAt);
    if (this.#mode === 'pushToTalk') return await this.#followKey(samples, endAt);
    for (const probability of await this.#probabilities(samples)) await this.#followVoice(probability, endAt);
  }

  #partial(text: string): void {
    if (!this.#open || this.#closed) return;
    this.#text = text;
    this.#textFinish = this.#options.finish(text);
    this.#options.listener.partial(text);
    // The engine caught up with the sound within the pause: these are the words.
    if (this.#likely) this.#options.listener.likely(text);
  }

  #bet(likely: boolean): void {
    if (likely === this.#likely) return;
    this.#likely = likely;
    this.#options.listener.likely(likely ? this.#text : null);
  }

  async #followVoice(probability: number, at: number): Promise<void> {
    if (this.#closed || this.#mode === 'pushToTalk') return;
    const decision = this.#endpointer.accept(probability, this.#textFinish);
    switch (decision.kind) {
      case 'stir':
      case 'calm':
        this.#options.listener.stirred(decision.kind === 'stir');
        break;
      case 'start':
        this.#begin(at, PRE_ROLL_MS, at - decision.agoMs);
        break;
      case 'likely':
      case 'goesOn':
        this.#bet(decision.kind === 'likely');
        break;
      case 'end':
        await this.#finish(at - decision.pauseMs);
    }
  }

  async #followKey(samples: Float32Array, at: number): Promise<void> {
    const openMs = this.#open ? at - this.#open.startedAt : null;
    const told = this.#key.follow((samples.length / RATE) * 1000, openMs);
    if (told === null) return;
    if ('begins' in told) this.#begin(at, KEY_PRE_ROLL_MS, at);
    else await this.#finish(at - told.endedAgoMs);
  }

  /** Does not wait for the recogniser: frames must go on being taken. */
  #begin(at: number, preRollMs: number, startedAt: number): void {
    const { tap } = this.#options;
    const before = this.#preRoll.takeFrom(at - preRollMs);
    tap?.begin();
    for (const { samples, endAt } of before) tap?.spoken(samples, endAt);
    this.#forgetText();
    const open: Open = {
      meter: new LevelMeter(),
      startedAt,
      waiting: before.map(({ samples }) => samples),
      begun: Promise.resolve(),
    };
    this.#open = open;
    this.#options.listener.speechStarted();
    open.begun = this.#recogniser.begin().then(() => {
      if (this.#open !== open) return;
      for (const samples of open.waiting ?? []) this.#recogniser.write(samples);
      open.waiting = null;
    });
    open.begun.catch((error: unknown) => {
      if (this.#open === open) this.#lose(error);
    });
    this.#watchStall(at);
  }

  /** While an utterance is open each frame winds this up; with none of them coming any more, the utterance is over. */
  #watchStall(lastAt: number): void {
    if (this.#stall) clearTimeout(this.#stall);
    this.#stall = null;
    if (!this.#open || this.#closed) return;
    this.#stall = setTimeout(() => {
      this.#endpointer.reset();
      this.#key.reset();
      void this.#finish(lastAt);
    }, STALLED_MS);
  }

  async #finish(speechEndedAt: number): Promise<void> {
    const open = this.#open;
    if (!open || this.#finishing) return;
    this.#finishing = true;
    const endpointAt = this.#options.clock.now();
    try {
      await open.begun;
      const recognition = await this.#recogniser.finish();
      if (this.#open !== open) return;
      this.#open = null;
      this.#options.listener.utterance({
        recognition,
        speechMs: Math.max(0, speechEndedAt - open.startedAt),
        level: open.meter.whole,
        speechEndedAt,
        endpointAt,
        finalAt: this.#options.clock.now(),
      });
    } catch (error) {
      if (this.#open === open) this.#lose(error);
    } finally {
      this.#finishing = false;
      this.#watchStall(0);
    }
  }

  #lose(error: unknown): void {
    this.#giveUp();
    if (!this.#closed) this.#options.listener.broke(codeOf(error));
  }

  #giveUp(): boolean {
    const open = this.#open !== null;
    this.#open = null;
    this.#bet(false);
    this.#forgetText();
    this.#endpointer.reset();
    this.#recogniser.abandon();
    return open;
  }

  #forgetText(): void {
    this.#text = '';
    this.#textFinish = 'open';
    this.#likely = false;
  }

  /** A dead VAD hears nothing until it is back; told once, not at every frame. */
  async #probabilities(samples: Float32Array): Promise<readonly number[]> {
    try {
      const probabilities = await this.#vad.write(samples);
      this.#vadWorks = true;
      return probabilities;
    } catch (error) {
      if (this.#vadWorks && this.#open) this.#lose(error);
      else if (this.#vadWorks && !this.#closed) this.#options.listener.trouble(codeOf(error));
      this.#vadWorks = false;
      return [];
    }
  }

  #resample(frame: AudioFrame): Float32Array {
    if (frame.sampleRate === RATE) return frame.samples;
    if (this.#resampler?.fromRate !== frame.sampleRate) {
      this.#resampler = new Resampler(frame.sampleRate, RATE);
    }
    return this.#resampler.push(frame.samples);
  }
}
