import { describe, expect, it } from 'vitest';
import { limitRulesSchema } from '../../main/guard/index.ts';
import { watchWords } from '../../renderer/state/limit-words.ts';
import {
  idOf,
  measuresFor,
  nameProblem,
  subjectsFor,
  WATCH_KINDS,
  watching,
  watchOf,
} from '../../renderer/state/new-limit.ts';

describe('a limit of the site’s own', () => {
  it.each(WATCH_KINDS)('%s: whatever can be chosen is a rule that the guard takes', (kind) => {
    const begun = watchOf(kind);
    const measured = measuresFor(begun).map(([of]) => watching(begun, of));
    const all = (measured.length > 0 ? measured : [begun]).flatMap((watch) => {
      const subjects = subjectsFor(watch);
      return subjects.length === 0 ? [watch] : subjects.map(([per]) => ({ ...watch, per }));
    });
    const rules = all.map((watch, at) => ({ id: `rule-${at}`, enabled: true, watch, does: ['warn'] }));
    expect(() => limitRulesSchema.parse(rules)).not.toThrow();
    for (const rule of rules) expect(watchWords(rule)).not.toMatch(/undefined|NaN/);
  });

  it('counts nothing for whom it cannot be told apart', () => {
    const calls = { ...watching(watchOf('rate'), 'moneyCall'), per: 'tool' };
    expect(watching(calls, 'toolCall').per).toBe('tool');
    expect(subjectsFor(watching(calls, 'signIn'))).toContainEqual([
      watching(calls, 'signIn').per,
      'One member',
    ]);
  });

  it('has a name that can stand in the log', () => {
    expect(idOf('  Calls, at night! ')).toBe('calls-at-night');
    expect(nameProblem('Calls, at night!', [])).toBeNull();
    expect(nameProblem('Calls at night', ['calls-at-night'])).toMatch(/with this name/);
    expect(nameProblem('3', [])).toMatch(/letter first/);
  });
});
