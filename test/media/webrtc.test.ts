import { afterEach, describe, expect, it } from 'vitest';
import { delay, hasCode, joinSamples } from '../../main/base/index.ts';
import { type AudioFrame, acceptWebRtc, levelOf, type WebRtcEndpoint } from '../../main/media/index.ts';
import { amplitudeAt, decibels, tone } from '../support/tones.ts';
import { createWebRtcClient, type WebRtcClient } from '../support/webrtc-client.ts';

const FRAME = 960;
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

interface Pair {
  client: WebRtcClient;
  endpoint: WebRtcEndpoint;
  frames: AudioFrame[];
  ended: Promise<unknown>;
}

async function connectedPair(signal?: AbortSignal): Promise<Pair> {
  const client = await createWebRtcClient();
  opened.push(client);
  const offer = { offerSdp: client.offerSdp, label: 'test' };
  const { endpoint, answerSdp } = await acceptWebRtc(signal ? { ...offer, signal } : offer);
  opened.push(endpoint);
  client.accept(answerSdp);
  await Promise.all([client.connected, endpoint.connected()]);
  const frames: AudioFrame[] = [];
  const ended = collect(endpoint, frames);
  return { client, endpoint, frames, ended };
}

async function collect(endpoint: WebRtcEndpoint, frames: AudioFrame[]): Promise<unknown> {
  try {
    for await (const frame of endpoint.frames()) frames.push(frame);
    return undefined;
  } catch (error) {
    return error;
  }
}

const soundOf = (frames: readonly AudioFrame[]) => joinSamples(frames.map((frame) => frame.samples));

async function speak(
  client: WebRtcClient,
  sound: Float32Array,
  how: (frame: number) => { skip?: boolean; hold?: boolean; release?: boolean } = () => ({}),
): Promise<void> {
  const startedAt = performance.now();
  for (let i = 0; (i + 1) * FRAME <= sound.length; i++) {
    const doing = how(i);
    client.send(sound.subarray(i * FRAME, (i + 1) * FRAME), doing);
    if (doing.release) client.release();
    await delay(Math.max(0, startedAt + (i + 1) * 20 - performance.now()));
  }
}

/** How much of a tone has arrived at the client. */
function loudMs(client: { readonly heard: readonly Float32Array[] }): number {
  return client.heard.filter((frame) => levelOf(frame).rmsDb > -30).length * 20;
}

