/** Louder than the room by so much is no room any more: dB. */
const ABOVE_ROOM_DB = 15;
/** Never believed below this: dBFS. */
const LEAST_DB = -50;
/** Frames of 10 ms in a row: a key that is struck is over sooner. */
const LOUD_FRAMES = 3;
/** Silence before an onset, in frames: within speech there is none. */
const QUIET_FRAMES = 20;
/** How fast the room is believed to have become louder: dB a frame. */
const ROOM_RISES_DB = 0.05;
/** After each stir that was no speech it must be so much louder, and after so many of them nothing counts: dB. */
const DOUBT_DB = 6;
const MOST_DOUBT_DB = 18;

/**
 * Hears that somebody may be beginning to speak, from nothing but loudness: in 30 ms, where the appliance, which listens
 * to what is said, takes a hundred. A room that fools it (keys, a clinic's trolley, an echo that is not taken out) makes
 * it harder to fool, and in the end deaf; the appliance's own ears do not depend on it.
 */
export class OnsetMeter {
  #roomDb = 0;
  #loud = 0;
  #quiet = 0;
  #doubtDb = 0;

  /** @returns true when with this frame (10 ms, its level in dBFS) somebody may have begun to speak. */
  add(levelDb: number): boolean {
    const least = Math.max(this.#roomDb + ABOVE_ROOM_DB, LEAST_DB) + this.#doubtDb;
    this.#roomDb = Math.min(levelDb, this.#roomDb + ROOM_RISES_DB);
    if (levelDb < least) {
      this.#quiet += 1;
      this.#loud = 0;
      return false;
    }
    this.#loud += 1;
    if (this.#loud < LOUD_FRAMES) return false;
    const begins = this.#quiet >= QUIET_FRAMES && this.#doubtDb < MOST_DOUBT_DB;
    this.#quiet = 0;
    return begins;
  }

  /** What was told was speech, or was not. */
  judge(speech: boolean): void {
    this.#doubtDb = speech ? 0 : Math.min(MOST_DOUBT_DB, this.#doubtDb + DOUBT_DB);
  }
}
