import { afterEach, describe, expect, it } from 'vitest';
import { outcome, type WeriftPeer, weriftPeer } from './webrtc-peer.ts';

const open: WeriftPeer[] = [];
afterEach(() => Promise.all(open.splice(0).map((peer) => peer.close())));

describe.each(['client', 'server'] as const)('as DTLS %s', (role) => {
  it('a peer with its own certificate is let in', async () => {
    const peer = await weriftPeer('own', role);
    open.push(peer);
    expect(await outcome(peer.endpoint, 5_000)).toBe('connected');
  });

  it('a peer that shows a certificate without holding its key is not', async () => {
    const peer = await weriftPeer('stolen', role);
    open.push(peer);
    expect(await outcome(peer.endpoint, 5_000)).toBe('media/peer-lost');
    expect(peer.endpoint.counters.packetsReceived).toBe(0);
  });
});
