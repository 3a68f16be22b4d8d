import { describe, expect, it } from 'vitest';
import { problemOf } from '../../renderer/sound/microphone.ts';
import { meterShare } from '../../renderer/state/level.ts';
import { judgePassphrase } from '../../renderer/state/passphrase.ts';
import { duration, slotValue, title } from '../../renderer/state/words.ts';

describe('passphrase advice', () => {
  it('says how many characters are missing', () => {
    expect(judgePassphrase('')).toMatchObject({ grade: 0 });
    expect(judgePassphrase('elevencharz')).toEqual({ grade: 1, advice: '1 more character at least.' });
    expect(judgePassphrase('elev')).toEqual({ grade: 1, advice: '8 more characters at least.' });
  });
  it('is not impressed by repetition, common runs or names known here', () => {
    expect(judgePassphrase('aaaaaaaaaaaaaaaa').grade).toBe(2);
    expect(judgePassphrase('abcabcabcabcabc').grade).toBe(2);
    expect(judgePassphrase('password123456').grade).toBe(2);
    expect(judgePassphrase('harborstreetbank', ['Harbor Street Bank']).grade).toBe(2);
  });
  it('prefers length over symbols', () => {
    expect(judgePassphrase('Tr0ub4dor&3xy').grade).toBe(3);
    expect(judgePassphrase('ladder violet monsoon ticket').grade).toBe(4);
  });
});

describe('words for people', () => {
  it('reads names of flows and slots', () => {
    expect(title('transfer_money')).toBe('Transfer money');
    expect(title('fromAccount')).toBe('From account');
  });
  it('reads dates and choices, and leaves the rest alone', () => {
    expect(slotValue('2026-05-02')).toBe('Sat, May 2, 2026');
    expect(slotValue('money_market')).toBe('money market');
    expect(slotValue('120.50')).toBe('120.50');
    expect(slotValue('2026-99-99')).toBe('2026-99-99');
  });
  it('reads durations', () => {
    expect(duration(8400)).toBe('8 s');
    expect(duration(80_000)).toBe('1 min 20 s');
  });
});

describe('sound', () => {
  it('maps decibels to the meter and keeps within it', () => {
    expect(meterShare(-60)).toBe(0);
    expect(meterShare(-30)).toBe(0.5);
    expect(meterShare(6)).toBe(1);
    expect(meterShare(Number.NEGATIVE_INFINITY)).toBe(0);
  });
  it('tells a blocked, missing and busy microphone apart', () => {
    const named = (name: string) => problemOf(new DOMException('x', name)).code;
    expect([
      named('NotAllowedError'),
      named('NotFoundError'),
      named('NotReadableError'),
      named('Odd'),
    ]).toEqual(['denied', 'none', 'busy', 'failed']);
  });
});
