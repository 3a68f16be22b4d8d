import { describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../main/base/index.ts';
import type { ToolEntry, ToolGateway } from '../../main/tools/index.ts';
import { callNow, context, oddDesk, openGateway, spokenYes, toolEntry } from './support.ts';

const PAY: ToolEntry = toolEntry({
  risk: 'money',
  confirm: 'spoken',
  confirmText: 'Pay {amount} to {who}?',
  arguments: {
    type: 'object',
    properties: { amount: { type: 'number', format: 'amount' }, who: { type: 'string' } },
    required: ['amount', 'who'],
  },
});
const FIVE = { amount: 5, who: 'ann_smith' };

function desk(changes: Partial<ToolEntry> = {}) {
  return openGateway(oddDesk({ echo: { ...PAY, ...changes } }));
}

/** Only judges: no server is started. */
function judging(changes: Partial<ToolEntry> = {}, clock: Clock = systemClock) {
  return openGateway({ ...oddDesk({ echo: { ...PAY, ...changes } }), servers: {} }, { clock });
}

function propose(gateway: ToolGateway, turn = 1, args: object = FIVE): string {
  const proposal = gateway.propose('echo', { ...FIVE, ...args }, context(turn));
  if (proposal.kind === 'refused') throw new Error(proposal.code);
  return proposal.proposalId;
}

/** A clock that stands where it is put. */
function clockAt(hour: number, minute = 0): Clock & { forward(ms: number): void } {
  let now = new Date(2026, 4, 4, hour, minute).getTime();
  return {
    now: () => now,
    monotonicMs: () => now,
    forward: (ms) => {
      now += ms;
    },
  };
}

describe('approval', () => {
  test('a yes in the same turn as the proposal, before it, or from the future is none', async () => {
    const { gateway } = desk();
    const id = propose(gateway, 3);
    for (const [said, now] of [
      [3, 3],
      [2, 4],
      [9, 4],
      [Number.NaN, 4],
    ] as const)
      expect(await gateway.execute(id, spokenYes(said), context(now))).toMatchObject({
        kind: 'refused',
        code: 'tools/approved-too-early',
      });
    expect(await gateway.execute(id, spokenYes(4), context(4))).toMatchObject({ kind: 'ok' });
  });

  test('no yes, or one that was hardly heard, is none; typed words are sure', async () => {
    const { gateway } = desk();
    const id = propose(gateway);
    expect(await gateway.execute(id, null, context(2))).toMatchObject({ code: 'tools/not-approved' });
    expect(await gateway.execute(id, spokenYes(2, 0.49), context(2))).toMatchObject({ code: 'tools/unsure' });
    expect(await gateway.execute(id, spokenYes(2, Number.NaN), context(2))).toMatchObject({
      code: 'tools/unsure',
    });
    const typed = { by: 'typed', turn: 2, confidence: 1 } as const;
    expect(await gateway.execute(id, typed, context(2))).toMatchObject({ kind: 'ok' });
  });

  test('what is for the screen only cannot be approved by voice; a click needs no later turn', async () => {
    const { gateway } = desk({ confirm: 'screen' });
    const proposal = gateway.propose('echo', FIVE, context(1));
    if (proposal.kind !== 'confirm') throw new Error('not to be confirmed');
    expect(proposal.onScreenOnly).toBe(true);
    expect(await gateway.execute(proposal.proposalId, spokenYes(2), context(2))).toMatchObject({
      code: 'tools/screen-only',
    });
    const click = { by: 'screen', turn: 1, confidence: 1 } as const;
    expect(await gateway.execute(proposal.proposalId, click, context(1))).toMatchObject({ kind: 'ok' });
  });

  test('money and medicine need a yes even where the pack forgets to ask for one', () => {
    for (const risk of ['money', 'clinical'] as const) {
      const { gateway } = judging({ risk, confirm: 'none' });
      expect(gateway.propose('echo', FIVE, context())).toMatchObject({ kind: 'confirm' });
    }
  });

  test('what is sent is what was read back: arguments changed after the proposal change nothing', async () => {
    const { gateway } = desk();
    const args = { amount: 5, who: 'ann_smith' };
    const proposal = gateway.propose('echo', args, context(1));
    if (proposal.kind !== 'confirm') throw new Error('not to be confirmed');
    expect(proposal.text).toBe('Pay five dollars to ann smith?');
    args.amount = 5000;
    args.who = 'mallory';
    expect(await gateway.execute(proposal.proposalId, spokenYes(2), context(2))).toMatchObject({
      kind: 'ok',
      result: { said: { amount: 5, who: 'ann_smith' } },
    });
  });

  test('a value cannot bring placeholders of its own into the text', () => {
    const { gateway } = judging();
    expect(gateway.propose('echo', { amount: 5, who: '{amount} {who} $&' }, context())).toMatchObject({
      text: 'Pay five dollars to {amount} {who} $&?',
    });
  });

  test('a new proposal voids the one before; a withdrawn, an old and an invented one are nothing', async () => {
    const clock = clockAt(12);
    const { gateway, events } = openGateway(oddDesk({ echo: PAY }), { clock });
    const first = propose(gateway, 1);
    const second = propose(gateway, 2, { amount: 6 });
    const execute = (id: string) => gateway.execute(id, spokenYes(3), context(3));
    expect(events).toContainEqual(expect.objectContaining({ event: 'withdrawn', proposalId: first }));
    expect(await execute(first)).toMatchObject({ code: 'tools/not-pending' });
    gateway.withdraw(second);
    expect(await execute(second)).toMatchObject({ code: 'tools/not-pending' });
    const third = propose(gateway, 2);
    clock.forward(6 * 60_000);
    expect(await execute(third)).toMatchObject({ code: 'tools/not-pending' });
    expect(await execute('00000000-0000-7000-8000-000000000000')).toMatchObject({
      code: 'tools/not-pending',
    });
    expect(events.some(({ event }) => event === 'called')).toBe(false);
  });

  test('another conversation cannot carry out a proposal, and does not use it up', async () => {
    const { gateway } = desk();
    const id = propose(gateway);
    const other = context(2, { conversationId: 'another' });
    expect(await gateway.execute(id, spokenYes(2), other)).toMatchObject({ code: 'tools/not-pending' });
    expect(await gateway.execute(id, spokenYes(2), context(2))).toMatchObject({ kind: 'ok' });
  });

  test('two approvals at the same moment carry it out once', async () => {
    const { gateway } = desk();
    const id = propose(gateway);
    const outcomes = await Promise.all([1, 2].map(() => gateway.execute(id, spokenYes(2), context(2))));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['ok', 'refused']);
  });
});

