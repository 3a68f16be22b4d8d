import { join } from 'node:path';
import { BoundedQueue, type Clock, joinSamples, SottoError, systemClock } from '../base/index.ts';
import { Metronome } from './metronome.ts';
import { PlayoutQueue } from './playout-queue.ts';
import { resample } from './resample.ts';
import { RoomNoise } from './room-noise.ts';
import { type AudioFrame, MOST_WAITING_FRAMES, type Playout, type SoundEndpoint } from './sound.ts';
import { WavWriter, writeWav } from './wav-write.ts';

const FRAME_MS = 20;
/** What is kept of one reply; a reply longer than this is cut in memory, never in the file of the whole. */
const MAX_REPLY_SECONDS = 300;

export interface WavEndpointOptions {
  /** All that the agent says, with its pauses, in real time. */
  readonly outFile?: string;
  /** An existing folder: `agent.wav` as `outFile`, and `reply-001.wav`… for each `takeReply`. */
  readonly outFolder?: string;
  /** Hz, both ways; 16000 unless told. */
  readonly sampleRate?: number;
  readonly label: string;
  readonly clock?: Clock;
}

/** What the agent said since the last time it was asked for, pauses taken out. */
export interface Reply {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** When its first sample was played, epoch milliseconds. */
  readonly startedAt: number;
  /** Its own file, when the endpoint has a folder. */
  readonly file: string | null;
}

/** A person made of recordings: speaks when told, in real time, and keeps what the agent answers. */
export interface WavEndpoint extends SoundEndpoint {
  readonly kind: 'wav';
  /**
   * Speaks a recording as if live; utterances queue up. Resolves when its last frame was fed.
   * @throws SottoError `media/closed` when the endpoint closes first.
   */
  say(samples: Float32Array, sampleRate: number): Promise<void>;
  /**
   * What the agent has said since the last call; null when nothing.
   * @throws SottoError `media/cannot-write`.
   */
  takeReply(): Promise<Reply | null>;
  /** Frames given up because nobody took them in time. */
  readonly droppedFrames: number;
  /** The most that ever waited to be taken. */
  readonly mostWaitingFrames: number;
}

/**
 * Opens an endpoint on recordings and files, paced in real time like every live one.
 * @throws SottoError `media/cannot-write` when the file cannot be created.
 */
export async function openWavEndpoint(options: WavEndpointOptions): Promise<WavEndpoint> {
  const sampleRate = options.sampleRate ?? 16_000;
  const file = options.outFile ?? (options.outFolder && join(options.outFolder, 'agent.wav'));
  const writer = file ? await WavWriter.create(file, sampleRate) : null;
  return new RecordedPerson(options, sampleRate, writer);
}

interface Utterance {
  readonly samples: Float32Array;
  at: number;
  readonly resolve: () => void;
  readonly reject: (error: SottoError) => void;
}

class RecordedPerson implements WavEndpoint {
  readonly kind = 'wav' as const;
  readonly label: string;
  readonly #sampleRate: number;
  readonly #frameSize: number;
  readonly #clock: Clock;
  readonly #outFolder: string | undefined;
  readonly #writer: WavWriter | null;
  readonly #frames = new BoundedQueue<AudioFrame>(MOST_WAITING_FRAMES);
  readonly #playout: PlayoutQueue;
  readonly #metronome: Metronome;
  readonly #noise = new RoomNoise();
  #utterances: Utterance[] = [];
  #reply: Float32Array[] = [];
  #replyStartedAt = 0;
  #replies = 0;
  #mostWaiting = 0;
  #closing: Promise<void> | undefined;

  constructor(options: WavEndpointOptions, sampleRate: number, writer: WavWriter | null) {
    this.label = options.label;
    this.#sampleRate = sampleRate;
    this.#frameSize = Math.round((sampleRate * FRAME_MS) / 1000);
    this.#clock = options.clock ?? systemClock;
    this.#outFolder = options.outFolder;
    this.#writer = writer;
    this.#playout = new PlayoutQueue(sampleRate, () => 0, this.#clock);
    this.#metronome = new Metronome(FRAME_MS, () => this.#beat(), this.#clock);
    this.#metronome.start();
  }

  get playout(): Playout {
    return this.#playout;
  }

  get droppedFrames(): number {
    return this.#frames.dropped;
  }

  get mostWaitingFrames(): number {
    return this.#mostWaiting;
  }

  frames(): AsyncIterable<AudioFrame> {
    return this.#frames;
  }

  say(samples: Float32Array, sampleRate: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closing) return reject(closed());
      const speech = resample(samples, sampleRate, this.#sampleRate);
      this.#utterances.push({ samples: speech, at: 0, resolve, reject });
    });
  }

  async takeReply(): Promise<Reply | null> {
    const samples = joinSamples(this.#reply.splice(0));
    if (samples.length === 0) return null;
    const startedAt = this.#replyStartedAt;
    this.#replies += 1;
    const name = `reply-${String(this.#replies).padStart(3, '0')}.wav`;
    const file = this.#outFolder ? join(this.#outFolder, name) : null;
    if (file) await writeWav(file, samples, this.#sampleRate);
    return { samples, sampleRate: this.#sampleRate, startedAt, file };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#metronome.stop();
    this.#playout.close();
    this.#frames.close();
    for (const utterance of this.#utterances.splice(0)) utterance.reject(closed());
    await this.#writer?.close();
  }

  #beat(): void {
    this.#frames.push({
      samples: this.#nextFrame(),
      sampleRate: this.#sampleRate,
      capturedAt: this.#clock.now() - FRAME_MS,
    });
    this.#mostWaiting = Math.max(this.#mostWaiting, this.#frames.size);
    const spoken = this.#playout.take(this.#frameSize);
    if (spoken) this.#keep(spoken);
    this.#writer?.append(spoken ?? new Float32Array(this.#frameSize));
  }

  #nextFrame(): Float32Array {
    const frame = new Float32Array(this.#frameSize);
    this.#noise.fill(frame);
    const utterance = this.#utterances[0];
    if (!utterance) return frame;
    const part = utterance.samples.subarray(utterance.at, utterance.at + this.#frameSize);
    frame.set(part);
    utterance.at += part.length;
    if (utterance.at >= utterance.samples.length) {
      this.#utterances.shift();
      utterance.resolve();
    }
    return frame;
  }

  #keep(spoken: Float32Array): void {
    if (this.#reply.length === 0) this.#replyStartedAt = this.#clock.now();
    if (this.#reply.length * FRAME_MS < MAX_REPLY_SECONDS * 1000) this.#reply.push(spoken);
  }
}

function closed(): SottoError {
  return new SottoError('media/closed', 'The sound endpoint was closed.');
}
