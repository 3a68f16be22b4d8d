import { z } from 'zod';

/** How often the browser's own figures are read. */
const EVERY_MS = 2_000;

/** W3C webrtc-stats: sums since the beginning, seconds and samples. */
const inboundSchema = z.object({
  type: z.literal('inbound-rtp'),
  jitterBufferDelay: z.number(),
  jitterBufferEmittedCount: z.number(),
});
const playoutSchema = z.object({
  type: z.literal('media-playout'),
  totalPlayoutDelay: z.number(),
  totalSamplesCount: z.number(),
});

interface Sums {
  readonly seconds: number;
  readonly samples: number;
}

/**
 * Tells how long this browser holds the agent's sound between the wire and the ear: its jitter buffer, and the sound
 * device where it is known. Tells nothing while nothing was played. Returns what ends it.
 */
export function reportPlayout(peer: RTCPeerConnection, tell: (bufferMs: number) => unknown): () => void {
  let before: readonly Sums[] = [];
  const read = async () => {
    const sums = sumsOf(await peer.getStats());
    const held = sums.map((now, i) => meanMs(now, before[i]));
    before = sums;
    const [buffered, played] = held;
    if (buffered !== undefined && buffered !== null) tell(Math.round(buffered + (played ?? 0)));
  };
  const timer = setInterval(() => void read().catch(() => {}), EVERY_MS);
  return () => clearInterval(timer);
}

/** Of the jitter buffer, and of the sound device where the browser tells. */
function sumsOf(report: RTCStatsReport): readonly Sums[] {
  const sums: Sums[] = [];
  for (const stats of report.values()) {
    const inbound = inboundSchema.safeParse(stats);
    const playout = playoutSchema.safeParse(stats);
    if (inbound.success)
      sums[0] = { seconds: inbound.data.jitterBufferDelay, samples: inbound.data.jitterBufferEmittedCount };
    if (playout.success)
      sums[1] = { seconds: playout.data.totalPlayoutDelay, samples: playout.data.totalSamplesCount };
  }
  return sums;
}

/** Mean delay of the samples since the last reading. */
function meanMs(now: Sums, before: Sums = { seconds: 0, samples: 0 }): number | null {
  const samples = now.samples - before.samples;
  return samples > 0 ? ((now.seconds - before.seconds) * 1000) / samples : null;
}
