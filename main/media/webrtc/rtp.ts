/** One RTP packet's worth (RFC 3550), headers taken off. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

/** RTP and RTCP share the port; RTCP packet types read as RTP payload types 64 to 95 (RFC 5761, section 4). */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = (bytes[1] ?? 0) & 0x7f;
  return type >= 64 && type <= 95;
}

/** Reads an RTP packet; null when it is malformed. The payload is a copy: the native library owns the bytes. */
export function parseRtp(bytes: Uint8Array): RtpPacket | null {
  if (bytes.length < 12) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  if (first >> 6 !== 2) return null;
  let start = 12 + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (start + 4 > bytes.length) return null;
    start += 4 + 4 * view.getUint16(start + 2);
  }
  const padding = first & 0x20 ? view.getUint8(bytes.length - 1) : 0;
  const end = bytes.length - padding;
  if (start > end) return null;
  return {
    payloadType: view.getUint8(1) & 0x7f,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: Uint8Array.from(bytes.subarray(start, end)),
  };
}

/** Writes an RTP packet without extensions. */
export function serialiseRtp(packet: RtpPacket): Buffer {
  const bytes = Buffer.alloc(12 + packet.payload.length);
  bytes.writeUInt8(0x80, 0);
  bytes.writeUInt8(packet.payloadType, 1);
  bytes.writeUInt16BE(packet.sequenceNumber, 2);
  bytes.writeUInt32BE(packet.timestamp, 4);
  bytes.writeUInt32BE(packet.ssrc, 8);
  bytes.set(packet.payload, 12);
  return bytes;
}