describe('who, when, how often and how much', () => {
  test('roles that are not named may not', () => {
    const { gateway } = judging({ roles: ['supervisor'] });
    expect(gateway.propose('echo', FIVE, context(1, { roles: ['staff', 'auditor'] }))).toMatchObject({
      code: 'tools/role',
    });
    expect(gateway.propose('echo', FIVE, context(1, { roles: [] }))).toMatchObject({ code: 'tools/role' });
    expect(gateway.propose('echo', FIVE, context(1, { roles: ['supervisor'] }))).toMatchObject({
      kind: 'confirm',
    });
  });

  test.each([
    [{ from: '09:00', to: '17:00' }, 8, 59, false],
    [{ from: '09:00', to: '17:00' }, 9, 0, true],
    [{ from: '09:00', to: '17:00' }, 17, 0, false],
    [{ from: '22:00', to: '06:00' }, 23, 0, true],
    [{ from: '22:00', to: '06:00' }, 5, 59, true],
    [{ from: '22:00', to: '06:00' }, 12, 0, false],
  ])('hours %o at %d:%d: %s', (hours, hour, minute, allowed) => {
    const { gateway } = judging({ hours }, clockAt(hour, minute));
    const proposal = gateway.propose('echo', FIVE, context());
    expect(proposal.kind === 'refused' ? proposal.code : 'allowed').toBe(allowed ? 'allowed' : 'tools/hours');
  });

  test('hours are checked again when the yes comes', async () => {
    const clock = clockAt(16, 58);
    const hours = { from: '09:00', to: '17:00' };
    const { gateway } = judging({ hours }, clock);
    const id = propose(gateway);
    clock.forward(3 * 60_000);
    expect(await gateway.execute(id, spokenYes(2), context(2))).toMatchObject({ code: 'tools/hours' });
  });

  test('so often in a turn, in a conversation, in an hour and in a day', async () => {
    const clock = clockAt(8);
    const limits = { perTurn: 1, perConversation: 2, perHour: 3, perDay: 4 };
    const { gateway } = openGateway(oddDesk({ echo: toolEntry({ limits }) }), { clock });
    const call = async (conversationId: string, turn: number) => {
      const outcome = await callNow(gateway, 'echo', {}, context(turn, { conversationId }));
      return outcome.kind === 'ok' ? 'ok' : outcome.code;
    };
    expect(await call('a', 1)).toBe('ok');
    expect(await call('a', 1)).toBe('tools/limit-turn');
    expect(await call('a', 2)).toBe('ok');
    expect(await call('a', 3)).toBe('tools/limit-conversation');
    expect(await call('b', 1)).toBe('ok');
    expect(await call('c', 1)).toBe('tools/limit-hour');
    clock.forward(3_600_001);
    expect(await call('c', 1)).toBe('ok');
    expect(await call('d', 1)).toBe('tools/limit-day');
    clock.forward(24 * 3_600_000);
    expect(await call('d', 1)).toBe('ok');
  });

  test.each([
    [{ amount: 100.01 }, 'tools/too-much'],
    [{ amount: Number.NaN }, 'tools/arguments'],
    [{ amount: '5' }, 'tools/arguments'],
    [{ amount: 5.001 }, 'tools/arguments'],
    [{ amount: -5 }, 'tools/arguments'],
    [{ also: 'this' }, 'tools/arguments'],
    [{ who: { $ne: null } }, 'tools/arguments'],
    [{ amount: 100 }, 'allowed'],
  ])('arguments %o: %s', (args, code) => {
    const limits = { perTurn: 5, perConversation: 20, most: { amount: 100 } };
    const { gateway } = judging({ limits });
    const proposal = gateway.propose('echo', { ...FIVE, ...args }, context());
    expect(proposal.kind === 'refused' ? proposal.code : 'allowed').toBe(code);
  });

  test('a step-up that this desk cannot ask for refuses', () => {
    const { gateway } = judging({ stepUp: 'code' });
    expect(gateway.propose('echo', FIVE, context())).toMatchObject({ code: 'tools/step-up' });
  });

  test('a schema with a mistake in it does not open', () => {
    expect(() => desk({ arguments: { type: 'object', propertys: {} } })).toThrow(/`echo`.*propertys/);
  });
});
