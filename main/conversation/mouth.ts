import { codeOf, hasCode } from '../base/index.ts';
import type { Playout } from '../media/index.ts';
import type { Synthesiser, Voice } from '../speech/index.ts';
import { Foreseen } from './foreseen.ts';
import { heardOf } from './heard.ts';
import { PreparedSentence } from './prepared-sentence.ts';
import { sentencesOf } from './sentences.ts';

/** More than any reply holds; a pack that exceeds it loses the end of the reply, not the appliance's memory. */
const MOST_SENTENCES = 60;
const LOST_VOICE = 'Sorry, I lost my voice for a moment.';

interface Sentence {
  readonly text: string;
  /** Spoken again because the synthesiser died the first time: it is not tried a third time. */
  readonly repeated: boolean;
}

/** A sentence whose sound is being made. */
interface Prepared {
  readonly sentence: Sentence;
  readonly sound: PreparedSentence;
}

/** A sentence on the playout's clock. */
interface Spoken {
  readonly sound: PreparedSentence;
  readonly startMs: number;
}

export interface MouthListener {
  /** This sentence is written to the playout from here on its clock. */
  speaking?(text: string, startMs: number): void;
  /** The first sound of a reply was handed to the playout. */
  started(): void;
  /** All that was to be said has been heard, or the mouth was stopped. */
  finished(heard: string, interrupted: boolean): void;
  /** The synthesiser failed; `repeating` tells whether the sentence is spoken again. */
  broke(code: string, repeating: boolean): void;
}

/**
 * Speaks sentence by sentence: the next sentence is synthesised while the present one is heard.
 *
 * It knows from the playout clock what the person has heard: that, and not what was generated, is what `finished`
 * reports and the record keeps.
 */
export class Mouth {
  readonly #playout: Playout;
  readonly #synthesiser: Synthesiser;
  readonly #voice: Voice;
  readonly #listener: MouthListener;
  #queue: Sentence[] = [];
  #spoken: Spoken[] = [];
  #reply: AbortController | null = null;
  #held = false;
  readonly #foreseen: Foreseen;

  constructor(playout: Playout, synthesiser: Synthesiser, voice: Voice, listener: MouthListener) {
    this.#playout = playout;
    this.#synthesiser = synthesiser;
    this.#voice = voice;
    this.#listener = listener;
    this.#foreseen = new Foreseen(synthesiser, voice);
  }

  get speaking(): boolean {
    return this.#reply !== null;
  }

  /** The words of the reply as far as their sound was begun. */
  get saying(): string {
    return this.#spoken.map(({ sound }) => sound.text).join(' ');
  }

  /** True while a reply waits for the person to finish. */
  get paused(): boolean {
    return this.#held && this.speaking;
  }

  /** Adds to what is being said, or begins to speak. */
  say(text: string): void {
    const room = MOST_SENTENCES - this.#queue.length;
    this.#queue.push(...sentencesOf(text).slice(0, room).map(once));
    if (this.#reply || this.#queue.length === 0) return;
    this.#reply = new AbortController();
    void this.#speak(this.#reply.signal);
  }

  /** Gets replies ready that may be said next; those got ready before and not among them are dropped. */
  prepare(replies: readonly string[]): void {
    this.#foreseen.expect(replies.flatMap(sentencesOf));
  }

  /** Holds the sound where it is, and whatever is said from now on, until `resume`: the person has the floor. */
  pause(): void {
    if (this.#held) return;
    this.#held = true;
    this.#playout.pause();
  }

  /** The same where the client has silenced itself already: what it did not play any more is not lost. */
  pauseSilenced(): void {
    this.#held = true;
    this.#playout.pause({ silenced: true });
  }

  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#playout.resume();
  }

  /** Drops what was to be said, at once, and reports what was heard. A hold stays. */
  stop(): void {
    if (this.#reply) this.#end(true);
  }

  async #speak(signal: AbortSignal): Promise<void> {
    let started = false;
    const starting = () => {
      if (!started) this.#listener.started();
      started = true;
    };
    let ahead: Prepared | null = null;
    while (!signal.aborted) {
      const present: Prepared | null = ahead ?? this.#prepareNext(signal);
      ahead = null;
      if (!present) {
        if (await this.#allHeard(signal)) return this.#end(false);
        continue;
      }
      // While this one is heard the next one is made, as soon as the engine is free.
      const preparing: Promise<Prepared | null> = present.sound.made.then(() => this.#prepareNext(signal));
      const failure = await this.#play(present.sound, signal, starting);
      ahead = await preparing;
      if (signal.aborted) return;
      if (failure === null) continue;
      if (ahead) this.#queue.unshift(ahead.sentence);
      ahead = null;
      if (!this.#repeats(failure, present.sentence)) return await this.#giveUp(signal);
    }
  }

  /** Writes a sentence to the playout. Returns what stopped it, or null. */
  async #play(sound: PreparedSentence, signal: AbortSignal, starting: () => void): Promise<unknown> {
    const startMs = this.#playout.writtenMs;
    this.#spoken.push({ sound, startMs });
    this.#listener.speaking?.(sound.text, startMs);
    try {
      for await (const block of sound) {
        const written = this.#playout.write(block.samples, block.sampleRate, signal);
        starting();
        await written;
      }
      return null;
    } catch (error) {
      return error ?? new Error('The playout ended.');
    }
  }

  /** Resolves true when the person has heard everything and nothing was added meanwhile. */
  async #allHeard(signal: AbortSignal): Promise<boolean> {
    await this.#playout.drained(signal).catch(() => {});
    return !signal.aborted && this.#queue.length === 0;
  }

  /** What was made before the voice was lost for good is still heard to its end. */
  async #giveUp(signal: AbortSignal): Promise<void> {
    this.#queue = [];
    await this.#playout.drained(signal).catch(() => {});
    if (!signal.aborted) this.#end(true);
  }

  /** A crashed synthesiser costs an apology and a repetition; a second crash ends the reply. */
  #repeats(error: unknown, sentence: Sentence): boolean {
    const repeating = hasCode(error, 'speech/engine-crashed') && !sentence.repeated;
    if (repeating) {
      this.#queue.unshift({ text: LOST_VOICE, repeated: true }, { text: sentence.text, repeated: true });
    }
    this.#listener.broke(codeOf(error), repeating);
    return repeating;
  }

  #prepareNext(signal: AbortSignal): Prepared | null {
    if (signal.aborted) return null;
    const sentence = this.#queue.shift();
    if (!sentence) return null;
    const ready = this.#foreseen.take(sentence.text, signal);
    return {
      sentence,
      sound: ready ?? new PreparedSentence(this.#synthesiser, this.#voice, sentence.text, signal),
    };
  }

  #end(interrupted: boolean): void {
    const heard = heardOf(this.#spoken, interrupted ? this.#playout.flush() : this.#playout.heardMs);
    this.#reply?.abort(new DOMException('The reply ended.', 'AbortError'));
    this.#reply = null;
    this.#queue = [];
    this.#spoken = [];
    this.#listener.finished(heard, interrupted);
  }
}

function once(text: string): Sentence {
  return { text, repeated: false };
}
