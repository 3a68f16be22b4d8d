import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { delay } from '../../main/base/index.ts';
import { outcome, sendFromElsewhere, type WeriftPeer, weriftPeer } from './webrtc-peer.ts';

/** close_notify, in the clear, epoch 0 (RFC 6347). */
const CLOSE_NOTIFY = Buffer.from([21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0]);
/** A fatal alert, likewise. */
const FATAL_ALERT = Buffer.from([21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 10, 0, 2, 2, 40]);

function clientHello(): Buffer {
  const extensions = Buffer.from([0, 10, 0, 4, 0, 2, 0, 29, 0, 13, 0, 6, 0, 4, 4, 3, 4, 1]);
  const random = Buffer.alloc(32, 7);
  const body = Buffer.concat([
    Buffer.from([0xfe, 0xfd]),
    random,
    Buffer.from([0, 0, 0, 4, 0xc0, 0x2b, 0xc0, 0x2f, 1, 0, 0, extensions.length]),
    extensions,
  ]);
  const handshake = Buffer.alloc(12);
  handshake[0] = 1;
  handshake.writeUIntBE(body.length, 1, 3);
  handshake.writeUIntBE(body.length, 9, 3);
  const record = Buffer.from([22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12 + body.length]);
  return Buffer.concat([record, handshake, body]);
}

describe.each(['client', 'server'] as const)('a connection whose peer was DTLS %s', (role) => {
  let peer: WeriftPeer;
  beforeEach(async () => {
    peer = await weriftPeer('own', role);
    expect(await outcome(peer.endpoint, 5_000)).toBe('connected');
    await peer.ready();
    for (let i = 0; i < 10; i++) await peer.speak();
    await delay(50);
    expect(peer.endpoint.counters.packetsReceived).toBe(10);
    expect(peer.wire.length).toBe(10);
  });
  afterEach(() => peer.close());

  async function stillHears(): Promise<void> {
    const before = peer.endpoint.counters.packetsReceived;
    for (let i = 0; i < 5; i++) await peer.speak();
    await delay(50);
    expect(peer.endpoint.counters.packetsReceived).toBe(before + 5);
  }

  it('takes no sound replayed from another socket', async () => {
    await sendFromElsewhere(peer.port, [...peer.wire]);
    expect(peer.endpoint.counters.packetsReceived).toBe(10);
    await stillHears();
  });

  it('takes no sound replayed from the address of the peer itself', async () => {
    for (const datagram of [...peer.wire]) await peer.sendFromOwnSocket(datagram);
    await delay(100);
    expect(peer.endpoint.counters.packetsReceived).toBe(10);
    await stillHears();
  });

  it('takes no sound that was changed on the way', async () => {
    for (const datagram of [...peer.wire]) {
      const forged = Buffer.from(datagram);
      forged.writeUInt16BE((forged.readUInt16BE(2) + 1_000) & 0xffff, 2);
      await peer.sendFromOwnSocket(forged);
    }
    await delay(100);
    expect(peer.endpoint.counters.packetsReceived).toBe(10);
    await stillHears();
  });

  it.each([
    ['a closing alert', CLOSE_NOTIFY],
    ['a fatal alert', FATAL_ALERT],
    ['a new handshake', clientHello()],
  ])(
    'survives %s in the clear, from another socket and from the address of the peer',
    async (_name, forged) => {
      await sendFromElsewhere(peer.port, Array(5).fill(forged));
      await stillHears();
      for (let i = 0; i < 5; i++) await peer.sendFromOwnSocket(forged);
      await delay(300);
      await stillHears();
    },
  );
});
