import { describe, expect, it } from 'vitest';
import { problemOf } from '../../renderer/sound/microphone.ts';
import { meterShare } from '../../renderer/state/level.ts';
import { nearWords, watchWords } from '../../renderer/state/limit-words.ts';
import { judgePassphrase } from '../../renderer/state/passphrase.ts';
import { alertWords, duration, slotValue, title } from '../../renderer/state/words.ts';

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

describe('limits in words', () => {
  const rule = (watch: Record<string, string | number | number[]> & { kind: string }) => ({
    id: 'one',
    enabled: true,
    watch,
    does: ['warn'],
  });
  it.each([
    [
      { kind: 'rate', of: 'signInFailure', per: 'address', most: 40, withinMinutes: 60 },
      'More than 40 failed sign-ins in 1 hour, for one address',
    ],
    [
      { kind: 'rate', of: 'request', per: 'site', most: 1, withinMinutes: 90 },
      'More than 1 request in 90 min, at the site',
    ],
    [{ kind: 'concurrent', per: 'member', most: 3 }, 'More than 3 conversations at once, for one member'],
    [{ kind: 'length', mostMinutes: 60 }, 'A conversation longer than 1 hour'],
    [{ kind: 'drift', share: 0.75, ofTurns: 12 }, '75 % of the last 12 turns not about this desk'],
    [{ kind: 'amount', from: 10_000 }, 'One call for 10,000 or more'],
    [
      { kind: 'sum', per: 'member', most: 100_000, withinMinutes: 1440 },
      'Calls for more than 100,000 in 1 day, for one member',
    ],
    [
      { kind: 'afterHours', of: 'conversation', from: '06:00', to: '22:00', days: [1, 6] },
      'Conversations outside 06:00 to 22:00, Mon, Sat',
    ],
    [
      { kind: 'unusual', of: 'toolCall', deviations: 6, atLeast: 20, weeks: 8 },
      'An hour with far more calls than such hours had before',
    ],
  ])('%j', (watch, words) => expect(watchWords(rule(watch))).toBe(words));

  it('say how near somebody is, and name nobody who is not a member', () => {
    const watch = { kind: 'rate', of: 'recordRead', per: 'member', most: 200, withinMinutes: 1440 };
    const state = { rule: rule(watch), usual: null, learned: null, fired: 0, lastAt: null };
    const near = (now: { measured: number; per: string; id: string | null } | null) =>
      nearWords({ ...state, now }, (id) => `<${id}>`);
    expect(near({ measured: 31, per: 'member', id: 'ada' })).toBe('31 of 200, <ada>');
    expect(near({ measured: 31, per: 'address', id: null })).toBe('31 of 200');
    expect(near(null)).toBeNull();
    const learned = { have: 3, need: 8 };
    expect(nearWords({ ...state, now: null, learned }, String)).toBe('Learning: 3 of 8 hours');
  });

  it('say of an alert what was stopped', () => {
    expect(alertWords({ about: 'standstill', code: 'tool:transfer_money' })).toBe(
      'The tool Transfer money was stopped',
    );
    expect(alertWords({ about: 'standstill', code: 'all' })).toBe('Everything was stopped');
    expect(alertWords({ about: 'limit', code: 'after-hours' })).toBe('After hours');
    expect(alertWords({ about: 'incident', code: 'manual' })).toBe('Opened by a member');
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
