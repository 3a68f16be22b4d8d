import type { AudioFrame } from '../sound.ts';

/** What an ear heard without a gap. */
export interface Heard {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** When its first sample was captured, epoch milliseconds. */
  readonly startedAt: number;
}

/** More than any step of a sound check takes. */
const MOST_MS = 20_000;

/** Keeps the frames of one step of a sound check, in bounded memory. */
export class DeskEar {
  #frames: AudioFrame[] = [];
  #ms = 0;
  #listening = false;
  #wake: (() => void) | null = null;
  #ended = false;

  /** Frames in order, as the endpoint gives them. */
  push(frame: AudioFrame): void {
    if (!this.#listening || this.#ms >= MOST_MS) return;
    this.#frames.push(frame);
    this.#ms += (frame.samples.length * 1000) / frame.sampleRate;
    this.#wake?.();
  }

  /** No more frames will come. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Forgets what was heard and listens from now on. */
  begin(): void {
    this.#frames = [];
    this.#ms = 0;
    this.#listening = true;
  }

  /** Resolves with all that was heard since `begin` when that is so long; with less when no more comes. */
  async heard(ms: number, signal?: AbortSignal): Promise<Heard> {
    const wake = () => this.#wake?.();
    signal?.addEventListener('abort', wake);
    try {
      while (this.#ms < Math.min(ms, MOST_MS) && !this.#ended) {
        signal?.throwIfAborted();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener('abort', wake);
    }
    return joined(this.#frames);
  }

  stop(): void {
    this.#listening = false;
    this.#frames = [];
  }
}

function joined(frames: readonly AudioFrame[]): Heard {
  const sampleRate = frames[0]?.sampleRate ?? 48_000;
  const samples = new Float32Array(frames.reduce((length, frame) => length + frame.samples.length, 0));
  const starts: number[] = [];
  let at = 0;
  for (const frame of frames) {
    samples.set(frame.samples, at);
    starts.push(frame.capturedAt - (at * 1000) / sampleRate);
    at += frame.samples.length;
  }
  // Frames arrive early and late; the stretch as a whole began when most of them say it did.
  const startedAt = starts.sort((a, b) => a - b)[Math.floor(starts.length / 2)] ?? 0;
  return { samples, sampleRate, startedAt };
}
