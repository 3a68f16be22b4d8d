/**
 * What outside bytes can do to the parsers of sound: seeded, bounded, and built on the structure of what is parsed, so that
 * most of it gets past the first check. Nothing may crash, hang or throw anything but its own typed errors.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SottoError } from '../../main/base/index.ts';
import {
  actionFor,
  clientTraceSchema,
  RepeatMemory,
  SoundScreen,
  soundPolicySchema,
  TraceMeter,
} from '../../main/guard/index.ts';
import { parseWav } from '../../main/media/index.ts';
import { JitterBuffer, opusDurationMs } from '../../main/media/webrtc/jitter-buffer.ts';
import { canonicalOffer, parseOffer } from '../../main/media/webrtc/offer.ts';
import { OpusDecoder, OpusEncoder } from '../../main/media/webrtc/opus.ts';
import { roundTripMs } from '../../main/media/webrtc/rtcp.ts';
import { isRtcp, parseRtp, serialiseRtp } from '../../main/media/webrtc/rtp.ts';

const SEED = 20_261_121;
const runs = (numRuns: number) => ({ seed: SEED, numRuns, endOnFailure: true });
/** One input is not worth more than this: what takes longer hangs. */
const SLOW_MS = 1_000;

/** Returns what an act returns, or null where it refuses as it should. */
function orRefused<T>(code: string, act: () => T): T | null {
  const startedMs = performance.now();
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(SottoError);
    expect((error as SottoError).code).toBe(code);
    return null;
  } finally {
    expect(performance.now() - startedMs).toBeLessThan(SLOW_MS);
  }
}

/** Mostly what makes sense, sometimes the edges of the type. */
const odd = (usual: readonly number[], most: number) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: most }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, most - 1, most) },
  );

