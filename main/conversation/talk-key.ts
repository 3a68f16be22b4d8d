/** After the key is released people are still ending their last word. */
const TAIL_MS = 200;
/** A key that is held longer has something lying on it. */
const LONGEST_MS = 30_000;

/** The key of push-to-talk, followed as the sound comes in. */
export class TalkKey {
  #state: 'up' | 'down' | 'released' = 'up';
  #releasedMs = 0;

  press(down: boolean): void {
    if (down) this.#state = 'down';
    else if (this.#state === 'down') this.#state = 'released';
    this.#releasedMs = 0;
  }

  reset(): void {
    this.#state = 'up';
    this.#releasedMs = 0;
  }

  /**
   * What so many milliseconds of sound more mean: an utterance begins, or has ended so long ago.
   * @param openMs how long the utterance that is being heard has been; null: there is none.
   */
  follow(soundMs: number, openMs: number | null): { begins: true } | { endedAgoMs: number } | null {
    if (this.#state === 'up') return null;
    if (this.#state === 'down') {
      if (openMs === null) return { begins: true };
      if (openMs >= LONGEST_MS) this.#state = 'released';
      return null;
    }
    this.#releasedMs += soundMs;
    if (this.#releasedMs < TAIL_MS) return null;
    const endedAgoMs = this.#releasedMs;
    this.reset();
    return { endedAgoMs };
  }
}
