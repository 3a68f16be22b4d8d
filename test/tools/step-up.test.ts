import { expect, test } from 'vitest';
import { totpCode } from '../../main/identity/index.ts';
import { openToolLedger, type StepUpPort } from '../../main/tools/index.ts';
import { testClock, throwaway } from '../vault/support.ts';
import { context, oddDesk, openGateway, toolEntry } from './support.ts';

const KEY = Buffer.from('12345678901234567890');
const AT = Date.UTC(2026, 4, 4, 12);
const STEP = 30_000;

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  ann: ['staff'],
  bob: ['staff'],
  sue: ['supervisor'],
  eve: [],
};
const port: StepUpPort = {
  codeKey: (member) => (member === 'ann' ? KEY : null),
  rolesOf: (member) => MEMBERS[member] ?? [],
};

async function desk(stepUp: 'code' | 'secondPerson', roles: StepUpPort = port) {
  const clock = testClock(AT);
  const vault = await throwaway(clock);
  const ledger = () => openToolLedger(vault, null, { clock });
  const tools = { echo: toolEntry({ risk: 'money', confirm: 'screen', confirmText: 'Shall I?', stepUp }) };
  const steps: string[] = [];
  const at = (turn: number, memberId: string | null = 'ann') =>
    context(turn, { memberId, journal: (step) => steps.push(JSON.stringify(step)) });
  const open = () => openGateway(oddDesk(tools), { clock, ledger: ledger(), stepUp: roles });
  const { gateway, events } = open();
  return {
    clock,
    vault,
    steps,
    gateway,
    events,
    open,
    at,
    propose(on = gateway) {
      const proposal = on.propose('echo', {}, at(1));
      if (proposal.kind !== 'confirm') throw new Error(JSON.stringify(proposal));
      expect(proposal).toMatchObject({ stepUp, onScreenOnly: true });
      return proposal.proposalId;
    },
    async execute(id: string) {
      const outcome = await gateway.execute(id, { by: 'screen', turn: 1, confidence: 1 }, at(2));
      return outcome.kind === 'ok' ? 'ok' : outcome.code;
    },
  };
}

function codeOf(result: { kind: string; code?: string }): string {
  return result.code ?? result.kind;
}

test.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('one-time codes are those of RFC 6238, appendix B: at %d s %s', (seconds, code) => {
  expect(totpCode(KEY, seconds * 1000, 8)).toBe(code);
});

test('a code of the member signed in, good for this call, once, and nowhere written down', async () => {
  const { gateway, events, steps, vault, propose, execute } = await desk('code');
  const id = propose();
  expect(await execute(id)).toBe('tools/step-up-needed');
  const code = totpCode(KEY, AT);
  expect(gateway.stepUp(id, { kind: 'code', memberId: 'ann', code })).toEqual({ kind: 'ok' });
  expect(await execute(id)).toBe('ok');
  expect(events.find(({ event }) => event === 'called')).toMatchObject({ stepUp: 'code', stepUpBy: 'ann' });
  expect(codeOf(gateway.stepUp(propose(), { kind: 'code', memberId: 'ann', code }))).toBe(
    'tools/step-up-replayed',
  );
  expect(JSON.stringify([events, steps])).not.toContain(code);
  const kept = ['tool_uses', 'tool_codes', 'tool_code_misses'].map((table) =>
    vault.db.prepare(`SELECT * FROM ${table}`).all(),
  );
  expect(JSON.stringify(kept)).not.toContain(code);
});

test('a code of the step before is good, of two before or of later is not; nor is one used before a restart', async () => {
  const { clock, open, propose } = await desk('code');
  const early = totpCode(KEY, AT - 2 * STEP);
  const late = totpCode(KEY, AT + 2 * STEP);
  const { gateway } = open();
  const id = propose(gateway);
  for (const code of [early, late])
    expect(codeOf(gateway.stepUp(id, { kind: 'code', memberId: 'ann', code }))).toBe('tools/step-up-wrong');
  const code = totpCode(KEY, AT - STEP);
  expect(codeOf(gateway.stepUp(id, { kind: 'code', memberId: 'ann', code }))).toBe('ok');
  const restarted = open().gateway;
  expect(codeOf(restarted.stepUp(propose(restarted), { kind: 'code', memberId: 'ann', code }))).toBe(
    'tools/step-up-replayed',
  );
  clock.advance(STEP);
  const next = totpCode(KEY, AT + STEP);
  expect(codeOf(restarted.stepUp(propose(restarted), { kind: 'code', memberId: 'ann', code: next }))).toBe(
    'ok',
  );
});