describe('a WebRTC peer', () => {
  it('hears and is heard', async () => {
    const { client, endpoint, frames } = await connectedPair();
    const written = endpoint.playout.write(tone(880, 600, 22_050), 22_050);
    await speak(client, tone(440, 1000, 48_000));
    await written;
    await delay(60);
    expect(frames.length).toBe(50);
    expect(frames.every((frame) => frame.samples.length === FRAME && frame.sampleRate === 48_000)).toBe(true);
    expect(amplitudeAt(440, soundOf(frames).subarray(9_600), 48_000)).toBeCloseTo(0.5, 1);
    expect(amplitudeAt(880, joinSamples(client.heard).subarray(4_800, 24_000), 48_000)).toBeCloseTo(0.5, 1);
    expect(endpoint.counters).toMatchObject({ packetsReceived: 50, refused: 0, late: 0, missingMs: 0 });
  });

  it('is sent silence all the time, in step, so that its playout stays steady', async () => {
    const { client } = await connectedPair();
    await delay(1_000);
    expect(client.heard.length).toBeGreaterThanOrEqual(47);
    expect(client.heard.length).toBeLessThanOrEqual(52);
    expect(Math.max(...joinSamples(client.heard).map(Math.abs))).toBeLessThan(0.001);
  });

  it('counts as heard only what has had time to reach the ear', async () => {
    const { endpoint } = await connectedPair();
    const startedAt = performance.now();
    await endpoint.playout.write(tone(500, 100, 48_000), 48_000);
    await delay(40);
    expect(endpoint.playout.heardMs).toBe(0);
    await endpoint.playout.drained();
    expect(performance.now() - startedAt).toBeGreaterThan(155);
    expect(endpoint.playout.heardMs).toBeCloseTo(100, 0);
  });

  it('counts as heard what has had the time that the client itself tells', async () => {
    const { endpoint } = await connectedPair();
    endpoint.reportPlayout(300);
    for (const nonsense of [-1, 5000, Number.NaN]) endpoint.reportPlayout(nonsense);
    const startedAt = performance.now();
    await endpoint.playout.write(tone(500, 100, 48_000), 48_000);
    await delay(250);
    expect(endpoint.playout.heardMs).toBe(0);
    await endpoint.playout.drained();
    expect(performance.now() - startedAt).toBeGreaterThan(395);
  });

  it('plays again, after a pause, what the client held and did not play because it had silenced itself', async () => {
    const { client, endpoint } = await connectedPair();
    endpoint.reportPlayout(100);
    await endpoint.playout.write(tone(500, 300, 48_000), 48_000);
    await delay(140);
    endpoint.playout.pause({ silenced: true });
    const heard = endpoint.playout.heardMs;
    await delay(150);
    expect(endpoint.playout.heardMs).toBe(heard);
    endpoint.playout.resume();
    await endpoint.playout.drained();
    expect(endpoint.playout.heardMs).toBeCloseTo(300, 0);
    await delay(60);
    // What was held there goes over the wire twice, to within the frame that was half heard and, at both ends of the tone,
    // the frame in which the codec rings out.
    expect(loudMs(client)).toBeGreaterThan(300 + 60);
    expect(loudMs(client)).toBeLessThan(300 + 100 + 100);
  });

  it('is heard in order when packets overtake each other', async () => {
    const { client, endpoint, frames } = await connectedPair();
    await speak(client, tone(440, 600, 48_000), (i) => ({ hold: i % 5 === 2, release: i % 5 === 3 }));
    await delay(60);
    expect(endpoint.counters).toMatchObject({ late: 0, missingMs: 0 });
    const sound = soundOf(frames).subarray(9_600);
    expect(amplitudeAt(440, sound, 48_000)).toBeCloseTo(0.5, 1);
    expect(decibels(amplitudeAt(640, sound, 48_000))).toBeLessThan(-50);
  });

  it('is heard without a hole when a packet is lost', async () => {
    const { client, endpoint, frames } = await connectedPair();
    await speak(client, tone(440, 800, 48_000), (i) => ({ skip: i === 20 }));
    await delay(100);
    expect(endpoint.counters.missingMs).toBe(20);
    expect(frames.length).toBe(40);
    const concealed = frames[20]?.samples ?? new Float32Array(1);
    expect(amplitudeAt(440, concealed, 48_000)).toBeGreaterThan(0.2);
  });

  it('is given up on a packet that comes too late', async () => {
    const { client, endpoint, frames } = await connectedPair();
    await speak(client, tone(440, 600, 48_000), (i) => ({ hold: i === 10, release: i === 20 }));
    await delay(100);
    expect(endpoint.counters).toMatchObject({ late: 1, missingMs: 20 });
    expect(frames.length).toBe(30);
  });

  it('keeps the ears supplied while its network stalls', async () => {
    const { client, endpoint, frames } = await connectedPair();
    await speak(client, tone(440, 200, 48_000));
    await delay(600);
    expect(frames.length).toBeGreaterThan(25);
    expect(endpoint.counters.missingMs).toBeGreaterThan(300);
  });

  it('cannot disturb with what is not Opus of the agreed stream', async () => {
    const { client, endpoint, frames } = await connectedPair();
    await speak(client, tone(440, 200, 48_000));
    const [ssrc, otherSsrc] = [Buffer.from([0, 0, 0x10, 0x92]), Buffer.from([9, 9, 9, 9])];
    const header = (payloadType: number) => Buffer.from([0x80, payloadType, 0x12, 0x34, 0x77, 0, 0, 0]);
    client.sendRaw(Buffer.concat([header(96), ssrc, Buffer.alloc(100, 0xff)]));
    client.sendRaw(Buffer.concat([header(111), otherSsrc, Buffer.alloc(100, 0xff)]));
    client.sendRaw(Buffer.concat([header(111), ssrc, Buffer.alloc(100, 0xff)]));
    client.sendRaw(Buffer.from([0x80, 200, 0xff, 0xff, 1, 2, 3, 4]));
    client.sendRaw(Buffer.from([0x81, 201, 0, 7, 1, 2, 3, 4]));
    await speak(client, tone(440, 400, 48_000));
    await delay(50);
    expect(endpoint.counters.refused).toBeGreaterThanOrEqual(2);
    expect(amplitudeAt(440, soundOf(frames).subarray(-9_600), 48_000)).toBeCloseTo(0.5, 1);
  });

  it('that vanishes ends the frames with a typed error', async () => {
    const { client, endpoint, ended } = await connectedPair();
    client.close();
    expect(hasCode(await ended, 'media/peer-lost')).toBe(true);
    const played = endpoint.playout.write(tone(440, 2_000, 48_000), 48_000);
    await played;
  });

  it('is let go when the signal aborts or the endpoint closes', async () => {
    const controller = new AbortController();
    const { ended, endpoint } = await connectedPair(controller.signal);
    controller.abort();
    expect(await ended).toBeUndefined();
    await endpoint.close();
    await expect(
      acceptWebRtc({ offerSdp: '', label: 'x', signal: AbortSignal.abort(new Error('over')) }),
    ).rejects.toThrow('over');
  });
});

