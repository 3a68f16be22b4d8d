/** Types of data that a desk pack declares as its own: found however they are told, and declared safely. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installRoot } from '../../main/base/index.ts';
import { checkDeskPack, loadDeskPack } from '../../main/dialogue/index.ts';
import { createMasker, maskSensitive, type PackType } from '../../main/guard/index.ts';
import { deskYaml, writeDesk } from '../dialogue/desk-files.ts';

const MEMBER: PackType = { type: 'member-number', shapes: ['HB-999999'], near: [], words: [] };
const LOCKER: PackType = { type: 'locker', shapes: ['A99'], near: ['locker'], words: [] };
const PROJECT: PackType = { type: 'project', shapes: [], near: [], words: ['harbor light', "o'hara"] };
const packTypes = [MEMBER, LOCKER, PROJECT];
const masked = (text: string) => maskSensitive(text, { packTypes }).masked;

describe('a type of the pack is masked', () => {
  it.each([
    ['written', 'take HB123456 please', 'take [member-number] please'],
    ['in small letters and with a dash', 'hb-123456', '[member-number]'],
    ['with spaces', 'HB 123 456', '[member-number]'],
    ['spelled', 'it is h b one two three four five six', 'it is [member-number]'],
    ['by the spelling alphabet', 'hotel bravo twelve thirty four five six', '[member-number]'],
    ['with doubles and ohs', 'h b double one oh two three four', '[member-number]'],
    ['with hesitations and a correction', 'h b one two, uh, three no four four five six', '[number]'],
    ['short, by the word before it', 'my locker is b one two', 'my locker is [locker]'],
    ['short, by the word after it', 'b twelve is my locker', '[locker] is my locker'],
    ['words', 'it is about project Harbor Light, for O’Hara', 'it is about project [project], for [project]'],
  ])('%s', (_, text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it('and other values are not taken for it', () => {
    for (const text of ['the room is b 12', 'the harbor is light', 'a transfer of 120 dollars'])
      expect(masked(text)).toBe(text);
  });

  it('when it was asked for, and over turns', () => {
    const masker = createMasker({
      packTypes: [{ type: 'customer-number', shapes: ['999999'], near: ['customer number'], words: [] }],
    });
    masker.mask('What is your six digit customer number?', 'agent');
    const turns = ['one zero zero', 'two', 'zero zero', 'thank you'];
    expect(turns.map((turn) => masker.mask(turn, 'person').masked)).toEqual([
      ...turns.slice(0, 3).map(() => '[customer-number]'),
      'thank you',
    ]);
  });

  it('by both desks that ship', async () => {
    const kept = async (desk: string, text: string) => {
      const { sensitiveTypes } = (await loadDeskPack(join(installRoot, 'desks', desk))).desk;
      return maskSensitive(text, { packTypes: sensitiveTypes }).masked;
    };
    expect(await kept('bank-branch', 'my customer number is 100200')).toBe(
      'my customer number is [customer-number]',
    );
    expect(await kept('clinic-frontdesk', 'i am m l c four four one two nine')).toBe('i am [patient-number]');
  });
});

describe('a pack that declares a type', () => {
  it.each([
    ['in a shape of signs', 'shapes: ["HB-999999"]', null],
    ['as a number, unquoted', 'shapes: [999999]', 'should be text'],
    ['as a regular expression', 'shapes: ["(a+)+9"]', 'letters and digits'],
    ['without a digit', 'shapes: [AAAA]', 'a shape has a digit'],
    ['so short that half of all numbers are of it', 'shapes: ["9999"]', 'fewer than five signs'],
    ['short, with words near it', 'shapes: ["9999"], near: [locker]', null],
    ['with neither shape nor words', 'near: [locker]', 'it has `shapes` or `words`'],
    ['under a name that Sotto has', 'type: card, shapes: ["HB-999999"]', 'has a type of this name already'],
  ])('%s', async (_, rest, problem) => {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-types-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const type = rest.startsWith('type') ? '' : 'type: house-number, ';
    await writeDesk(folder, { 'desk.yaml': deskYaml(`sensitiveTypes: [{${type}${rest}}]`) });
    const { problems } = await checkDeskPack(folder);
    const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    if (problem === null) expect(errors).toEqual([]);
    else expect(errors.join()).toContain(problem);
  });

  it('cannot make masking slow', () => {
    const many = Array.from({ length: 20 }, (_, at) => ({
      type: `t${at}`,
      shapes: Array.from({ length: 10 }, () => 'AAAAAAAAAAAAAAAAAAA9'),
      near: Array.from({ length: 20 }, () => 'very near to this'),
      words: Array.from({ length: 300 }, (_each, word) => `a b c d e f ${word}`),
    }));
    const startedMs = performance.now();
    // Four times the longest utterance that is understood.
    maskSensitive('a b c d e 1 '.repeat(160), { packTypes: many });
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });
});
