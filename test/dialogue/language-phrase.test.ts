import { describe, expect, it } from 'vitest';
import { parsePhrase, referencesOf } from '../../main/dialogue/index.ts';

describe('a phrase', () => {
  it('is read with its options, alternatives, lists, slots and repeats', () => {
    const parsed = parsePhrase('[please] (move|send) {amount} <where> ([very] fast)* (now)+');
    expect(parsed.ok && parsed.phrase).toEqual({
      kind: 'sequence',
      items: [
        { kind: 'optional', item: { kind: 'words', words: ['please'] } },
        {
          kind: 'choice',
          options: [
            { kind: 'words', words: ['move'] },
            { kind: 'words', words: ['send'] },
          ],
        },
        { kind: 'slot', name: 'amount' },
        { kind: 'list', name: 'where' },
        {
          kind: 'repeat',
          atLeast: 0,
          item: {
            kind: 'sequence',
            items: [
              { kind: 'optional', item: { kind: 'words', words: ['very'] } },
              { kind: 'words', words: ['fast'] },
            ],
          },
        },
        { kind: 'repeat', atLeast: 1, item: { kind: 'words', words: ['now'] } },
      ],
    });
    if (parsed.ok) expect(referencesOf(parsed.phrase)).toEqual({ lists: ['where'], slots: ['amount'] });
  });

  it('is spelled out as it is spoken', () => {
    const words = (text: string) => {
      const parsed = parsePhrase(text);
      return parsed.ok && parsed.phrase.kind === 'words' ? parsed.phrase.words.join(' ') : parsed;
    };
    expect(words('24-hour Café')).toBe('twenty four hour cafe');
    expect(words('I’d like Route 66, please!')).toBe("i'd like route sixty six please");
    expect(words('the 2nd floor')).toBe('the second floor');
  });

  it.each([
    ['', 0, 'no words'],
    ['move (my|your card', 5, 'never closed'],
    ['move [my card', 5, 'never closed'],
    ['move my) card', 7, 'closes nothing'],
    ['move | send', 5, 'round brackets'],
    ['(move|)', 6, 'empty'],
    ['(move] it', 5, 'does not close'],
    ['move {Amount}', 5, 'no name of a slot'],
    ['move <list', 5, 'never closed'],
    ['very* good', 4, 'must follow'],
    ['* good', 0, 'repeats nothing'],
    ['... {amount}', 0, 'cannot be spoken'],
  ])('says where %j is wrong and what to do', (text, at, said) => {
    const parsed = parsePhrase(text);
    expect(parsed).toMatchObject({ ok: false, at });
    if (!parsed.ok) expect(parsed.message).toContain(said);
  });
});
