import { type AudioFrame, type Level, levelOf } from '../media/index.ts';

/** Ten readings a second are enough for an eye. */
const READING_MS = 100;
const SILENCE_DB = -100;

/** Loudness over the last reading, and over all that was added. */
export class LevelMeter {
  readonly #whole = new Sum();
  #reading = new Sum();
  #readMs = 0;

  /** Returns a reading each 100 ms of sound, else null. */
  add(frame: AudioFrame): Level | null {
    const level = levelOf(frame.samples);
    this.#whole.add(level, frame.samples.length);
    this.#reading.add(level, frame.samples.length);
    this.#readMs += (frame.samples.length / frame.sampleRate) * 1000;
    if (this.#readMs < READING_MS) return null;
    const reading = this.#reading.level;
    this.#reading = new Sum();
    this.#readMs = 0;
    return reading;
  }

  /** Loudness of everything so far. */
  get whole(): Level {
    return this.#whole.level;
  }
}

/** Automatic gain touches full scale now and then: only a share of clipped blocks is a voice that is too loud. */
const CLIPPED_SHARE = 0.1;

/** Levels of blocks of sound, put together. */
class Sum {
  #energy = 0;
  #samples = 0;
  #peakDb = SILENCE_DB;
  #blocks = 0;
  #clippedBlocks = 0;

  add(level: Level, samples: number): void {
    if (level.rmsDb > SILENCE_DB) this.#energy += 10 ** (level.rmsDb / 10) * samples;
    this.#samples += samples;
    this.#peakDb = Math.max(this.#peakDb, level.peakDb);
    this.#blocks += 1;
    if (level.clipped) this.#clippedBlocks += 1;
  }

  get level(): Level {
    const power = this.#samples > 0 ? this.#energy / this.#samples : 0;
    const rmsDb = power > 0 ? Math.max(SILENCE_DB, 10 * Math.log10(power)) : SILENCE_DB;
    const clipped = this.#clippedBlocks > this.#blocks * CLIPPED_SHARE;
    return { rmsDb, peakDb: this.#peakDb, clipped };
  }
}
