import { randomInt } from 'node:crypto';
import type { PeerConnection, Track } from 'node-datachannel';
import { BoundedQueue, type Clock, SottoError } from '../../base/index.ts';
import { Metronome } from '../metronome.ts';
import { PlayoutQueue } from '../playout-queue.ts';
import { type AudioFrame, MOST_WAITING_FRAMES, type Playout, type SoundEndpoint } from '../sound.ts';
import { JitterBuffer, type Released } from './jitter-buffer.ts';
import { FRAME_SAMPLES, OPUS_RATE, OpusDecoder, OpusEncoder } from './opus.ts';
import { roundTripMs, senderReport } from './rtcp.ts';
import { isRtcp, parseRtp, serialiseRtp } from './rtp.ts';

const FRAME_MS = 20;
/** Opus packets hold at most 120 ms; this is what a 1-Mbit/s packet of that length takes. */
const MAX_PACKET_BYTES = 1_500;
/** How often a sender report goes out (RFC 3550 asks for about 5 s; a first one soon gives a first round trip). */
const REPORT_EVERY_FRAMES = 100;
/** ICE and DTLS on a LAN take tens of milliseconds; a person who must click through takes none of this. */
const CONNECT_TIMEOUT_MS = 15_000;
/**
 * What Chromium holds between the wire and the ear on a quiet network: NetEq's target of 20 to 40 ms and its
 * output buffer of 10 to 20 ms. RTCP does not tell it; a client that can tell does (`reportPlayout`).
 */
const CLIENT_BUFFER_MS = 60;
/** More than any client holds: a report beyond it is nonsense, or would make the record claim that nothing was heard. */
const MOST_CLIENT_BUFFER_MS = 1_000;
/**
 * A peer from which nothing comes for this long is gone: a live track sends every 20 ms, and a muted one RTCP
 * every few seconds. (The library tells neither a close at the far end nor, before 30 s, that its checks fail.)
 */
const SILENT_PEER_MS = 8_000;
/** Concealment fades out within this; what is missing beyond it is silence. */
const MAX_CONCEALED_MS = 100;

/** What happened on the wire, for screens and the doctor. */
export interface WebRtcCounters {
  readonly packetsReceived: number;
  /** Malformed, foreign or oversized packets that were ignored. */
  readonly refused: number;
  readonly late: number;
  readonly missingMs: number;
  /** Frames given up because nobody took them in time. */
  readonly droppedFrames: number;
  /** From the peer's receiver reports; null until the first. */
  readonly roundTripMs: number | null;
}

export interface WebRtcEndpoint extends SoundEndpoint {
  readonly kind: 'webrtc';
  readonly counters: WebRtcCounters;
  reportPlayout(bufferMs: number): void;
  /** Resolves when sound can flow. @throws SottoError `media/peer-lost`, `media/closed`. */
  connected(): Promise<void>;
}

/** One peer, one track, both ways. */
export class PeerEndpoint implements WebRtcEndpoint {
  readonly kind = 'webrtc' as const;
  readonly label: string;
  readonly #peer: PeerConnection;
  readonly #track: Track;
  readonly #payloadType: number;
  readonly #ssrc: number;
  readonly #clock: Clock;
  readonly #frames = new BoundedQueue<AudioFrame>(MOST_WAITING_FRAMES);
  readonly #playout: PlayoutQueue;
  readonly #metronome: Metronome;
  readonly #jitter = new JitterBuffer((what) => this.#decode(what));
  readonly #encoder = new OpusEncoder();
  readonly #decoder = new OpusDecoder();
  readonly #connected = Promise.withResolvers<void>();
  readonly #connectTimer: NodeJS.Timeout;
  readonly #partial = new Float32Array(FRAME_SAMPLES);
  #partialLength = 0;
  #sequenceNumber = randomInt(0x8000);
  #timestamp = randomInt(0x8000_0000);
  #packetsSent = 0;
  #octetsSent = 0;
  #packetsReceived = 0;
  #refused = 0;
  #remoteSsrc: number | undefined;
  #roundTripMs: number | null = null;
  #clientBufferMs = CLIENT_BUFFER_MS;
  #lastHeardFrom = 0;
  #closed = false;

