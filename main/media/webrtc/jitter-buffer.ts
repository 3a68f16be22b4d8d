import type { RtpPacket } from './rtp.ts';

const TICKS_PER_MS = 48;
/** How long a missing packet may still come. Wi-Fi retransmissions arrive within this. */
const REORDER_WAIT_MS = 60;
/** After this long without any packet the ears are given something, so that their clocks go on. */
const STALL_MS = 200;
/** A gap longer than this is not filled: the peer has jumped, and we jump after it. */
const MAX_GAP_MS = 1_000;
/** Half a second of 20 ms packets. */
const MAX_PACKETS = 25;

/** What to do next: decode a packet, or make up `ms` of sound that did not come. */
export type Released =
  | { readonly kind: 'packet'; readonly payload: Uint8Array }
  | { readonly kind: 'missing'; readonly ms: number };

export interface JitterCounters {
  /** Packets that came after their time was up, or twice. */
  late: number;
  /** Milliseconds made up. */
  missingMs: number;
  /** Times the peer's time line jumped. */
  jumps: number;
}

/**
 * Puts packets in order and decides when one is given up.
 *
 * The listener is a recogniser, not a loudspeaker: a packet in order is released at once, whatever the jitter,
 * and only a gap makes us wait. Time is the sender's RTP clock, so packets that come after their place was filled
 * are dropped as late.
 */
export class JitterBuffer {
  readonly counters: JitterCounters = { late: 0, missingMs: 0, jumps: 0 };
  readonly #release: (what: Released) => void;
  /** In order of their time stamps, none older than `#next`. */
  #held: { readonly packet: RtpPacket; readonly arrivedAt: number }[] = [];
  /** RTP time of the next sound to release. */
  #next: number | undefined;
  /** Monotonic time up to which sound was released. */
  #releasedAt = 0;

  constructor(release: (what: Released) => void) {
    this.#release = release;
  }

  /** @param now monotonic milliseconds. */
  push(packet: RtpPacket, now: number): void {
    this.#next ??= packet.timestamp;
    const ahead = ticksBetween(this.#next, packet.timestamp);
    if (Math.abs(ahead) > MAX_GAP_MS * TICKS_PER_MS) this.#jump(packet.timestamp);
    else if (ahead < 0 || this.#held.some((other) => other.packet.timestamp === packet.timestamp)) {
      this.counters.late += 1;
      return;
    }
    const after = this.#held.findIndex((other) => ticksBetween(packet.timestamp, other.packet.timestamp) > 0);
    this.#held.splice(after < 0 ? this.#held.length : after, 0, { packet, arrivedAt: now });
    this.#run(now);
  }

  /** To be called every 20 ms: gives up what will not come. */
  tick(now: number): void {
    this.#run(now);
    if (this.#next === undefined || this.#held.length > 0) return;
    const silentMs = now - this.#releasedAt;
    if (silentMs >= STALL_MS) this.#fill(20, now - silentMs + 20);
  }

  #run(now: number): void {
    for (let head = this.#held[0]; head && this.#next !== undefined; head = this.#held[0]) {
      const gap = ticksBetween(this.#next, head.packet.timestamp);
      if (gap > 0) {
        const waited = now - head.arrivedAt >= REORDER_WAIT_MS || this.#held.length > MAX_PACKETS;
        if (!waited) return;
        this.#fill(gap / TICKS_PER_MS, now);
      }
      this.#held.shift();
      if (gap < 0) {
        this.counters.late += 1;
        continue;
      }
      const duration = opusDurationMs(head.packet.payload);
      this.#next = (head.packet.timestamp + duration * TICKS_PER_MS) >>> 0;
      this.#releasedAt = now;
      this.#release({ kind: 'packet', payload: head.packet.payload });
    }
  }

  #fill(ms: number, releasedAt: number): void {
    this.#next = ((this.#next ?? 0) + ms * TICKS_PER_MS) >>> 0;
    this.#releasedAt = releasedAt;
    this.counters.missingMs += ms;
    this.#release({ kind: 'missing', ms });
  }

  #jump(timestamp: number): void {
    this.counters.jumps += 1;
    this.#held = [];
    this.#next = timestamp;
  }
}

/** Signed distance on the 32-bit RTP clock. */
function ticksBetween(from: number, to: number): number {
  return (to - from) | 0;
}

/** Length of the sound in an Opus packet, from its table of contents (RFC 6716, section 3.1). At least 2.5 ms. */
export function opusDurationMs(packet: Uint8Array): number {
  const toc = packet[0] ?? 0;
  const configuration = toc >> 3;
  const frames = (toc & 3) === 0 ? 1 : (toc & 3) < 3 ? 2 : Math.max(1, (packet[1] ?? 0) & 0x3f);
  return Math.min(120, frames * frameMs(configuration));
}

function frameMs(configuration: number): number {
  if (configuration < 12) return [10, 20, 40, 60][configuration % 4] ?? 20;
  if (configuration < 16) return configuration % 2 === 0 ? 10 : 20;
  return [2.5, 5, 10, 20][configuration % 4] ?? 20;
}
