import { type Clock, Emitter, systemClock } from '../base/index.ts';
import { Resampler } from './resample.ts';
import type { Playout } from './sound.ts';

/** Sound accepted beyond what is audible: enough to ride out a slow moment, little enough to stop quickly. */
const AHEAD_MS = 200;
/** Sound is taken in slices of this length as room appears, however long the block that is written. */
const SLICE_MS = 20;

/** A stretch of sound handed to the carrier: audible from `from` to `to` on the clock, positions in milliseconds. */
interface Handed {
  readonly samples: Float32Array;
  readonly from: number;
  readonly to: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A `write` under way. */
interface Writing {
  readonly samples: Float32Array;
  at: number;
  readonly done: () => void;
}

interface Waiting {
  readonly resolve: () => void;
}

/**
 * The playout of every carrier: a bounded queue at the carrier's rate, from which the carrier takes a frame
 * whenever its own clock asks for one, and an account of when each frame is heard.
 *
 * `flush` leaves `writtenMs` where it is: what was dropped keeps its positions, and `heardMs` passes over them
 * when the first sound after it is heard. What the carrier already holds at a flush (its latency) cannot be
 * taken back and is not counted as heard.
 */
export class PlayoutQueue implements Playout {
  readonly sampleRate: number;
  readonly #clock: Clock;
  readonly #latencyMs: () => number;
  readonly #slices: Float32Array[] = [];
  #sliceOffset = 0;
  #queued = 0;
  /** Position, in samples, of the next sample accepted and of the next handed over. */
  #accepted = 0;
  #position = 0;
  #handed: Handed[] = [];
  #heardMs = 0;
  #writing: Writing[] = [];
  #draining: Waiting[] = [];
  #drainTimer: NodeJS.Timeout | undefined;
  #resampler: Resampler | undefined;
  readonly #taps = new Emitter<Float32Array>();
  #paused = false;
  #closed = false;

  /** @param latencyMs time between a frame being taken and its first sample reaching the ear; may change. */
  constructor(sampleRate: number, latencyMs: () => number, clock: Clock = systemClock) {
    this.sampleRate = sampleRate;
    this.#latencyMs = latencyMs;
    this.#clock = clock;
  }

  get writtenMs(): number {
    return this.#toMs(this.#accepted);
  }

  get heardMs(): number {
    this.#account();
    return this.#heardMs;
  }

  write(samples: Float32Array, sampleRate: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#closed) return resolve();
      const writing: Writing = {
        samples: this.#atCarrierRate(samples, sampleRate),
        at: 0,
        done: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = () => {
        this.#writing = this.#writing.filter((other) => other !== writing);
        this.#settle();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#writing.push(writing);
      this.#accept();
    });
  }

