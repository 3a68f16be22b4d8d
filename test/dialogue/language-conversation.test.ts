import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { installRoot, type Json } from '../../main/base/index.ts';
import {
  buildKnowledge,
  type CompiledDesk,
  compileDesk,
  createDialogue,
  type DialogueTurn,
  loadDeskPack,
} from '../../main/dialogue/index.ts';

let desk: CompiledDesk;
beforeAll(async () => {
  desk = compileDesk(await loadDeskPack(join(installRoot, 'desks', 'bank-branch')));
});

const RESULTS: Readonly<Record<string, Json>> = {
  identify_customer: { identified: true, locked: false, firstName: 'Ada' },
  account_balance: { found: true, balance: 'ninety dollars', customer: '123456' },
  opening_hours: { open: true, day: 'that day', hours: 'all day' },
  block_card: { blocked: true, lastFour: '1234' },
};

/** A conversation of typed sentences; what was said, and the tools with their arguments. */
function conversation() {
  const clock = { now: () => Date.UTC(2026, 3, 27, 12), monotonicMs: () => 0 };
  const dialogue = createDialogue({ desk, knowledge: buildKnowledge(desk.pack.knowledge), clock });
  const tools: string[] = [];
  const run = (turn: DialogueTurn): string => {
    const lines: string[] = [];
    for (let step = turn.next(); !step.done; ) {
      const act = step.value;
      if (act.act === 'propose') {
        const proposalId = `p${tools.push(act.tool)}`;
        lines.push(`[${act.tool} ${JSON.stringify(act.arguments)}]`);
        step = turn.next(
          desk.pack.tools[act.tool]?.confirm === 'none'
            ? { kind: 'ready', proposalId }
            : { kind: 'confirm', proposalId, text: 'Shall I?', onScreenOnly: false },
        );
      } else if (act.act === 'execute') {
        const tool = tools[Number(act.proposalId.slice(1)) - 1] ?? '';
        step = turn.next({ kind: 'ok', result: RESULTS[tool] ?? {} });
      } else {
        lines.push(act.act === 'say' ? act.text : `[${act.act}]`);
        step = turn.next();
      }
    }
    return lines.join(' ');
  };
  return (text: string): string => {
    const understanding = desk.understand(text, dialogue.expectation, clock.now());
    return run(dialogue.hear({ text, via: 'typed', confidence: 1, understanding }));
  };
}

describe('a conversation', () => {
  it('does both things that one sentence asks for, in their order', () => {
    const say = conversation();
    const first = say('what are your opening hours and what is my savings balance');
    expect(first).toMatch(/open Monday to Friday.*customer number/);
    say('123456');
    expect(say('1234')).toContain('Your savings balance is ninety dollars.');
  });

  it('goes on from what was done last, without asking again who is there', () => {
    const say = conversation();
    say('what is my checking balance');
    say('123456');
    expect(say('1234')).toContain('[account_balance {"account":"checking"}]');
    expect(say('and savings?')).toContain('[account_balance {"account":"savings"}]');
    expect(say('and the other account?')).toMatch(/Which account/);
    expect(say('money market')).toContain('[account_balance {"account":"money_market"}]');
  });

  it('asks for another day', () => {
    const say = conversation();
    expect(say('are you open on friday')).toContain('[opening_hours {"date":"2026-05-01"}]');
    expect(say('and on saturday?')).toContain('[opening_hours {"date":"2026-05-02"}]');
  });

  it('takes a correction of an answer, and comes back from a digression with it', () => {
    const say = conversation();
    say('I lost my debit card');
    say('123456');
    expect(say('where can I park')).toMatch(/Parking is free.*phone code/);
    expect(say('1234')).toMatch(/block_card \{"card":"debit"\}/);
    expect(say('no, I meant the credit card')).toMatch(/block_card \{"card":"credit"\}.*Shall I/);
  });
});
