/**
 * When does the person start to speak, and when have they finished? A pure state machine over VAD probabilities:
 * no timers, no audio, so that every decision can be replayed.
 */
import type { Finish } from './finish.ts';

/** VAD probability at which speech is believed to begin, and below which a pause is believed to go on. */
const SPEECH_STARTS = 0.5;
const SPEECH_GOES_ON = 0.35;
/** Enough to hold one's tongue for a moment: being wrong costs a breath, being late costs talking over somebody. */
const SPEECH_STIRS = 0.25;
/** Speech must last this long to count: shorter is a click, a cough, a door. */
const SHORTEST_SPEECH_MS = 96;
/** An utterance is ended here whatever is said, so that a radio in the room cannot hold the ear for ever. */
const LONGEST_UTTERANCE_MS = 30_000;

/** Pauses of the desk pack's `turnTaking`, milliseconds. */
export interface Pauses {
  /** Ends the answer that was asked for, where it is of a kind that is whole or is not: six digits, a choice. */
  readonly answeredMs: number;
  /** Ends an utterance to which nothing can be added, or one thing that can be done without. */
  readonly completeMs: number;
  /** Ends one that can stand as it is, though several things could follow. */
  readonly wholeMs: number;
  /** Ends one of which that is not clear. */
  readonly incompleteMs: number;
  /** Ends one that breaks off in the middle of a number or a thought. */
  readonly thinkingMs: number;
  /** After so much of a pause a complete answer is likely to be over: the reply is got ready. */
  readonly eagerMs: number;
}

export type EndpointDecision =
  | { readonly kind: 'none' }
  /** Speech may be beginning: enough to hold one's tongue. */
  | { readonly kind: 'stir' }
  /** It was none. */
  | { readonly kind: 'calm' }
  /** Speech has begun, `agoMs` before the end of this frame. */
  | { readonly kind: 'start'; readonly agoMs: number }
  /** The utterance is likely to be over: told once in a pause. */
  | { readonly kind: 'likely' }
  /** It was not: the person goes on. */
  | { readonly kind: 'goesOn' }
  /** The utterance is over; its last speech was `pauseMs` ago. */
  | { readonly kind: 'end'; readonly pauseMs: number };

const NONE: EndpointDecision = { kind: 'none' };

/** One utterance after another; feed it each VAD frame in order. */
export class Endpointer {
  readonly #pauses: Pauses;
  readonly #frameMs: number;
  #speaking = false;
  #speechMs = 0;
  #pauseMs = 0;
  #utteranceMs = 0;
  #likely = false;
  #stirred = false;

  constructor(pauses: Pauses, frameMs: number) {
    this.#pauses = pauses;
    this.#frameMs = frameMs;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /**
   * @param probability of speech in this frame, 0..1
   * @param finish how finished what was recognised so far is
   */
  accept(probability: number, finish: Finish): EndpointDecision {
    return this.#speaking ? this.#during(probability, finish) : this.#before(probability);
  }

  reset(): void {
    this.#speaking = false;
    this.#speechMs = 0;
    this.#pauseMs = 0;
    this.#utteranceMs = 0;
    this.#likely = false;
    this.#stirred = false;
  }

  #before(probability: number): EndpointDecision {
    const stirred = this.#stirred;
    this.#speechMs = probability >= SPEECH_STARTS ? this.#speechMs + this.#frameMs : 0;
    if (this.#speechMs < SHORTEST_SPEECH_MS) {
      this.#stirred = probability >= SPEECH_STIRS;
      if (this.#stirred === stirred) return NONE;
      return { kind: this.#stirred ? 'stir' : 'calm' };
    }
    this.#stirred = false;
    this.#speaking = true;
    this.#utteranceMs = this.#speechMs;
    this.#pauseMs = 0;
    return { kind: 'start', agoMs: this.#speechMs };
  }

  #during(probability: number, finish: Finish): EndpointDecision {
    this.#utteranceMs += this.#frameMs;
    this.#pauseMs = probability >= SPEECH_GOES_ON ? 0 : this.#pauseMs + this.#frameMs;
    if (this.#lasts(this.#enough(finish)) || this.#utteranceMs >= LONGEST_UTTERANCE_MS) {
      const pauseMs = this.#pauseMs;
      this.reset();
      return { kind: 'end', pauseMs };
    }
    const likely = this.#lasts(this.#likelyAfter(finish));
    if (likely === this.#likely || (!likely && this.#pauseMs > 0)) return NONE;
    this.#likely = likely;
    return { kind: likely ? 'likely' : 'goesOn' };
  }

  /** To the nearest frame: rounded up, a pause of 260 ms would be one of 288. */
  #lasts(ms: number): boolean {
    return this.#pauseMs > 0 && this.#pauseMs + this.#frameMs / 2 > ms;
  }

  /** A surer end never takes longer than one that is less sure, whatever the pack says. */
  #enough(finish: Finish): number {
    const { answeredMs, completeMs, wholeMs, incompleteMs, thinkingMs } = this.#pauses;
    switch (finish) {
      case 'answered':
        return Math.min(answeredMs, completeMs);
      case 'complete':
        return completeMs;
      case 'whole':
        return Math.min(Math.max(completeMs, wholeMs), incompleteMs);
      case 'open':
        return incompleteMs;
      case 'midThought':
        return Math.max(incompleteMs, thinkingMs);
    }
  }

  /** Of what is not clear, half the pause must be over before anybody bets on its end. */
  #likelyAfter(finish: Finish): number {
    const clear = finish !== 'open' && finish !== 'midThought';
    return clear ? this.#pauses.eagerMs : this.#enough(finish) / 2;
  }
}
