const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SENDER_REPORT_BYTES = 28;
const REPORT_BLOCK_BYTES = 24;
/** Seconds between 1900 (NTP) and 1970. */
const NTP_EPOCH = 2_208_988_800;

/**
 * A sender report without report blocks (RFC 3550, 6.4.1): lets the peer place our sound in time, and lets us
 * measure the round trip from what it answers.
 * @param now epoch milliseconds.
 */
export function senderReport(
  ssrc: number,
  now: number,
  timestamp: number,
  packets: number,
  octets: number,
): Buffer {
  const bytes = Buffer.alloc(SENDER_REPORT_BYTES);
  bytes.writeUInt8(0x80, 0);
  bytes.writeUInt8(SENDER_REPORT, 1);
  bytes.writeUInt16BE(SENDER_REPORT_BYTES / 4 - 1, 2);
  bytes.writeUInt32BE(ssrc, 4);
  bytes.writeUInt32BE((Math.floor(now / 1000) + NTP_EPOCH) >>> 0, 8);
  bytes.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), 12);
  bytes.writeUInt32BE(timestamp, 16);
  bytes.writeUInt32BE(packets >>> 0, 20);
  bytes.writeUInt32BE(octets >>> 0, 24);
  return bytes;
}

/**
 * The round trip that the peer's report on our stream tells (RFC 3550, 6.4.1: A - LSR - DLSR), milliseconds; null
 * when the compound packet holds none, or nonsense.
 * @param now epoch milliseconds of its arrival, on the clock that stamped the sender report.
 */
export function roundTripMs(compound: Uint8Array, ssrc: number, now: number): number | null {
  const view = new DataView(compound.buffer, compound.byteOffset, compound.byteLength);
  for (let at = 0; at + 4 <= view.byteLength; ) {
    const type = view.getUint8(at + 1);
    const end = at + 4 * (view.getUint16(at + 2) + 1);
    if (end > view.byteLength) return null;
    const blocks = view.getUint8(at) & 0x1f;
    if (type === SENDER_REPORT || type === RECEIVER_REPORT) {
      const start = at + (type === SENDER_REPORT ? SENDER_REPORT_BYTES : 8);
      const found = inBlocks(view, start, Math.min(end, start + blocks * REPORT_BLOCK_BYTES), ssrc, now);
      if (found !== null) return found;
    }
    at = end;
  }
  return null;
}

function inBlocks(view: DataView, start: number, end: number, ssrc: number, now: number): number | null {
  for (let at = start; at + REPORT_BLOCK_BYTES <= end; at += REPORT_BLOCK_BYTES) {
    const lastReport = view.getUint32(at + 16);
    if (view.getUint32(at) !== ssrc || lastReport === 0) continue;
    const elapsed = (middleNtp(now) - lastReport - view.getUint32(at + 20)) >>> 0;
    const ms = (elapsed / 65_536) * 1000;
    if (ms < 10_000) return ms;
  }
  return null;
}

/** The middle 32 bits of an NTP time stamp. */
function middleNtp(now: number): number {
  const seconds = (Math.floor(now / 1000) + NTP_EPOCH) % 65_536;
  return (seconds * 65_536 + Math.floor(((now % 1000) / 1000) * 65_536)) >>> 0;
}