test('the third wrong code ends the proposal and locks codes for a quarter of an hour, over a restart too', async () => {
  const { gateway, events, clock, open, propose, execute } = await desk('code');
  const id = propose();
  const guess = (code: string, on = gateway, at = id) =>
    codeOf(on.stepUp(at, { kind: 'code', memberId: 'ann', code }));
  expect(guess('000000')).toBe('tools/step-up-wrong');
  expect(guess('')).toBe('tools/step-up-wrong');
  expect(guess('12345678901')).toBe('tools/step-up-locked');
  expect(events.at(-1)).toMatchObject({ event: 'withdrawn', proposalId: id });
  expect(await execute(id)).toBe('tools/not-pending');
  const restarted = open().gateway;
  expect(guess(totpCode(KEY, clock.now()), restarted, propose(restarted))).toBe('tools/step-up-locked');
  clock.advance(15 * 60_000 + 1);
  expect(guess(totpCode(KEY, clock.now()), restarted, propose(restarted))).toBe('ok');
});

test('a code of somebody else, a member without one, another kind of proof, an unknown proposal: refused', async () => {
  const { gateway, propose } = await desk('code');
  const id = propose();
  const code = totpCode(KEY, AT);
  expect(codeOf(gateway.stepUp(id, { kind: 'code', memberId: 'bob', code }))).toBe('tools/step-up-member');
  expect(codeOf(gateway.stepUp(id, { kind: 'secondPerson', memberId: 'sue' }))).toBe('tools/step-up-kind');
  expect(codeOf(gateway.stepUp('none', { kind: 'code', memberId: 'ann', code }))).toBe('tools/not-pending');
  const without = await desk('code', { ...port, codeKey: () => null });
  expect(codeOf(without.gateway.stepUp(without.propose(), { kind: 'code', memberId: 'ann', code }))).toBe(
    'tools/step-up-not-enrolled',
  );
});

test('a second person: another member, with the role, while they have it, and for two minutes', async () => {
  const taken = new Set<string>();
  const roles: StepUpPort = { ...port, rolesOf: (id) => (taken.has(id) ? [] : port.rolesOf(id)) };
  const { gateway, events, clock, propose, execute } = await desk('secondPerson', roles);
  const by = (memberId: string, id: string) => codeOf(gateway.stepUp(id, { kind: 'secondPerson', memberId }));
  const first = propose();
  expect(by('ann', first)).toBe('tools/step-up-same-person');
  for (const nobody of ['bob', 'eve', 'mallory']) expect(by(nobody, first)).toBe('tools/step-up-role');
  expect(await execute(first)).toBe('tools/step-up-needed');
  expect(by('sue', first)).toBe('ok');
  taken.add('sue');
  expect(await execute(first)).toBe('tools/step-up-role');
  taken.clear();
  clock.advance(2 * 60_000 + 1);
  expect(await execute(first)).toBe('tools/step-up-old');
  expect(by('sue', first)).toBe('ok');
  expect(await execute(first)).toBe('ok');
  expect(events.find(({ event }) => event === 'called')).toMatchObject({
    stepUp: 'secondPerson',
    stepUpBy: 'sue',
  });
  // It was for that call: the next one needs its own.
  expect(await execute(propose())).toBe('tools/step-up-needed');
});

test('without a port, or with nobody signed in, what asks for a step-up is refused', async () => {
  const { gateway, at } = await desk('code');
  expect(gateway.propose('echo', {}, at(1, null))).toMatchObject({ code: 'tools/step-up' });
  const bare = openGateway({ ...oddDesk({ echo: toolEntry({ stepUp: 'code' }) }), servers: {} });
  expect(bare.gateway.propose('echo', {}, context(1, { memberId: 'ann' }))).toMatchObject({
    code: 'tools/step-up',
  });
});
