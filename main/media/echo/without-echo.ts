import { type Clock, systemClock } from '../../base/index.ts';
import { Resampler } from '../resample.ts';
import { type AudioFrame, MOST_WAITING_FRAMES, type Playout, type SoundEndpoint } from '../sound.ts';
import { EchoCanceller, type EchoState } from './echo-canceller.ts';
import { BLOCK } from './echo-path.ts';

/** What the canceller works at: Hz. */
const RATE = 16_000;
/** Played sound that is kept: as long as frames of the microphone may wait, and a second and a half. */
const KEPT = (RATE * (MOST_WAITING_FRAMES * 20 + 1_500)) / 1000;
/** The microphone is taken to lag this far behind the speaker, so that jitter never asks for what is not played yet. */
const MARGIN = (RATE * 40) / 1000;
/** A lag that strays further than this, for so many frames, has a new reason (frames were lost, clocks drift). */
const STRAYED = (RATE * 120) / 1000;
const STRAYED_FRAMES = 25;

/** A microphone without the agent's own voice in it. */
export interface EcholessMicrophone {
  /** Frames of 16 ms at 16 kHz. One consumer. */
  frames(): AsyncIterable<AudioFrame>;
  readonly echo: EchoState;
  /** Stops following what is played. */
  close(): void;
}

/**
 * The microphone of an endpoint, with what comes back from its speaker taken out; as it is where the carrier cannot tell
 * what it plays. `speaker`: an echo is to be expected, and the microphone is closed until it is clear how it comes back.
 * Without a word about it, that is so for a device and not for a browser, which takes echoes out itself, nor for a
 * recording, which is said into no room.
 */
export function withoutEcho(
  endpoint: SoundEndpoint,
  clock: Clock = systemClock,
  speaker = endpoint.kind === 'device',
): EcholessMicrophone {
  const { tap } = endpoint.playout;
  if (tap) return new Echoless(endpoint, clock, tap.bind(endpoint.playout), speaker);
  const echo: EchoState = { kind: 'free', removedDb: 0, delayMs: 0 };
  return { frames: () => endpoint.frames(), echo, close: () => {} };
}

class Echoless implements EcholessMicrophone {
  readonly #endpoint: SoundEndpoint;
  readonly #clock: Clock;
  readonly #canceller: EchoCanceller;
  readonly #stop: () => void;
  readonly #played = new Float32Array(KEPT);
  #playedResampler: Resampler | null = null;
  #heardResampler: Resampler | null = null;
  /** Samples played and heard so far, and what to add to the one to find the other. */
  #playedCount = 0;
  /** Epoch ms when the newest was handed over. */
  #playedAtMs = 0;
  #heardCount = 0;
  #offset: number | null = null;
  #strayed = 0;
  readonly #block = new Float32Array(BLOCK);
  #filled = 0;

  constructor(endpoint: SoundEndpoint, clock: Clock, tap: NonNullable<Playout['tap']>, speaker: boolean) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#canceller = new EchoCanceller(speaker);
    this.#stop = tap((samples, sampleRate) => this.#play(samples, sampleRate));
  }

  get echo(): EchoState {
    return this.#canceller.state;
  }

  close(): void {
    this.#stop();
  }

  async *frames(): AsyncGenerator<AudioFrame, void, void> {
    for await (const frame of this.#endpoint.frames()) yield* this.#hear(frame);
  }

  #play(samples: Float32Array, sampleRate: number): void {
    if (this.#playedResampler?.fromRate !== sampleRate)
      this.#playedResampler = new Resampler(sampleRate, RATE);
    this.#playedAtMs = this.#clock.now();
    for (const sample of this.#playedResampler.push(samples)) {
      this.#played[this.#playedCount % KEPT] = sample;
      this.#playedCount += 1;
    }
  }

  *#hear(frame: AudioFrame): Generator<AudioFrame, void, void> {
    if (this.#heardResampler?.fromRate !== frame.sampleRate) {
      this.#heardResampler = new Resampler(frame.sampleRate, RATE);
    }
    const samples = this.#heardResampler.push(frame.samples);
    const endAt = frame.capturedAt + (frame.samples.length / frame.sampleRate) * 1000;
    this.#align(samples.length, endAt);
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < BLOCK) return;
      this.#filled = 0;
      const cleaned = this.#canceller.process(this.#block.slice(), this.#playedAt(this.#heardCount));
      this.#heardCount += BLOCK;
      const left = samples.length - at;
      const capturedAt = endAt - ((left + BLOCK) * 1000) / RATE;
      yield { samples: cleaned, sampleRate: RATE, capturedAt };
    }
  }

  /** Both are counted in samples, so that jitter moves nothing; only a lag that stays another is followed. */
  #align(arriving: number, endAt: number): void {
    const heardEnd = this.#heardCount + this.#filled + arriving;
    const playedThen = this.#playedCount - Math.round(((this.#playedAtMs - endAt) * RATE) / 1000);
    const wanted = playedThen - MARGIN - heardEnd;
    if (this.#offset === null && this.#playedCount > 0) this.#offset = wanted;
    if (this.#offset === null) return;
    this.#strayed = Math.abs(wanted - this.#offset) > STRAYED ? this.#strayed + 1 : 0;
    if (this.#strayed < STRAYED_FRAMES) return;
    this.#offset = wanted;
    this.#strayed = 0;
  }

  #playedAt(heard: number): Float32Array {
    const from = heard + (this.#offset ?? 0);
    return new Float32Array(BLOCK).map((_, i) => {
      const at = from + i;
      const known = at >= 0 && at < this.#playedCount && at >= this.#playedCount - KEPT;
      return known ? (this.#played[at % KEPT] ?? 0) : 0;
    });
  }
}