describe('an offer', () => {
  const spoil: [string, (sdp: string) => string][] = [
    ['is empty', () => ''],
    ['is not SDP', () => 'hello'],
    ['is huge', (sdp) => sdp + 'a=x\r\n'.repeat(100_000)],
    ['has a thousand lines', (sdp) => `${sdp}${'a=x\r\n'.repeat(1_000)}`],
    ['holds control characters', (sdp) => sdp.replace('s=-', 's=\0')],
    ['holds other than ASCII', (sdp) => sdp.replace('s=-', 's=é')],
    ['offers two tracks', (sdp) => `${sdp}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`],
    ['offers video', (sdp) => sdp.replace('m=audio', 'm=video')],
    ['is without encryption', (sdp) => sdp.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['has no fingerprint', (sdp) => sdp.replace(/a=fingerprint.*\r\n/, '')],
    ['has a short fingerprint', (sdp) => sdp.replace(/(a=fingerprint:sha-256 ..).*\r\n/, '$1\r\n')],
    ['has two fingerprints', (sdp) => `${sdp}a=fingerprint:sha-256 ${'AA:'.repeat(31)}AA\r\n`],
    ['has no ICE password', (sdp) => sdp.replace(/a=ice-pwd.*\r\n/, '')],
    ['has an ICE password of other characters', (sdp) => sdp.replace(/a=ice-pwd:./, 'a=ice-pwd:"')],
    ['listens only', (sdp) => sdp.replace('sendrecv', 'recvonly')],
    ['speaks another codec', (sdp) => sdp.replace('opus/48000/2', 'PCMU/8000')],
    ['has a payload type beyond RTP', (sdp) => sdp.replaceAll('111', '999')],
    ['has no mid', (sdp) => sdp.replace('a=mid:0\r\n', '')],
  ];
  it.each(spoil)('that %s is refused before the native library sees it', async (_name, change) => {
    const client = await createWebRtcClient();
    opened.push(client);
    const offerSdp = change(client.offerSdp);
    expect(offerSdp).not.toBe(client.offerSdp);
    await expect(acceptWebRtc({ offerSdp, label: 'test' })).rejects.toSatisfy((error) =>
      hasCode(error, 'media/bad-offer'),
    );
  });

  it('may carry host names and addresses, none of which is looked up or sent to', async () => {
    const client = await createWebRtcClient();
    opened.push(client);
    const offerSdp = client.offerSdp.replace(
      /a=candidate.*\r\n/,
      'a=candidate:1 1 udp 2113937151 0b3f2a4e-3c0d-4a55-9d3c-7a8e2f1b6c1d.local 53705 typ host\r\n' +
        'a=candidate:2 1 udp 1 internal-server.bank 22 typ host\r\n',
    );
    const { endpoint, answerSdp } = await acceptWebRtc({ offerSdp, label: 'test' });
    opened.push(endpoint);
    expect(answerSdp).not.toContain('.local');
    expect(answerSdp.match(/a=candidate:.*/g)).toEqual([expect.stringMatching(/ 127\.0\.0\.1 \d+ typ host/)]);
    client.accept(answerSdp);
    await endpoint.connected();
  });
});
