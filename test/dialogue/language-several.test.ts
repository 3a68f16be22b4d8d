import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { installRoot } from '../../main/base/index.ts';
import { type CompiledDesk, compileDesk, type Expectation, loadDeskPack } from '../../main/dialogue/index.ts';
import { NOW } from './language-desk.ts';

let desk: CompiledDesk;
beforeAll(async () => {
  desk = compileDesk(await loadDeskPack(join(installRoot, 'desks', 'bank-branch')));
});
const open: Expectation = { kind: 'open' };
const flowsIn = (text: string, expectation: Expectation = open) => {
  const first = desk.understand(text, expectation, NOW);
  return [first, ...(first.then ?? [])].map(({ flow, slots }) => [flow, slots]);
};

describe('several requests in one sentence', () => {
  it.each([
    [
      'block my card and what are your opening hours',
      [
        ['block_card', {}],
        ['branch_hours', {}],
      ],
    ],
    [
      'what is my savings balance and then transfer fifty dollars to checking',
      [
        ['check_balance', { account: 'savings' }],
        ['transfer_money', { amount: '50.00', to_account: 'checking' }],
      ],
    ],
    [
      'I lost my credit card. Where can I park?',
      [
        ['block_card', { card: 'credit' }],
        ['branch_questions', {}],
      ],
    ],
    [
      "what's my checking balance and what's my savings balance",
      [
        ['check_balance', { account: 'checking' }],
        ['check_balance', { account: 'savings' }],
      ],
    ],
    [
      'block my card, what are your opening hours and where can i park',
      [
        ['block_card', {}],
        ['branch_hours', {}],
        ['branch_questions', {}],
      ],
    ],
  ])('%s', (text, meant) => expect(flowsIn(text)).toEqual(meant));

  it.each([
    'transfer one hundred and fifty dollars to savings',
    'transfer fifty dollars from checking and to savings',
    'block my card and the weather is lovely',
    'tell me a joke and sing a song',
  ])('%s: is one request, or none', (text) => {
    expect(desk.understand(text, open, NOW).then).toBeUndefined();
  });

  it('nothing slips in beside a yes', () => {
    const meant = desk.understand('yes and block my card', { kind: 'yesNo', flow: 'transfer_money' }, NOW);
    expect(meant.then).toBeUndefined();
    expect(meant.commands).not.toContainEqual({ command: 'affirm' });
  });

  it('an answer may be followed by a request', () => {
    const asked: Expectation = { kind: 'slot', flow: 'check_balance', slot: 'account' };
    const meant = desk.understand('savings, and what are your opening hours', asked, NOW);
    expect(meant.commands).toMatchObject([{ command: 'setSlot', slot: 'account', value: 'savings' }]);
    expect(meant.then?.map(({ flow }) => flow)).toEqual(['branch_hours']);
  });
});

describe('what leans on what was done last', () => {
  const last = (flow: string, slots: Readonly<Record<string, string>>): Expectation => ({
    kind: 'open',
    last: { flow, slots },
  });
  const balance = last('check_balance', { account: 'checking', customer_number: '123456' });
  it.each([
    ['and savings?', balance, ['check_balance', { account: 'savings', customer_number: '123456' }]],
    [
      'what about the money market account',
      balance,
      ['check_balance', { account: 'money_market', customer_number: '123456' }],
    ],
    ['savings', balance, ['check_balance', { account: 'savings', customer_number: '123456' }]],
    // Three accounts: which is the other one must be asked.
    ['and the other account?', balance, ['check_balance', { customer_number: '123456' }]],
    [
      'and on saturday?',
      last('hours_on_day', { day: '2026-11-20' }),
      ['hours_on_day', { day: '2026-11-21' }],
    ],
    ['and the other card', last('block_card', { card: 'debit' }), ['block_card', { card: 'credit' }]],
  ] as const)('%s', (text, expectation, meant) => {
    const understood = desk.understand(text, expectation, NOW);
    expect([understood.flow, understood.slots]).toEqual(meant);
    expect(understood.commands[0]).toEqual({ command: 'startFlow', flow: meant[0] });
  });

  it('means nothing where nothing was done', () => {
    expect(desk.understand('and savings?', open, NOW).commands).not.toContainEqual(
      expect.objectContaining({ command: 'setSlot' }),
    );
  });
  it('a new request stays one', () =>
    expect(flowsIn('block my card', balance)).toEqual([['block_card', {}]]));
});

it('after "do you want this or that?", a place or a telling word is enough', () => {
  const between: Expectation = { kind: 'open', between: ['check_balance', 'transfer_money'] };
  expect(flowsIn('the first one', between)).toEqual([['check_balance', {}]]);
  expect(flowsIn('the latter', between)).toEqual([['transfer_money', {}]]);
  expect(flowsIn('the transfer', between)).toEqual([['transfer_money', {}]]);
  expect(flowsIn('balance', between)).toEqual([['check_balance', {}]]);
});
