import { Framer, type SoundFrame } from './frames.ts';
import { measure, type SoundMeasures } from './measures.ts';
import { TraceMeter } from './trace.ts';

/** An utterance that goes on longer is measured up to here: half a minute of frames. */
const MOST_FRAMES = 1_875;
/** Counts towards the long-term spectrum, dBFS. */
const AUDIBLE_DB = -50;

/** Collects what is measured of one utterance of one sample rate; bounded. */
export class Collector {
  readonly sampleRate: number;
  readonly #framer: Framer;
  readonly #trace: TraceMeter;
  readonly #frames: SoundFrame[] = [];
  #logs: Float64Array | null = null;
  #logged = 0;

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
    this.#framer = new Framer(sampleRate);
    this.#trace = new TraceMeter(sampleRate);
  }

  push(samples: Float32Array): void {
    if (this.#frames.length >= MOST_FRAMES) return;
    this.#trace.push(samples);
    this.#framer.push(samples, (frame, power) => this.#take(frame, power));
  }

  get frames(): readonly SoundFrame[] {
    return this.#frames;
  }

  get measures(): SoundMeasures {
    const mean = this.#logs?.map((sum) => sum / this.#logged) ?? null;
    return measure(this.#frames, this.#trace.read(), mean, this.#framer.binHz);
  }

  #take(frame: SoundFrame, power: Float32Array): void {
    this.#frames.push(frame);
    if (frame.db < AUDIBLE_DB) return;
    this.#logs ??= new Float64Array(power.length);
    this.#logged += 1;
    for (let bin = 0; bin < power.length; bin += 1) {
      this.#logs[bin] = (this.#logs[bin] as number) + Math.log(Math.max(1e-14, power[bin] as number));
    }
  }
}
