import { z } from 'zod';
import { newId, SottoError } from '../../base/index.ts';
import type { VoiceActivityDetector, VoiceActivityStream } from '../engines.ts';
import type { SupervisedWorker } from '../workers/supervisor.ts';

const FRAME = 512;
/** Frames in one message: 4 seconds. */
const MOST_FRAMES = 128;
/** Samples that may wait for their probabilities: 60 seconds. */
const MOST_WAITING = 16_000 * 60;
const probabilitiesSchema = z.array(z.number());

/** Silero VAD behind a supervised worker. */
export function voiceActivityDetector(worker: SupervisedWorker): VoiceActivityDetector {
  return {
    engine: 'silero-vad-6',
    open: async () => {
      await worker.start();
      return new Stream(worker);
    },
    close: () => worker.close(),
  };
}

class Stream implements VoiceActivityStream {
  readonly #worker: SupervisedWorker;
  readonly #id = newId();
  /** Less than a frame, waiting for the rest of it. */
  #rest: Float32Array = new Float32Array(0);
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(worker: SupervisedWorker) {
    this.#worker = worker;
  }

  async write(samples: Float32Array): Promise<readonly number[]> {
    if (this.#closed) throw new SottoError('speech/closed', 'The voice activity stream is closed.');
    if (this.#waiting + samples.length > MOST_WAITING) {
      throw new SottoError('speech/engine-busy', 'Sound comes in faster than voice activity can be told.');
    }
    const sound = joined(this.#rest, samples);
    const whole = sound.length - (sound.length % FRAME);
    this.#rest = sound.slice(whole);
    if (whole === 0) return [];
    this.#waiting += whole;
    const answer = this.#queue.then(() => this.#probabilities(sound.subarray(0, whole)));
    this.#queue = answer.catch(() => {});
    try {
      return await answer;
    } finally {
      this.#waiting -= whole;
    }
  }

  reset(): void {
    this.#rest = new Float32Array(0);
    this.#queue = this.#queue.then(() =>
      this.#worker.cast('reset', { stream: this.#id }, this.#worker.generation),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue;
    this.#worker.cast('close', { stream: this.#id }, this.#worker.generation);
  }

  /** A fresh worker simply starts from a fresh state: the VAD needs a few frames to be itself again. */
  async #probabilities(sound: Float32Array): Promise<number[]> {
    const found: number[] = [];
    for (let at = 0; at < sound.length; at += FRAME * MOST_FRAMES) {
      const samples = sound.subarray(at, at + FRAME * MOST_FRAMES);
      found.push(...(await this.#worker.call('frames', { stream: this.#id, samples }, probabilitiesSchema)));
    }
    return found;
  }
}

function joined(left: Float32Array, right: Float32Array): Float32Array {
  if (left.length === 0) return right;
  const both = new Float32Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
