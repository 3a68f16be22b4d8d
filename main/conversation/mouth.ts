import { codeOf, hasCode } from '../base/index.ts';
import type { Playout } from '../media/index.ts';
import type { Synthesiser, Voice } from '../speech/index.ts';
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

/** A sentence on the playout's clock. */
interface Spoken {
  readonly sentence: PreparedSentence;
  readonly startMs: number;
}

export interface MouthListener {
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
  #paused = false;

  constructor(playout: Playout, synthesiser: Synthesiser, voice: Voice, listener: MouthListener) {
    this.#playout = playout;
    this.#synthesiser = synthesiser;
    this.#voice = voice;
    this.#listener = listener;
  }

  get speaking(): boolean {
    return this.#reply !== null;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Adds to what is being said, or begins to speak. */
  say(text: string): void {
    const room = MOST_SENTENCES - this.#queue.length;
    this.#queue.push(...sentencesOf(text).slice(0, room).map(once));
    if (this.#reply || this.#queue.length === 0) return;
    this.#reply = new AbortController();
    void this.#speak(this.#reply.signal);
  }

  /** Holds the sound where it is; `resume` goes on from there. */
  pause(): void {
    if (!this.speaking || this.#paused) return;
    this.#paused = true;
    this.#playout.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#playout.resume();
  }

  /** Stops at once, at the playout, and reports what was heard. */
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
      if (signal.aborted) return;
      ahead = await preparing;
      if (failure === null) continue;
      if (!this.#repeats(failure, present.sentence)) return this.#end(true);
      if (ahead) this.#queue.splice(2, 0, ahead.sentence);
      ahead = null;
    }
  }

  /** Writes a sentence to the playout. Returns what stopped it, or null. */
  async #play(sound: PreparedSentence, signal: AbortSignal, starting: () => void): Promise<unknown> {
    this.#spoken.push({ sentence: sound, startMs: this.#playout.writtenMs });
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
    const sentence = this.#queue.shift();
    if (!sentence) return null;
    return { sentence, sound: new PreparedSentence(this.#synthesiser, this.#voice, sentence.text, signal) };
  }

  #end(interrupted: boolean): void {
    const heard = interrupted
      ? heardBy(this.#spoken, this.#playout.flush())
      : this.#spoken.map(({ sentence }) => sentence.text).join(' ');
    this.#reply?.abort(new DOMException('The reply ended.', 'AbortError'));
    this.#reply = null;
    this.#queue = [];
    this.#spoken = [];
    this.resume();
    this.#listener.finished(heard, interrupted);
  }
}

interface Prepared {
  readonly sentence: Sentence;
  readonly sound: PreparedSentence;
}

function once(text: string): Sentence {
  return { text, repeated: false };
}

/** Whole sentences that were heard, and of the one that was cut the words in proportion to its time. */
function heardBy(spoken: readonly Spoken[], heardMs: number): string {
  return spoken
    .map(({ sentence, startMs }) => {
      const share = Math.min(1, Math.max(0, (heardMs - startMs) / Math.max(1, sentence.madeMs)));
      const words = sentence.text.split(' ');
      return words.slice(0, Math.floor(words.length * share)).join(' ');
    })
    .filter((text) => text.length > 0)
    .join(' ');
}
