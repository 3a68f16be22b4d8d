import { describe, expect, it } from 'vitest';
import { hasCode, joinSamples } from '../../main/base/index.ts';
import { Resampler, resample } from '../../main/media/index.ts';
import { amplitudeAt, decibels, tone } from '../support/tones.ts';

const RATES: [number, number][] = [
  [48_000, 16_000],
  [16_000, 48_000],
  [22_050, 48_000],
  [44_100, 16_000],
  [44_100, 48_000],
  [8_000, 48_000],
];

describe('resampling', () => {
  it.each(RATES)('carries speech frequencies from %i to %i Hz unchanged', (from, to) => {
    const passband = Math.min(from, to) * 0.5 * 0.84;
    for (const hz of [100, 1000, passband]) {
      const out = resample(tone(hz, 500, from), from, to);
      expect(Math.abs(decibels(amplitudeAt(hz, out, to) / 0.5))).toBeLessThan(0.1);
    }
  });

  it.each(RATES)('keeps the length and the place of the sound from %i to %i Hz', (from, to) => {
    const click = new Float32Array(from);
    click.fill(0.5, from / 2, from / 2 + from / 100);
    const out = resample(click, from, to);
    expect(out.length).toBe(to);
    expect(out.findIndex((sample) => sample > 0.25) / to).toBeCloseTo(0.5, 3);
  });

  it('rejects what would alias by 80 dB', () => {
    for (const [from, to] of [
      [48_000, 16_000],
      [44_100, 16_000],
      [48_000, 8_000],
    ] as const) {
      for (const hz of [to * 0.51, to * 0.6, to * 0.75, to * 0.95, to * 1.2]) {
        const out = resample(tone(hz, 500, from), from, to).subarray(to / 10, to / 4);
        const loudest = Math.max(...out.map(Math.abs));
        expect(decibels(loudest / 0.5), `${hz} Hz at ${to} Hz`).toBeLessThan(-80);
      }
    }
  });

  it('leaves no images 80 dB below when raising the rate', () => {
    const out = resample(tone(3000, 500, 16_000), 16_000, 48_000);
    for (const hz of [13_000, 19_000]) expect(decibels(amplitudeAt(hz, out, 48_000) / 0.5)).toBeLessThan(-80);
  });

  it('gives the same in blocks of any size as in one', () => {
    const whole = tone(700, 400, 44_100);
    const resampler = new Resampler(44_100, 16_000);
    const blocks: Float32Array[] = [];
    for (let at = 0, size = 1; at < whole.length; at += size, size = (size * 7) % 997)
      blocks.push(resampler.push(whole.subarray(at, at + size)).slice());
    blocks.push(resampler.flush());
    expect(joinSamples(blocks)).toEqual(resample(whole, 44_100, 16_000));
  });

  it('is a fraction of real time', () => {
    const minute = tone(700, 60_000, 48_000);
    const before = process.cpuUsage();
    resample(minute, 48_000, 16_000);
    const { user } = process.cpuUsage(before);
    expect(user / 1000).toBeLessThan(60_000 * 0.05);
  });

  it('refuses rates that make no sense', () => {
    expect(() => new Resampler(0, 16_000)).toThrow(
      expect.toSatisfy((e: unknown) => hasCode(e, 'media/bad-rate')),
    );
  });
});