/** Seldom this, mostly nothing. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const body = fc.uint8Array({ maxLength: 400 });
const format = fc
  .record({
    code: odd([1, 3, 0xfffe], 0xffff),
    channels: odd([1, 2], 0xffff),
    rate: odd([8_000, 16_000, 48_000], 0xffff_ffff),
    frame: odd([1, 2, 4, 8], 0xffff),
    bits: odd([8, 16, 24, 32, 64], 0xffff),
    honest: fc.integer({ min: 0, max: 5 }),
    rest: fc.uint8Array({ maxLength: 26 }),
  })
  .map(({ code, channels, rate, frame, bits, honest, rest }) => {
    const bytes = Buffer.alloc(16 + rest.length);
    bytes.writeUInt16LE(code, 0);
    bytes.writeUInt16LE(channels, 2);
    bytes.writeUInt32LE(rate, 4);
    bytes.writeUInt16LE(honest > 0 ? ((channels * bits) >> 3) & 0xffff : frame, 12);
    bytes.writeUInt16LE(bits, 14);
    bytes.set(rest, 16);
    return new Uint8Array(bytes);
  });
const chunk = fc.record({
  name: fc.constantFrom('fmt ', 'data', 'LIST', 'fact', 'JUNK'),
  body: fc.oneof(body, format),
  lie: seldom(odd([0, 1, 0x7fff_ffff], 0xffff_ffff)),
});

function wav(
  chunks: readonly { name: string; body: Uint8Array; lie: number | null }[],
  lie: number | null,
): Buffer {
  const parts = chunks.map(({ name, body: bytes, lie: size }) => {
    const header = Buffer.alloc(8);
    header.write(name, 0, 'latin1');
    header.writeUInt32LE(size ?? bytes.length, 4);
    return Buffer.concat([header, bytes, Buffer.alloc(bytes.length % 2)]);
  });
  const all = Buffer.concat(parts);
  const header = Buffer.from('RIFF\0\0\0\0WAVE', 'latin1');
  header.writeUInt32LE(lie ?? all.length + 4, 4);
  return Buffer.concat([header, all]);
}

it('reads any WAV or says that it cannot, and the guard screens whatever was read', () => {
  let read = 0;
  const whole = fc.tuple(
    format.map((bytes) => ({ name: 'fmt ', body: bytes, lie: null })),
    body.map((bytes) => ({ name: 'data', body: bytes, lie: null })),
  );
  const chunks = fc.oneof(whole, fc.array(chunk, { maxLength: 6 }));
  fc.assert(
    fc.property(chunks, seldom(fc.nat(0xffff_ffff)), fc.nat(500), (parts, lie, cut) => {
      const bytes = wav(parts, lie);
      const recording = orRefused('media/bad-wav', () => parseWav(cut < 40 ? bytes.subarray(0, cut) : bytes));
      if (!recording) return;
      read += 1;
      for (const sample of recording.samples) expect(Math.abs(sample)).toBeLessThanOrEqual(1);
      const screen = new SoundScreen(new RepeatMemory());
      screen.push(recording.samples, recording.sampleRate);
      screen.end(0);
    }),
    runs(10_000),
  );
  // Else only the first check would have been tried.
  expect(read).toBeGreaterThan(100);
});

const SPOKEN = new OpusEncoder().encode(new Float32Array(960).map((_, i) => 0.3 * Math.sin(i / 10)));
const rtp = fc
  .record({
    first: odd([0x80, 0x90, 0xa0, 0xb0, 0x8f], 0xff),
    type: odd([111, 96, 200, 201], 0xff),
    sequence: fc.nat(0xffff),
    timestamp: odd([0, 960, 1_920, 0xffff_ffff], 0xffff_ffff),
    ssrc: odd([1], 0xffff_ffff),
    payload: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(SPOKEN)),
    cut: seldom(fc.nat(40)),
  })
  .map(({ first, type, sequence, timestamp, ssrc, payload, cut }) => {
    const bytes = serialiseRtp({ payloadType: 0, sequenceNumber: sequence, timestamp, ssrc, payload });
    bytes[0] = first;
    bytes[1] = type;
    return cut === null ? bytes : bytes.subarray(0, cut);
  });

it('takes any packet: RTP, RTCP or neither; whatever gets through is put in order and decoded or concealed', () => {
  const decoder = new OpusDecoder();
  let decoded = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(rtp, fc.nat(300)), { maxLength: 30 }), (packets) => {
      let madeUpMs = 0;
      const jitter = new JitterBuffer((what) => {
        if (what.kind === 'missing') madeUpMs += what.ms;
        else if (decoder.decode(what.payload)) decoded += 1;
        else decoder.conceal();
      });
      let now = 0;
      for (const [bytes, later] of packets) {
        now += later;
        if (isRtcp(bytes)) {
          const ms = roundTripMs(bytes, 1, 1_800_000_000_000 + now);
          expect(ms === null || (ms >= 0 && ms < 10_000)).toBe(true);
          continue;
        }
        const packet = parseRtp(bytes);
        if (packet && packet.payload.length > 0) jitter.push(packet, now);
        jitter.tick(now);
      }
      // Nobody can make the ears wait for more than the gaps that are filled.
      expect(madeUpMs).toBeLessThanOrEqual(packets.length * 1_200);
    }),
    runs(400),
  );
  expect(decoded).toBeGreaterThan(50);
});

it('reads what it wrote', () => {
  const packet = fc.record({
    payloadType: fc.integer({ min: 96, max: 127 }),
    sequenceNumber: fc.nat(0xffff),
    timestamp: fc.nat(0xffff_ffff),
    ssrc: fc.nat(0xffff_ffff),
    payload: fc.uint8Array({ maxLength: 100 }),
  });
  fc.assert(
    fc.property(packet, (given) => {
      expect(parseRtp(new Uint8Array(serialiseRtp(given)))).toEqual(given);
    }),
    runs(500),
  );
  fc.assert(
    fc.property(body, (bytes) => {
      const ms = opusDurationMs(bytes);
      expect(ms).toBeGreaterThanOrEqual(2.5);
      expect(ms).toBeLessThanOrEqual(120);
    }),
    runs(500),
  );
});

const GOOD = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuv',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
  'a=setup:actpass',
  'a=rtpmap:111 opus/48000/2',
];
const nasty = fc.oneof(
  fc.constantFrom(...GOOD),
  fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => `a=${text}`),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'a=mid:x\r\na=candidate:1',
    `a=mid:${'a'.repeat(9_000)}`,
    'a=sendonly',
  ),
);
const change = fc.record({ at: fc.nat(GOOD.length), drop: fc.nat(1), line: fc.option(nasty, { nil: '' }) });

it('answers any offer or refuses it, and hands on nothing of its text that was not checked', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.constantFrom('\r\n', '\n'), (changes, newline) => {
      const lines = [...GOOD];
      for (const { at, drop, line } of changes) lines.splice(at, drop, ...(line === '' ? [] : [line]));
      const offer = orRefused('media/bad-offer', () => parseOffer(lines.join(newline)));
      if (!offer) return;
      taken += 1;
      const written = canonicalOffer(offer).split('\r\n');
      expect(written).toHaveLength(18);
      expect(written.filter((line) => line.startsWith('m='))).toHaveLength(1);
      expect(written.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
      expect(written.some((line) => line.startsWith('a=candidate'))).toBe(false);
    }),
    runs(3_000),
  );
  expect(taken).toBeGreaterThan(300);
});

const sample = fc.oneof(
  fc.float(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e38, -1e38, 1e-40),
);

it('screens sound of any rate and any numbers, in blocks of any length, with scores from 0 to 1', () => {
  const block = fc.array(sample, { maxLength: 2_000, size: 'max' });
  const rate = odd([8_000, 16_000, 44_100, 48_000], 400_000);
  fc.assert(
    fc.property(fc.array(fc.tuple(block, rate), { maxLength: 6 }), (blocks) => {
      const screen = new SoundScreen(new RepeatMemory());
      const meter = new TraceMeter(16_000);
      for (const [samples, sampleRate] of blocks) {
        screen.push(new Float32Array(samples), sampleRate);
        meter.push(new Float32Array(samples));
      }
      for (const { score, reason } of screen.end(0)?.findings ?? []) {
        expect(score).toBeGreaterThanOrEqual(0.5);
        expect(score).toBeLessThanOrEqual(1);
        expect(reason.length).toBeLessThan(200);
      }
      const follows = meter.read()?.follows ?? 0;
      expect(follows >= 0 && follows <= 1).toBe(true);
    }),
    runs(120),
  );
});

it('takes only policies and client measures that fit, and acts on nothing else', () => {
  const kinds = fc.dictionary(
    fc.oneof(fc.constantFrom('tone', 'repeat', '__proto__', 'constructor'), fc.string({ maxLength: 8 })),
    fc.oneof(
      fc.array(fc.record({ from: fc.double(), act: fc.constantFrom('flag', 'refuse', 'ignore', 'eval') }), {
        maxLength: 5,
      }),
      fc.jsonValue(),
    ),
  );
  fc.assert(
    fc.property(kinds, (given) => {
      const parsed = soundPolicySchema.safeParse(given);
      if (!parsed.success) return;
      const act = actionFor(parsed.data, { kind: 'tone', score: 1, reason: '', from: 'client' });
      expect(['ignore', 'flag', 'challenge', 'refuse']).toContain(act);
    }),
    runs(1_000),
  );
  fc.assert(
    fc.property(
      fc.record({
        ms: fc.double(),
        follows: fc.double(),
        lowDb: fc.double(),
        aboveDb: fc.option(fc.double()),
        voiceDb: fc.double(),
      }),
      (given) => {
        const parsed = clientTraceSchema.safeParse(given);
        if (parsed.success)
          for (const value of Object.values(parsed.data))
            expect(value === null || Number.isFinite(value)).toBe(true);
      },
    ),
    runs(1_000),
  );
});
