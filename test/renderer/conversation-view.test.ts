import { describe, expect, it } from 'vitest';
import type { ConversationEvent } from '../../main/api/contract.ts';
import {
  type ConversationAction,
  type ConversationView,
  emptyConversation,
  reduceConversation,
} from '../../renderer/state/conversation.ts';

const conversationId = '0198a1b0-0000-7000-8000-000000000001';
const proposalId = '0198a1b0-0000-7000-8000-000000000002';

type Bare = ConversationEvent extends infer E
  ? E extends unknown
    ? Omit<E, 'at' | 'conversationId' | 'turn'>
    : never
  : never;
const event = (bare: Bare, turn = 1) => ({ at: 1000, conversationId, turn, ...bare }) as ConversationEvent;

function viewOf(...actions: ConversationAction[]): ConversationView {
  return actions.reduce(reduceConversation, emptyConversation);
}
const reply = (text: string, turn = 1) => event({ type: 'reply', kind: 'answer', text, source: null }, turn);
const proposed = event({
  type: 'toolProposed',
  proposalId,
  tool: 'transfer_money',
  risk: 'money',
  text: 'Move 120 dollars?',
  needs: 'screen',
});

describe('what was said', () => {
  it('replaces the partial transcript by the final one', () => {
    const during = viewOf(event({ type: 'partial', text: 'what is my' }));
    expect(during.partial).toBe('what is my');
    const view = reduceConversation(
      during,
      event({ type: 'final', text: 'what is my balance', via: 'voice', confidence: 0.9, inGrammar: true }),
    );
    expect(view.partial).toBe('');
    expect(view.transcript).toMatchObject([{ who: 'person', text: 'what is my balance', via: 'voice' }]);
  });

  it('keeps turns in order, each with a key of its own', () => {
    const view = viewOf(reply('One.'), reply('Two.'), reply('Three.', 2));
    expect(view.transcript.map((entry) => ('text' in entry ? entry.text : ''))).toEqual([
      'One.',
      'Two.',
      'Three.',
    ]);
    expect(new Set(view.transcript.map((entry) => entry.key)).size).toBe(3);
  });

  it('shows where the agent was interrupted: heard sentences stay whole, the cut one is split', () => {
    const view = viewOf(
      reply('Hello.'),
      reply('We are open from nine to five.'),
      reply('Anything else?'),
      event({ type: 'heard', text: 'Hello. We are open', interrupted: true }),
    );
    expect(view.transcript.map((entry) => (entry.who === 'agent' ? entry.heardBeforeCut : 'x'))).toEqual([
      null,
      'We are open',
      '',
    ]);
  });

  it('does not touch replies of other turns, nor of turns heard to their end', () => {
    const view = viewOf(
      reply('First turn.', 1),
      reply('Second turn.', 2),
      event({ type: 'heard', text: 'Second turn.', interrupted: false }, 2),
      event({ type: 'heard', text: 'Second', interrupted: true }, 2),
    );
    expect(view.transcript.map((entry) => (entry.who === 'agent' ? entry.heardBeforeCut : 'x'))).toEqual([
      null,
      'Second',
    ]);
  });

  it('keeps memory bounded in an endless conversation', () => {
    const view = Array.from({ length: 1000 }, (_, turn) => reply(`Turn ${turn}`, turn)).reduce(
      reduceConversation,
      emptyConversation,
    );
    expect(view.transcript.length).toBe(400);
    expect(view.transcript.at(-1)).toMatchObject({ text: 'Turn 999' });
  });
});

describe('what is about to be done', () => {
  it('asks only for what needs a decision', () => {
    expect(viewOf({ ...proposed, needs: 'none' } as ConversationEvent).proposal).toBeNull();
    expect(viewOf(proposed).proposal).toMatchObject({ proposalId, risk: 'money', decided: null });
  });

  it('keeps the card, marked, between the press and the appliance acting on it', () => {
    const pressed = viewOf(proposed, { type: 'decided', proposalId, decision: 'approve' });
    expect(pressed.proposal?.decided).toBe('approve');
    const called = reduceConversation(
      pressed,
      event({ type: 'toolCalled', proposalId, tool: 'transfer_money', risk: 'money' }),
    );
    expect(called.proposal).toBeNull();
    expect(called.transcript).toMatchObject([{ who: 'tool', outcome: 'running' }]);
  });

  it('lets the person decide again when the decision did not arrive', () => {
    const view = viewOf(
      proposed,
      { type: 'decided', proposalId, decision: 'refuse' },
      { type: 'undecided', proposalId },
    );
    expect(view.proposal?.decided).toBeNull();
  });

  it('ignores a decision on a proposal that is no longer the one shown', () => {
    const other = '0198a1b0-0000-7000-8000-000000000003';
    expect(
      viewOf(proposed, { type: 'decided', proposalId: other, decision: 'approve' }).proposal?.decided,
    ).toBeNull();
    expect(
      viewOf(proposed, event({ type: 'toolWithdrawn', proposalId: other, tool: 't' })).proposal,
    ).not.toBeNull();
  });

  it('takes the card away when the proposal is withdrawn or the conversation ends', () => {
    expect(viewOf(proposed, event({ type: 'toolWithdrawn', proposalId, tool: 't' })).proposal).toBeNull();
    expect(viewOf(proposed, event({ type: 'ended', reason: 'member' })).proposal).toBeNull();
  });

  it('tells done, failed and unknown apart', () => {
    for (const outcome of ['ok', 'failed', 'unknown', 'refused'] as const) {
      const view = viewOf(
        event({ type: 'toolCalled', proposalId, tool: 'transfer_money', risk: 'money' }),
        event({ type: 'toolAnswered', proposalId, tool: 'transfer_money', outcome, code: null, tookMs: 12 }),
      );
      expect(view.transcript).toMatchObject([{ who: 'tool', outcome, tookMs: 12 }]);
    }
  });
});

describe('what happens beside', () => {
  it('does not pile up the same notice, and keeps the latest three', () => {
    const tell = (code: string, message: string) => event({ type: 'notice', code, message });
    const view = viewOf(tell('a', '1'), tell('b', '1'), tell('a', '2'), tell('c', '1'), tell('d', '1'));
    expect(view.notices.map(({ code, message }) => code + message)).toEqual(['a2', 'c1', 'd1']);
    const [first] = view.notices;
    expect(first && reduceConversation(view, { type: 'dismiss', key: first.key }).notices).toHaveLength(2);
  });

  it('keeps an urgent hand-off in sight after the conversation ended', () => {
    const view = viewOf(
      event({ type: 'handOff', reason: 'emergency', to: 'a nurse', urgent: true }),
      event({ type: 'ended', reason: 'handOff' }),
    );
    expect(view.handOff).toEqual({ reason: 'emergency', to: 'a nurse', urgent: true });
    expect(view.state).toBe('ended');
  });

  it('is not changed at all by a level', () => {
    const before = viewOf(proposed);
    expect(
      reduceConversation(before, event({ type: 'level', rmsDb: -30, peakDb: -20, clipped: false })),
    ).toBe(before);
  });
});