  constructor(
    peer: PeerConnection,
    track: Track,
    options: { label: string; payloadType: number; ssrc: number; clock: Clock },
  ) {
    this.#peer = peer;
    this.#track = track;
    this.label = options.label;
    this.#payloadType = options.payloadType;
    this.#ssrc = options.ssrc;
    this.#clock = options.clock;
    const latencyMs = () => (this.#roundTripMs ?? 0) / 2 + this.#clientBufferMs;
    this.#playout = new PlayoutQueue(OPUS_RATE, latencyMs, options.clock);
    this.#metronome = new Metronome(FRAME_MS, () => this.#guarded(() => this.#beat()), options.clock);
    // Nobody need wait for the connection: its loss is told by frames().
    this.#connected.promise.catch(() => {});
    this.#connectTimer = setTimeout(() => this.#end(lost()), CONNECT_TIMEOUT_MS);
    // An exception in one of these would abort the process.
    peer.onStateChange((state) => this.#guarded(() => this.#onState(state)));
    track.onMessage((bytes) => this.#guarded(() => this.#onMessage(bytes)));
    track.onClosed(() => this.#guarded(() => this.#end(lost())));
    track.onError(() => this.#guarded(() => this.#end(lost())));
  }

  get playout(): Playout {
    return this.#playout;
  }

  get counters(): WebRtcCounters {
    return {
      packetsReceived: this.#packetsReceived,
      refused: this.#refused,
      late: this.#jitter.counters.late,
      missingMs: this.#jitter.counters.missingMs,
      droppedFrames: this.#frames.dropped,
      roundTripMs: this.#roundTripMs,
    };
  }

  frames(): AsyncIterable<AudioFrame> {
    return this.#frames;
  }

  reportPlayout(bufferMs: number): void {
    if (bufferMs >= 0 && bufferMs <= MOST_CLIENT_BUFFER_MS) this.#clientBufferMs = bufferMs;
  }

  connected(): Promise<void> {
    return this.#connected.promise;
  }

  async close(): Promise<void> {
    this.#end();
  }

  #end(error?: SottoError): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#connectTimer);
    this.#metronome.stop();
    this.#playout.close();
    this.#frames.close(error);
    this.#connected.reject(error ?? new SottoError('media/closed', 'The sound endpoint was closed.'));
    closeQuietly(this.#track);
    closeQuietly(this.#peer);
  }

  #onState(state: string): void {
    if (state === 'connected') {
      clearTimeout(this.#connectTimer);
      this.#lastHeardFrom = this.#clock.monotonicMs();
      this.#metronome.start();
      this.#connected.resolve();
    } else if (state === 'disconnected' || state === 'failed' || state === 'closed') {
      this.#end(lost());
    }
  }

  #onMessage(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#lastHeardFrom = this.#clock.monotonicMs();
    if (isRtcp(bytes)) {
      this.#roundTripMs = roundTripMs(bytes, this.#ssrc, this.#clock.now()) ?? this.#roundTripMs;
      return;
    }
    const packet = bytes.length <= MAX_PACKET_BYTES ? parseRtp(bytes) : null;
    this.#remoteSsrc ??= packet?.ssrc;
    const ours = packet?.payloadType === this.#payloadType && packet.ssrc === this.#remoteSsrc;
    if (!packet || !ours || packet.payload.length === 0) {
      this.#refused += 1;
      return;
    }
    this.#packetsReceived += 1;
    this.#jitter.push(packet, this.#clock.monotonicMs());
  }

  #decode(what: Released): void {
    if (what.kind === 'packet') {
      const samples = this.#decoder.decode(what.payload);
      if (!samples) this.#refused += 1;
      this.#hear(samples ?? this.#decoder.conceal());
      return;
    }
    const missing = new Float32Array(Math.round((what.ms * OPUS_RATE) / 1000));
    const concealable = Math.min(missing.length, (MAX_CONCEALED_MS * OPUS_RATE) / 1000);
    for (let at = 0; at < concealable; ) {
      const concealed = this.#decoder.conceal().subarray(0, missing.length - at);
      missing.set(concealed, at);
      at += concealed.length;
    }
    this.#hear(missing);
  }

  /** Cuts what was decoded into 20 ms frames. */
  #hear(samples: Float32Array): void {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + FRAME_SAMPLES - this.#partialLength);
      this.#partial.set(part, this.#partialLength);
      this.#partialLength += part.length;
      at += part.length;
      if (this.#partialLength < FRAME_SAMPLES) return;
      this.#partialLength = 0;
      this.#frames.push({
        samples: this.#partial.slice(),
        sampleRate: OPUS_RATE,
        capturedAt: this.#clock.now() - FRAME_MS - (this.#roundTripMs ?? 0) / 2,
      });
    }
  }

  /** Every 20 ms: what was queued goes out, or silence, so that the client's playout never has to stretch. */
  #beat(): void {
    const now = this.#clock.monotonicMs();
    if (now - this.#lastHeardFrom > SILENT_PEER_MS) this.#end(lost());
    this.#jitter.tick(now);
    if (!this.#closed && this.#track.isOpen()) this.#send();
  }

  #send(): void {
    const payload = this.#encoder.encode(
      this.#playout.take(FRAME_SAMPLES) ?? new Float32Array(FRAME_SAMPLES),
    );
    const packet = serialiseRtp({
      payloadType: this.#payloadType,
      sequenceNumber: this.#sequenceNumber,
      timestamp: this.#timestamp,
      ssrc: this.#ssrc,
      payload,
    });
    this.#track.sendMessageBinary(packet);
    if (this.#packetsSent % REPORT_EVERY_FRAMES === 0) this.#report();
    this.#packetsSent += 1;
    this.#octetsSent += payload.length;
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + FRAME_SAMPLES) >>> 0;
  }

  #report(): void {
    const now = this.#clock.now();
    const report = senderReport(this.#ssrc, now, this.#timestamp, this.#packetsSent, this.#octetsSent);
    this.#track.sendMessageBinary(report);
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch {
      this.#end(lost());
    }
  }
}

/** Closing a connection that the library gave up already throws; that is no news. */
export function closeQuietly(connection: { close(): void }): void {
  try {
    connection.close();
  } catch {
    // Closed already.
  }
}

function lost(): SottoError {
  return new SottoError('media/peer-lost', 'The connection to the microphone and speaker was lost.', {
    remedy: 'Open the conversation again.',
  });
}
