/**
 * When does the person start to speak, and when have they finished? A pure state machine over VAD probabilities:
 * no timers, no audio, so that every decision can be replayed.
 */

/** VAD probability at which speech is believed to begin, and below which a pause is believed to go on. */
const SPEECH_STARTS = 0.5;
const SPEECH_GOES_ON = 0.35;
/** Speech must last this long to count: shorter is a click, a cough, a door. */
const SHORTEST_SPEECH_MS = 96;
/** An utterance is ended here whatever is said, so that a radio in the room cannot hold the ear for ever. */
const LONGEST_UTTERANCE_MS = 30_000;

export interface Pauses {
  /** Pause that ends an utterance which is a complete answer, milliseconds. */
  readonly completeMs: number;
  /** Pause that ends any other utterance. */
  readonly incompleteMs: number;
}

export type EndpointDecision =
  | { readonly kind: 'none' }
  /** Speech has begun, `agoMs` before the end of this frame. */
  | { readonly kind: 'start'; readonly agoMs: number }
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

  constructor(pauses: Pauses, frameMs: number) {
    this.#pauses = pauses;
    this.#frameMs = frameMs;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /**
   * @param probability of speech in this frame, 0..1
   * @param complete whether what was recognised so far is a complete answer
   */
  accept(probability: number, complete: boolean): EndpointDecision {
    return this.#speaking ? this.#during(probability, complete) : this.#before(probability);
  }

  reset(): void {
    this.#speaking = false;
    this.#speechMs = 0;
    this.#pauseMs = 0;
    this.#utteranceMs = 0;
  }

  #before(probability: number): EndpointDecision {
    this.#speechMs = probability >= SPEECH_STARTS ? this.#speechMs + this.#frameMs : 0;
    if (this.#speechMs < SHORTEST_SPEECH_MS) return NONE;
    this.#speaking = true;
    this.#utteranceMs = this.#speechMs;
    this.#pauseMs = 0;
    return { kind: 'start', agoMs: this.#speechMs };
  }

  #during(probability: number, complete: boolean): EndpointDecision {
    this.#utteranceMs += this.#frameMs;
    this.#pauseMs = probability >= SPEECH_GOES_ON ? 0 : this.#pauseMs + this.#frameMs;
    const enough = complete ? this.#pauses.completeMs : this.#pauses.incompleteMs;
    if (this.#pauseMs < enough && this.#utteranceMs < LONGEST_UTTERANCE_MS) return NONE;
    const pauseMs = this.#pauseMs;
    this.reset();
    return { kind: 'end', pauseMs };
  }
}
