import { SottoError } from '../base/index.ts';
import type { Vault } from '../vault/index.ts';
import type { SoundRecorder, Span } from './contract.ts';
import type { Recordings, Segment } from './recordings.ts';

/** What a crash can lose. */
const SEGMENT_MS = 1_000;
/** Sound before and behind words that must not be kept goes with them: where a word ends is never known to the frame. */
const PAD_MS = 250;

/**
 * Records one channel of a conversation, a second at a time, each sealed and durable before the next. A segment is shown
 * to nobody until it is screened: until then it is not known whether somebody says a card number in it.
 */
export class VaultSoundRecorder implements SoundRecorder {
  readonly #vault: Vault;
  readonly #recordings: Recordings;
  readonly #conversationId: string;
  readonly #channel: Segment['channel'];
  readonly #sampleRate: number;
  /** The second that is being filled. */
  readonly #second: Float32Array;
  #filled = 0;
  #segment = 0;
  #startedMs: number;
  #paused = false;
  #closed = false;
  /** Segments that wait to be screened, the oldest first; bounded, because a person's turn is. */
  #unscreened: Segment[] = [];

  constructor(
    vault: Vault,
    recordings: Recordings,
    at: {
      readonly conversationId: string;
      readonly channel: Segment['channel'];
      readonly sampleRate: number;
      readonly startedMs: number;
    },
  ) {
    this.#vault = vault;
    this.#recordings = recordings;
    this.#conversationId = at.conversationId;
    this.#channel = at.channel;
    this.#sampleRate = at.sampleRate;
    this.#second = new Float32Array(Math.round((at.sampleRate * SEGMENT_MS) / 1000));
    this.#startedMs = at.startedMs;
  }

  get positionMs(): number {
    return this.#startedMs + (this.#filled / this.#sampleRate) * 1000;
  }

  write(samples: Float32Array): void {
    if (this.#closed) throw new SottoError('records/recording-over', 'The recording is over.');
    let from = 0;
    while (from < samples.length) {
      const count = Math.min(samples.length - from, this.#second.length - this.#filled);
      // Silence in the place of what is not recorded, so that times stay what they are.
      if (this.#paused) this.#second.fill(0, this.#filled, this.#filled + count);
      else this.#second.set(samples.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      if (this.#filled === this.#second.length) this.#flush();
    }
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  screen(untilMs: number, mute: readonly Span[]): void {
    const padded = mute.map(({ startMs, endMs }) => ({ startMs: startMs - PAD_MS, endMs: endMs + PAD_MS }));
    if (untilMs >= this.positionMs || padded.some(({ endMs }) => endMs > this.#startedMs)) this.#flush();
    const due = this.#unscreened.filter(
      ({ startedMs, durationMs }) => startedMs + durationMs <= untilMs + PAD_MS,
    );
    this.#vault.transaction(() => {
      for (const segment of due) {
        const sound = silenced(segment, padded);
        this.#recordings.replace(this.#conversationId, { ...segment, sound, screened: true });
      }
    });
    this.#unscreened = this.#unscreened.filter((segment) => !due.includes(segment));
  }

  dropFrom(sinceMs: number, untilMs = Number.POSITIVE_INFINITY): void {
    this.#flush();
    const dropped = this.#unscreened.filter(
      ({ startedMs, durationMs }) => startedMs + durationMs > sinceMs && startedMs < untilMs,
    );
    this.#vault.transaction(() => {
      for (const segment of dropped) this.#recordings.remove(this.#conversationId, segment);
    });
    this.#unscreened = this.#unscreened.filter((segment) => !dropped.includes(segment));
  }

  close(): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#second.fill(0);
  }

  #flush(): void {
    if (this.#filled === 0) return;
    const durationMs = Math.round((this.#filled / this.#sampleRate) * 1000);
    const segment = {
      channel: this.#channel,
      segment: this.#segment,
      startedMs: Math.round(this.#startedMs),
      durationMs,
      sampleRate: this.#sampleRate,
      screened: false,
      sound: pcm16(this.#second.subarray(0, this.#filled)),
    };
    this.#vault.transaction(() => this.#recordings.replace(this.#conversationId, segment));
    this.#unscreened.push(segment);
    this.#segment += 1;
    this.#startedMs += (this.#filled / this.#sampleRate) * 1000;
    this.#second.fill(0);
    this.#filled = 0;
  }
}

function silenced(segment: Segment, spans: readonly Span[]): Buffer {
  const sound = Buffer.from(segment.sound);
  for (const { startMs, endMs } of spans) {
    const byte = (ms: number) => 2 * Math.round(((ms - segment.startedMs) / 1000) * segment.sampleRate);
    const [start, end] = [Math.max(0, byte(startMs)), Math.min(sound.length, byte(endMs))];
    if (end > start) sound.fill(0, start, end);
  }
  return sound;
}

function pcm16(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), i * 2);
  });
  return bytes;
}
