/**
 * What a peer can do that has proved who it is: packets of any form over a live connection, a data channel, and measures of
 * its microphone by way of the api. Seeded and bounded, as in `fuzz-media.test.ts`.
 */
import fc from 'fast-check';
import nodeDataChannel from 'node-datachannel';
import { expect, it, onTestFinished } from 'vitest';
import { contract } from '../../main/api/contract.ts';
import { codeOf, delay, newId } from '../../main/base/index.ts';
import { RepeatMemory, SoundScreen } from '../../main/guard/index.ts';
import { acceptWebRtc, levelOf } from '../../main/media/index.ts';
import { createWebRtcClient } from '../support/webrtc-client.ts';
import { tone } from './sound-attacks.ts';

const SEED = 20_261_121;
const PACKETS = 2_000;
const FRAME = 960;

/** Mostly as it should be, else another way. */
const mostly = <T>(usual: fc.Arbitrary<T>, ...others: fc.Arbitrary<T>[]) =>
  fc.oneof({ weight: 4, arbitrary: usual }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })));
const uint32 = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 1, 4_242, 0x7fff_ffff, 0xffff_ffff));
const header = fc.record({
  first: mostly(fc.constant(0x80), fc.constantFrom(0x90, 0xa0, 0xb0, 0x8f), fc.nat(0xff)),
  type: mostly(fc.constantFrom(111, 0x80 | 111), fc.constantFrom(200, 201, 202, 205), fc.nat(0xff)),
  timestamp: uint32,
  ssrc: mostly(fc.constant(4_242), uint32),
});
/** RTP with any head and any sound in it; RTCP with reports on anything; or bytes. */
const packet = fc
  .tuple(header, fc.uint8Array({ maxLength: 400 }), fc.nat(10))
  .map(([{ first, type, timestamp, ssrc }, payload, form]) => {
    const bytes = Buffer.alloc(12 + payload.length);
    bytes.writeUInt8(first, 0);
    bytes.writeUInt8(type, 1);
    bytes.writeUInt16BE(payload.length >> 2, 2);
    bytes.writeUInt32BE(timestamp, 4);
    bytes.writeUInt32BE(ssrc, 8);
    bytes.set(payload, 12);
    return form === 0 ? Buffer.from(payload) : bytes;
  })
  .filter((bytes) => bytes.length >= 12);

it('a connected peer sends any packets: the connection stands, and its voice is heard afterwards', async () => {
  const client = await createWebRtcClient();
  const { endpoint, answerSdp } = await acceptWebRtc({ offerSdp: client.offerSdp, label: 'fuzz' });
  onTestFinished(async () => {
    client.close();
    await endpoint.close();
  });
  client.accept(answerSdp);
  await Promise.all([client.connected, endpoint.connected()]);
  const heard: number[] = [];
  const listening = (async () => {
    for await (const frame of endpoint.frames()) heard.push(levelOf(frame.samples).rmsDb);
  })();
  const voice = tone(440, 20, 48_000).subarray(0, FRAME);
  const speaks = async (frames: number) => {
    for (let i = 0; i < frames; i += 1) {
      client.send(voice);
      await delay(20);
    }
  };
  await speaks(10);
  for (const [at, bytes] of fc.sample(packet, { seed: SEED, numRuns: PACKETS }).entries()) {
    try {
      client.sendRaw(bytes);
    } catch {
      // Not even the sender's own SRTP takes it for a packet.
    }
    if (at % 50 === 0) await delay(5);
  }
  await delay(200);
  const { packetsReceived, refused } = endpoint.counters;
  // Of both kinds there were enough to mean something.
  expect(packetsReceived).toBeGreaterThan(50);
  expect(refused).toBeGreaterThan(50);
  heard.length = 0;
  await speaks(100);
  expect(heard.slice(-40).filter((db) => db > -30).length).toBeGreaterThan(20);
  await endpoint.close();
  await listening;
});

it('an offer of a data channel, alone or beside the sound, is refused: nothing is ever taken from one', async () => {
  for (const sound of [true, false]) {
    const peer = new nodeDataChannel.PeerConnection('data', { iceServers: [], bindAddress: '127.0.0.1' });
    onTestFinished(() => peer.close());
    const audio = new nodeDataChannel.Audio('0', 'SendRecv');
    audio.addOpusCodec(111);
    if (sound) peer.addTrack(audio);
    const gathered = Promise.withResolvers<void>();
    peer.onGatheringStateChange((state) => state === 'complete' && gathered.resolve());
    peer.createDataChannel('orders');
    await gathered.promise;
    const offerSdp = peer.localDescription()?.sdp ?? '';
    expect(offerSdp).toContain('webrtc-datachannel');
    expect(await acceptWebRtc({ offerSdp, label: 'data' }).then(() => 'taken', codeOf)).toBe(
      'media/bad-offer',
    );
  }
});

it('measures that the api takes, the guard takes too, and they make nothing but findings of ultrasound', () => {
  const { input } = contract['conversation.soundTrace'];
  const edge = (...usual: number[]) =>
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.double() });
  const trace = fc.record(
    {
      ms: edge(0, 4_000, 60_000, -1),
      follows: edge(0, 0.3, 1, 1.01),
      lowDb: edge(-300, -30, 300),
      aboveDb: fc.option(edge(-300, -20, 300)),
      voiceDb: edge(-300, -30, 300),
      more: fc.constant(1),
    },
    { requiredKeys: ['ms', 'follows', 'lowDb', 'aboveDb', 'voiceDb'] },
  );
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(trace, fc.anything()), (given) => {
      const parsed = input.safeParse({ conversationId: newId(), trace: given });
      if (!parsed.success) return;
      taken += 1;
      const screen = new SoundScreen(new RepeatMemory());
      screen.client(parsed.data.trace, 0);
      screen.push(new Float32Array(16_000), 16_000);
      for (const { kind, from, score } of screen.end(0)?.findings ?? []) {
        expect(['ultrasound', 'above-speech']).toContain(kind);
        expect(from).toBe('client');
        expect(score >= 0.5 && score <= 1).toBe(true);
      }
    }),
    { seed: SEED, numRuns: 2_000, endOnFailure: true },
  );
  expect(taken).toBeGreaterThan(50);
});
