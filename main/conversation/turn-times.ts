import type { EventBody } from './event-stream.ts';

type Timing = Extract<EventBody, { type: 'timing' }>;

/** Epoch ms: when the person stopped, when that was decided, when it was known what they said. */
export interface HeardAt {
  /** Null when the person typed or clicked. */
  readonly speechEndedAt: number | null;
  readonly endpointAt: number | null;
  readonly finalAt: number;
}

/** Where the time of one turn goes; told once, at the first sound of its reply. */
export class TurnTimes {
  readonly #heard: HeardAt;
  #replyAt: number | null = null;
  #told = false;

  constructor(heard: HeardAt) {
    this.#heard = heard;
  }

  /** The first words of the reply are known. */
  replied(at: number): void {
    this.#replyAt ??= at;
  }

  /**
   * The reply begins to be heard, or to be seen where nothing is spoken (`audible` false).
   * @returns the event that tells it; null when it was told before or no reply is known.
   */
  sounded(at: number, audible: boolean): Timing | null {
    if (this.#told || this.#replyAt === null) return null;
    this.#told = true;
    const { speechEndedAt, endpointAt, finalAt } = this.#heard;
    const from = speechEndedAt ?? finalAt;
    const since = (time: number) => Math.max(0, Math.round(time - from));
    return {
      type: 'timing',
      endpointMs: endpointAt === null ? null : since(endpointAt),
      finalMs: speechEndedAt === null ? null : since(finalAt),
      replyMs: since(this.#replyAt),
      firstAudioMs: audible ? since(at) : null,
    };
  }
}
