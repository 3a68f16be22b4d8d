import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installRoot, type Json } from '../../main/base/index.ts';
import {
  buildKnowledge,
  compileDesk,
  createDialogue,
  type DialogueTurn,
  loadDeskPack,
} from '../../main/dialogue/index.ts';

/** A sample desk with its real understanding; its tools answer what the test says. */
async function atDesk(name: string, results: Readonly<Record<string, Json>>) {
  const pack = await loadDeskPack(join(installRoot, 'desks', name));
  const desk = compileDesk(pack);
  const clock = { now: () => Date.UTC(2026, 3, 27, 12), monotonicMs: () => 0 };
  const dialogue = createDialogue({ desk, knowledge: buildKnowledge(pack.knowledge), clock });
  const tools: string[] = [];
  const run = (turn: DialogueTurn): string => {
    const lines: string[] = [];
    for (let step = turn.next(); !step.done; ) {
      const act = step.value;
      if (act.act === 'say') {
        lines.push(act.text);
        step = turn.next();
      } else if (act.act === 'propose') {
        const proposalId = `p${tools.push(act.tool)}`;
        lines.push(`[propose ${act.tool} ${JSON.stringify(act.arguments)}]`);
        const needsNone = pack.tools[act.tool]?.confirm === 'none';
        step = turn.next(
          needsNone
            ? { kind: 'ready', proposalId }
            : { kind: 'confirm', proposalId, text: 'Shall I?', onScreenOnly: false },
        );
      } else if (act.act === 'execute') {
        const tool = tools[Number(act.proposalId.slice(1)) - 1] ?? '';
        lines.push(`[${tool} ${act.approvedBy}]`);
        step = turn.next({ kind: 'ok', result: results[tool] ?? {} });
      } else {
        lines.push(`[${act.act}]`);
        step = turn.next();
      }
    }
    return lines.join(' ');
  };
  return {
    dialogue,
    say: (text: string): string => {
      const understanding = desk.understand(text, dialogue.expectation, clock.now());
      return run(dialogue.hear({ text, via: 'typed', confidence: 1, understanding }));
    },
  };
}

const KNOWN = { identified: true, locked: false, firstName: 'Ada' };

describe('at the bank', () => {
  it('a transfer with a digression and a correction is done once, as corrected', async () => {
    const { say } = await atDesk('bank-branch', {
      identify_customer: KNOWN,
      transfer_money: { sent: true, reason: '', balance: 'ten dollars' },
    });
    expect(say('I want to transfer $50 to savings')).toContain('customer number');
    expect(say('one two three four five six')).toContain('phone code');
    expect(say('1234')).toContain('[identify_customer none] From which account');
    expect(say('where can I park')).toMatch(/Parking is free.*Back to your request.*From which account/);
    expect(say('checking')).toBe(
      '[propose transfer_money {"amount":50,"from":"checking","to":"savings"}] Shall I?',
    );
    expect(say('no, make it sixty dollars')).toMatch(
      /^\[withdraw\] \[propose transfer_money \{"amount":60,.*sixty dollars instead of fifty dollars\. Shall I\?$/,
    );
    expect(say('yes please')).toMatch(
      /^\[transfer_money typed\] Done\. Your checking balance is now ten dollars\./,
    );
  });

  it('who was identified for one thing is not asked again for the next', async () => {
    const { say } = await atDesk('bank-branch', {
      identify_customer: KNOWN,
      account_balance: { found: true, balance: 'ninety dollars', customer: '123456' },
    });
    say('what is my savings balance');
    say('123456');
    expect(say('1234')).toContain('Your savings balance is ninety dollars.');
    expect(say("what's my checking balance")).toContain('Your checking balance is ninety dollars.');
  });

  it('who cannot be identified gets a person, and nothing else is called', async () => {
    const { say } = await atDesk('bank-branch', {
      identify_customer: { identified: false, locked: false, firstName: '' },
    });
    say('block my card');
    say('123456');
    expect(say('1234')).toContain('Let us try once more.');
    say('123456');
    expect(say('1234')).toMatch(/\[handOff\]$/);
  });
});

describe('at the clinic', () => {
  it('emergency words drop whatever was going on and call a person', async () => {
    const { say, dialogue } = await atDesk('clinic-frontdesk', {});
    say('I want to book an appointment');
    expect(say("my husband can't breathe")).toMatch(/^I am calling staff to you right now\..*\[handOff\]/);
    expect(dialogue.snapshot().flow).toBeNull();
  });
});
