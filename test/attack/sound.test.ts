/** Attacks on the ear, made up from public descriptions, against the screen of sound; the whole table: `bench guard-sound`. */
import { beforeAll, describe, expect, it } from 'vitest';
import { RepeatMemory, SoundScreen } from '../../main/guard/index.ts';
import { readWav } from '../../main/media/index.ts';
import { dataFile } from '../support/data.ts';
import {
  bursts,
  clippedVoice,
  combed,
  inRoom,
  mixed,
  replayed,
  rmsOf,
  scaled,
  sweep,
  telephoned,
  tone,
  ultrasound,
} from './sound-attacks.ts';

const VOICES = ['1688-142285-0003', '2033-164914-0003', '3080-5032-0003'];
const voices: Float32Array[] = [];
let room: Float32Array;

beforeAll(async () => {
  for (const name of VOICES) {
    const { samples } = await readWav(dataFile('speech', 'read', `${name}.wav`));
    voices.push(samples.subarray(0, 3 * 16_000));
  }
  room = (await readWav(dataFile('sound', 'room-impulse-rt60-0.79.wav'))).samples;
});

/** What is found, by kind, with its score. */
function found(
  samples: Float32Array,
  rate = 16_000,
  memory = new RepeatMemory(),
): Readonly<Record<string, number>> {
  const screen = new SoundScreen(memory);
  for (let at = 0; at < samples.length; at += rate / 50)
    screen.push(samples.subarray(at, at + rate / 50), rate);
  return Object.fromEntries((screen.end(0)?.findings ?? []).map(({ kind, score }) => [kind, score]));
}

const none = {};

describe('voices as they are', () => {
  it('show nothing, also louder and softer', () => {
    for (const voice of voices) {
      for (const gain of [0.3, 1, 1.5]) expect(found(scaled(voice, gain))).toEqual(none);
    }
  });
});

describe('people where they are', () => {
  it('show nothing before a kitchen, an office or a street, 15 dB below them, but the room', async () => {
    for (const [at, path] of [
      ['speech', 'intent', 'noise', 'kitchen.wav'],
      ['sound', 'office.wav'],
      ['sound', 'drive-thru.wav'],
    ].entries()) {
      const { samples: noise } = await readWav(dataFile(...path));
      for (const [nth, voice] of voices.entries()) {
        const stretch = noise.subarray((at + nth) * 16_000);
        const gain = (rmsOf(voice) / rmsOf(stretch)) * 10 ** (-15 / 20);
        const { reverberant: _, ...rest } = found(mixed(voice, stretch, gain));
        expect(rest).toEqual(none);
      }
    }
  });

  it('may blow a plosive or two into the microphone, whatever is loud at that moment', () => {
    for (const voice of voices) {
      const loudest = voice.reduce((best, v, i) => (Math.abs(v) > Math.abs(voice[best] ?? 0) ? i : best), 0);
      const blown = voice.map((v, i) => {
        const ms = (i - loudest) / 16 + 20;
        return ms < 0 || ms > 120
          ? v
          : v + 0.4 * Math.sin((2 * Math.PI * 22 * ms) / 1_000) * Math.exp(-ms / 30);
      });
      const screen = new SoundScreen(new RepeatMemory());
      screen.push(blown, 16_000);
      // The correlation alone is up to 0.4; people's own recordings stay below 0.24.
      expect(screen.end(0)?.measures.trace?.follows).toBeLessThan(0.2);
    }
  });
});

describe('a voice on an ultrasonic carrier', () => {
  it.each([
    [25_000, 0.8],
    [32_000, 0.5],
    [40_000, 1],
  ])('of %d Hz, depth %d, leaves its square below 50 Hz', (carrierHz, depth) => {
    for (const voice of voices) {
      expect(found(ultrasound(voice, { carrierHz, depth }), 48_000)).toHaveProperty('ultrasound');
    }
  });

  it('near the edge of hearing shows its carrier too', () => {
    const [voice] = voices;
    const heard = ultrasound(voice as Float32Array, { carrierHz: 21_000, depth: 0.8 });
    expect(found(heard, 48_000)).toMatchObject({ 'above-speech': 1, ultrasound: expect.any(Number) });
  });

  it('is not found under noise of 15 dB: what is below 50 Hz is the room then', () => {
    for (const voice of voices) {
      const heard = ultrasound(voice, { carrierHz: 40_000, depth: 0.5, noiseDb: 15 });
      expect(found(heard, 48_000)).not.toHaveProperty('ultrasound');
    }
  });
});

describe('sounds that no person makes', () => {
  it.each([200, 1_000, 6_000])('a tone of %d Hz', (hz) => {
    expect(found(tone(hz, 1_000))).toMatchObject({ tone: 1 });
  });

  it('a tone under a voice', () => {
    for (const voice of voices) expect(found(mixed(voice, tone(1_000, 4_000), 0.5))).toHaveProperty('tone');
  });

  it('a sweep', () => expect(found(sweep(200, 6_000, 2_000))).toHaveProperty('tone'));

  it.each([50, 200, 800])('bursts of noise of %d ms', (ms) => {
    expect(found(bursts(ms, 150, 6))).toHaveProperty('noise');
  });

  it.each(['0', '5', '9', 'star', 'pound'])('the telephone key %s', async (key) => {
    const { samples, sampleRate } = await readWav(dataFile('sound', 'dtmf', `dtmf-${key}.wav`));
    expect(found(samples, sampleRate)).toMatchObject({ dtmf: 1 });
  });

  it('a voice cut off, by two ways, or over a telephone', () => {
    for (const voice of voices) {
      expect(found(clippedVoice(voice))).toHaveProperty('clipping');
      expect(found(combed(voice, 2))).toHaveProperty('comb');
      expect(found(telephoned(voice))).toHaveProperty('band-limited');
    }
  });
});

describe('a recording that is played again', () => {
  it('out of a loudspeaker across a room is held up by the room; so is a person there', () => {
    const reverberant = (sounds: readonly Float32Array[]) =>
      sounds.filter((sound) => 'reverberant' in found(sound)).length;
    expect(reverberant(voices.map((voice) => replayed(voice, room)))).toBeGreaterThanOrEqual(2);
    expect(reverberant(voices.map((voice) => inRoom(voice, room)))).toBeGreaterThanOrEqual(2);
  });

  it('is known again, whatever it came through', () => {
    for (const voice of voices) {
      const memory = new RepeatMemory();
      expect(found(voice, 16_000, memory)).not.toHaveProperty('repeat');
      expect(
        found(
          scaled(
            voice.map((_, i) => voice[i - 112] ?? 0),
            1.4,
          ),
          16_000,
          memory,
        ),
      ).toHaveProperty('repeat');
      expect(found(replayed(voice, room), 16_000, memory)).toHaveProperty('repeat');
    }
  });

  it('is not taken for what another person says', () => {
    const memory = new RepeatMemory();
    for (const voice of voices) expect(found(voice, 16_000, memory)).toEqual(none);
  });

  it('is forgotten in time, and when there is too much', () => {
    const [voice] = voices as [Float32Array];
    const memory = new RepeatMemory(1_000);
    const at = (now: number) => {
      const screen = new SoundScreen(memory);
      screen.push(voice, 16_000);
      return screen.end(now)?.findings.map(({ kind }) => kind);
    };
    expect(at(0)).toEqual([]);
    expect(at(900)).toEqual(['repeat']);
    expect(at(2_000)).toEqual([]);
  });
});
