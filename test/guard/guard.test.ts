import { describe, expect, it } from 'vitest';
import { screenReply, screenTranscript } from '../../main/guard/index.ts';

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