  pause({ silenced = false }: { readonly silenced?: boolean } = {}): void {
    if (silenced) this.#takeBack();
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  flush(): number {
    this.#account();
    this.#clear();
    return this.#heardMs;
  }

  drained(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const waiting: Waiting = {
        resolve: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = () => {
        this.#draining = this.#draining.filter((other) => other !== waiting);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#draining.push(waiting);
      if (this.#writing.length === 0) this.#endStretch();
      this.#settle();
    });
  }

  /**
   * The carrier's side: the next frame of exactly `length` samples, the last one padded with zeros; null when there is
   * nothing to play (nothing was written, or paused) and the carrier sends its own silence.
   */
  take(length: number): Float32Array | null {
    const frame = this.#next(length);
    this.#taps.emit(frame ?? new Float32Array(length));
    return frame;
  }

  tap(listener: (samples: Float32Array, sampleRate: number) => void): () => void {
    return this.#taps.on((samples) => listener(samples, this.sampleRate));
  }

  #next(length: number): Float32Array | null {
    if (this.#paused || this.#closed) return null;
    if (this.#queued < length && this.#writing.length === 0) this.#endStretch();
    if (this.#queued === 0) return null;
    const frame = new Float32Array(length);
    const filled = this.#fill(frame);
    const now = this.#clock.monotonicMs() + this.#latencyMs();
    const fromMs = this.#toMs(this.#position);
    this.#position += filled;
    // Frames taken in a burst (a carrier that catches up) still sound one after the other.
    const from = Math.max(now, this.#handed.at(-1)?.to ?? 0);
    const toMs = this.#toMs(this.#position);
    const samples = frame.subarray(0, filled);
    this.#handed.push({ samples, from, to: from + (toMs - fromMs), fromMs, toMs });
    this.#accept();
    this.#settle();
    return frame;
  }

  /** Drops everything and lets every waiting call go. Later writes are swallowed. */
  close(): void {
    this.#account();
    this.#closed = true;
    this.#clear();
  }

  /** Queues again what was handed over and not heard to its end: as much as the carrier's latency holds. */
  #takeBack(): void {
    this.#account();
    const back = this.#handed.splice(0).map(({ samples }) => samples);
    if (back.length === 0) return;
    const [first] = this.#slices;
    if (first) this.#slices[0] = first.subarray(this.#sliceOffset);
    this.#sliceOffset = 0;
    this.#slices.unshift(...back);
    const length = back.reduce((sum, samples) => sum + samples.length, 0);
    this.#queued += length;
    this.#position -= length;
  }

  /** Takes slices of what is being written while there is room. */
  #accept(): void {
    const slice = Math.round((this.sampleRate * SLICE_MS) / 1000);
    for (let writing = this.#writing[0]; writing; writing = this.#writing[0]) {
      while (writing.at < writing.samples.length && this.#hasRoom()) {
        const part = writing.samples.subarray(writing.at, writing.at + slice);
        writing.at += part.length;
        this.#enqueue(part);
      }
      if (writing.at < writing.samples.length) return;
      // Accepted whole: the writer goes on as soon as it is, since the queue itself is what is bounded.
      this.#writing.shift();
      writing.done();
    }
  }

  #hasRoom(): boolean {
    return this.#toMs(this.#queued) < AHEAD_MS;
  }

  #enqueue(samples: Float32Array): void {
    if (samples.length === 0) return;
    this.#slices.push(samples);
    this.#queued += samples.length;
    this.#accepted += samples.length;
  }

  #fill(frame: Float32Array): number {
    let filled = 0;
    for (let slice = this.#slices[0]; slice && filled < frame.length; slice = this.#slices[0]) {
      const part = slice.subarray(this.#sliceOffset, this.#sliceOffset + frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      this.#sliceOffset += part.length;
      if (this.#sliceOffset < slice.length) break;
      this.#slices.shift();
      this.#sliceOffset = 0;
    }
    this.#queued -= filled;
    return filled;
  }

  #atCarrierRate(samples: Float32Array, sampleRate: number): Float32Array {
    const before = this.#resampler;
    if (before?.fromRate === sampleRate) return before.push(samples).slice();
    this.#resampler = new Resampler(sampleRate, this.sampleRate);
    return joined(before?.flush() ?? new Float32Array(0), this.#resampler.push(samples));
  }

  /** The filter's last milliseconds, when no more sound follows for now. */
  #endStretch(): void {
    const tail = this.#resampler?.flush();
    if (tail) this.#enqueue(tail);
  }

  #clear(): void {
    this.#resampler?.flush();
    this.#slices.length = 0;
    this.#sliceOffset = 0;
    this.#queued = 0;
    this.#position = this.#accepted;
    this.#handed = [];
    for (const writing of this.#writing.splice(0)) writing.done();
    this.#settle();
  }

  /** Moves `heardMs` up to now. */
  #account(): void {
    const now = this.#clock.monotonicMs();
    for (let first = this.#handed[0]; first && first.from <= now; first = this.#handed[0]) {
      const part = first.to > first.from ? Math.min(1, (now - first.from) / (first.to - first.from)) : 1;
      // A frame that was taken back half heard begins anew: the person has not heard less for that.
      this.#heardMs = Math.max(this.#heardMs, first.fromMs + part * (first.toMs - first.fromMs));
      if (part < 1) return;
      this.#handed.shift();
    }
  }

  /** Lets those who wait for the end go, or looks again when the last frame will have been heard. */
  #settle(): void {
    this.#account();
    if (this.#draining.length === 0 || this.#queued > 0 || this.#writing.length > 0) return;
    const last = this.#handed.at(-1);
    if (last === undefined) {
      for (const waiting of this.#draining.splice(0)) waiting.resolve();
      return;
    }
    clearTimeout(this.#drainTimer);
    this.#drainTimer = setTimeout(() => this.#settle(), Math.max(1, last.to - this.#clock.monotonicMs()));
  }

  #toMs(samples: number): number {
    return (samples * 1000) / this.sampleRate;
  }
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const whole = new Float32Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
