/**
 * A block of sound: mono Float32 in [-1, 1].
 * 20 ms from a live endpoint (WebRTC: 960 samples at 48 kHz); any length inside the appliance.
 */
export interface AudioFrame {
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
  /** When the first sample was captured, epoch milliseconds. */
  readonly capturedAt: number;
}

/**
 * Microphone frames of 20 ms that may wait for who listens: five seconds (under a megabyte). A machine that is busy for
 * that long is late; what is given up sooner is lost, and with it what the person said.
 */
export const MOST_WAITING_FRAMES = 250;

/**
 * Where sound comes in and goes out, whatever the carrier. One conversation owns one endpoint.
 *
 * A broken carrier (unplugged microphone, lost peer) ends `frames()` with a typed error: `media/device-lost`,
 * `media/peer-lost`. `close()` is idempotent and releases devices, sockets and timers.
 */
export interface SoundEndpoint {
  readonly kind: 'wav' | 'device' | 'webrtc';
  /** A short name for screens and logs: the device, the file, the peer. Never a person. */
  readonly label: string;
  /** Microphone frames in order, as they are captured; ends when the endpoint closes. One consumer. */
  frames(): AsyncIterable<AudioFrame>;
  readonly playout: Playout;
  /**
   * How long the client holds sound between the wire and the ear, milliseconds, as it measures it itself: what counts as
   * heard follows it. Nonsense is ignored. Absent where nobody can tell.
   */
  reportPlayout?(bufferMs: number): void;
  close(): Promise<void>;
}

/**
 * The way to the person's ear, with a clock of what has really been heard.
 *
 * Positions count milliseconds of sound accepted by `write` since the endpoint opened. The clock runs only
 * while sound is played: silence sent when nothing is queued does not count.
 */
export interface Playout {
  /**
   * Queues sound; resolves when there is room for more (the queue holds at most a few hundred milliseconds
   * beyond what is audible, so that a stop is quick). Rejects with the signal's reason when aborted.
   */
  write(samples: Float32Array, sampleRate: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds of queued sound accepted so far. */
  readonly writtenMs: number;
  /** Milliseconds of queued sound that the person has heard so far (carrier latency taken off). */
  readonly heardMs: number;
  /**
   * Stops the sound at once, keeping what is queued. `silenced`: the client plays nothing any more; what it holds and the
   * person has not heard comes again after `resume`.
   */
  pause(options?: { readonly silenced?: boolean }): void;
  resume(): void;
  /** Drops what has not been heard and stops the sound at once. Returns `heardMs`. */
  flush(): number;
  /** Resolves when all that was written has been heard (or flushed). */
  drained(signal?: AbortSignal): Promise<void>;
  /**
   * Tells every frame as it is handed to the carrier, silence too, without a gap: what a microphone beside the speaker
   * will hear of it. Absent where a carrier cannot tell. The listener must not keep or change the samples.
   */
  tap?(listener: (samples: Float32Array, sampleRate: number) => void): () => void;
}

/** Loudness of a block of sound, for meters and for "too low" and "clipped". */
export interface Level {
  /** Root mean square, dBFS (0 is full scale, silence is -100). */
  readonly rmsDb: number;
  /** Highest absolute sample, dBFS. */
  readonly peakDb: number;
  /** True when samples sit at full scale. */
  readonly clipped: boolean;
}
