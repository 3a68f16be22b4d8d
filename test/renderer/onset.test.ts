/** The window's own ear, on spoken sound and on what a desk sounds like. */
import { describe, expect, test } from 'vitest';
import { levelOf } from '../../main/media/index.ts';
import { OnsetMeter } from '../../renderer/sound/onset.ts';
import { PERSON_RATE, personSays } from '../support/person.ts';

const FRAME = PERSON_RATE / 100;

/** Noise of this level, dBFS. */
function noise(ms: number, rmsDb: number): Float32Array {
  let state = 11;
  const peak = 10 ** (rmsDb / 20) * Math.sqrt(3);
  return new Float32Array((ms * PERSON_RATE) / 1000).map(() => {
    state = (state * 16_807) % 2_147_483_647;
    return peak * (state / 1_073_741_823.5 - 1);
  });
}

/** Milliseconds of the sound after which the meter tells an onset, each time. */
function onsets(meter: OnsetMeter, ...sounds: readonly Float32Array[]): readonly number[] {
  const whole = Float32Array.from(sounds.flatMap((sound) => [...sound]));
  const found: number[] = [];
  for (let at = 0; at + FRAME <= whole.length; at += FRAME) {
    const { rmsDb } = levelOf(whole.subarray(at, at + FRAME));
    if (meter.add(rmsDb)) found.push(((at + FRAME) * 1000) / PERSON_RATE);
  }
  return found;
}

describe('the onset of speech', () => {
  test.each(['slt', 'rms', 'awb', 'kal16'])(
    'of %s is heard within 60 ms of the first sound',
    async (voice) => {
      const says = await personSays('what are your opening hours', voice);
      const first = says.findIndex((sample) => Math.abs(sample) > 0.01);
      const [told] = onsets(new OnsetMeter(), noise(1000, -60), says.subarray(first));
      expect(told).toBeGreaterThan(1000);
      expect(told).toBeLessThanOrEqual(1060);
    },
  );

  test('is told once, and not again at each word', async () => {
    const says = await personSays('what are your opening hours');
    expect(onsets(new OnsetMeter(), noise(1000, -60), says)).toHaveLength(1);
  });

  test('is neither in keys that are struck nor in a steady room', () => {
    const key = [noise(15, -20), noise(185, -60)];
    expect(onsets(new OnsetMeter(), noise(1000, -60), ...key, ...key, ...key)).toEqual([]);
    expect(onsets(new OnsetMeter(), noise(3000, -40))).toEqual([]);
  });

  test('a room that fools it again and again is not listened to any more, until somebody does speak', () => {
    const meter = new OnsetMeter();
    const trolley = [noise(300, -35), noise(700, -60)];
    let fooled = 0;
    for (let i = 0; i < 6; i += 1) {
      if (onsets(meter, ...trolley).length === 0) continue;
      fooled += 1;
      meter.judge(false);
    }
    expect(fooled).toBeLessThanOrEqual(3);
    meter.judge(true);
    expect(onsets(meter, ...trolley)).toHaveLength(1);
  });
});
