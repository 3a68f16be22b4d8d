import { describe, expect, it } from 'vitest';
import { maskSensitive, screenReply, screenTranscript } from '../../main/guard/index.ts';

describe('maskSensitive', () => {
  it.each([
    ['my card is 4929 1312 0007 4451 thanks', 'my card is [number] thanks'],
    ['four nine double two one three', '[number]'],
    ['it is four, nine, uh, two oh', 'it is [number]'],
    ['account 12-34-56', 'account [number]'],
    ['fifty five sixty one please', '[number] please'],
    ['born 02/05/1981', 'born [number]'],
  ])('masks the whole run in %j', (text, masked) => {
    expect(maskSensitive(text).masked).toBe(masked);
  });

  it.each([
    'a hundred and twenty dollars',
    'at two thirty',
    'on the second of May',
    'all four of them, at 9',
  ])('leaves %j as it is', (text) => {
    expect(maskSensitive(text)).toEqual({ masked: text, spans: [] });
  });

  it('gives the span of the run in the original text', () => {
    const text = 'pin 1 2 3 4 ok';
    const [span] = maskSensitive(text).spans;
    expect(text.slice(span?.start, span?.end)).toBe('1 2 3 4');
  });
});

describe('screenTranscript', () => {
  it('brings look-alike and invisible characters to one normal form', () => {
    const screened = screenTranscript('block\u200B my  ｃａｒｄ\u202E ');
    expect(screened).toMatchObject({
      text: 'block my card',
      verdict: 'flag',
      reasons: ['invisible-characters'],
    });
  });

  it('cuts what is too long, and says so', () => {
    const screened = screenTranscript('a'.repeat(900));
    expect(screened.text).toHaveLength(500);
    expect(screened.reasons).toEqual(['too-long']);
  });

  it('judges each text afresh', () => {
    for (let i = 0; i < 3; i += 1)
      expect(screenTranscript('a\u200Bb').reasons).toEqual(['invisible-characters']);
  });
});

describe('screenReply', () => {
  it('takes out marks that a synthesiser would obey', () => {
    expect(screenReply('Hello <break time="9s"/> [[h@l@U]] there').text).toBe('Hello h@l@U there');
  });
});
