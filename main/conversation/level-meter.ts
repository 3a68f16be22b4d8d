import { type AudioFrame, type Level, levelOf } from '../media/index.ts';

/** Ten readings a second are enough for an eye. */
const READING_MS = 100;

/** Loudness over the last reading, and over all that was added. */
export class LevelMeter {
  #blocks: Float32Array[] = [];
  #heldMs = 0;
  #energy = 0;
  #samples = 0;
  #peakDb = -100;
  #clipped = false;

  /** Returns a reading each 100 ms of sound, else null. */
  add(frame: AudioFrame): Level | null {
    this.#blocks.push(frame.samples);
    this.#heldMs += (frame.samples.length / frame.sampleRate) * 1000;
    if (this.#heldMs < READING_MS) return null;
    const sound = Float32Array.from(this.#blocks.flatMap((block) => [...block]));
    this.#blocks = [];
    this.#heldMs = 0;
    const level = levelOf(sound);
    this.#energy += 10 ** (level.rmsDb / 10) * sound.length;
    this.#samples += sound.length;
    this.#peakDb = Math.max(this.#peakDb, level.peakDb);
    this.#clipped ||= level.clipped;
    return level;
  }

  /** Loudness of everything so far, to the last full reading. */
  get whole(): Level {
    const rmsDb = this.#samples > 0 ? Math.max(-100, 10 * Math.log10(this.#energy / this.#samples)) : -100;
    return { rmsDb, peakDb: this.#peakDb, clipped: this.#clipped };
  }
}
