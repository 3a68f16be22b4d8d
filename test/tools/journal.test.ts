import { expect, test } from 'vitest';
import { SottoError } from '../../main/base/index.ts';
import type { GatewayEvent } from '../../main/tools/index.ts';
import { CONVERSATION, context, oddDesk, openGateway, spokenYes, toolEntry } from './support.ts';

/** A journal that keeps the steps, and refuses some as a full disk does. */
function journal(refused: readonly GatewayEvent['event'][] = []) {
  const steps: GatewayEvent[] = [];
  return {
    steps,
    write: (step: GatewayEvent) => {
      if (refused.includes(step.event)) throw new SottoError('vault/disk-full', 'The disk is full.');
      steps.push(step);
    },
  };
}

const desk = oddDesk({ echo: toolEntry({ risk: 'write', confirm: 'spoken' }) });

async function approvedCall(refused: readonly GatewayEvent['event'][] = []) {
  const { gateway, events } = openGateway(desk);
  const { steps, write } = journal(refused);
  const proposal = gateway.propose('echo', {}, context(1, { journal: write }));
  if (proposal.kind === 'refused') return { outcome: proposal, steps, events };
  const outcome = await gateway.execute(proposal.proposalId, spokenYes(2), context(2, { journal: write }));
  return { outcome, steps, events };
}

test('every step is written down before it is told, with who approved it', async () => {
  const { steps, events } = await approvedCall();
  expect(steps.map(({ event }) => event)).toEqual(['proposed', 'called', 'answered']);
  expect(steps[1]).toMatchObject({ tool: 'echo', approvedBy: 'voice' });
  expect(events).toEqual(
    steps.map((step) => expect.objectContaining({ ...step, conversationId: CONVERSATION })),
  );
});

test('a call that cannot be written down does not go out', async () => {
  const { outcome, steps, events } = await approvedCall(['called']);
  expect(outcome).toMatchObject({ kind: 'refused', code: 'tools/not-recorded' });
  expect(steps.map(({ event }) => event)).toEqual(['proposed', 'refused']);
  expect(events.map(({ event }) => event)).toEqual(['proposed', 'refused']);
});

test('a proposal that cannot be written down is none', async () => {
  const { outcome, events } = await approvedCall(['proposed', 'refused']);
  expect(outcome).toMatchObject({ kind: 'refused', code: 'tools/not-recorded' });
  expect(events.map(({ event }) => event)).toEqual(['refused']);
});

test('an answer that cannot be written down is still given: what happened has happened', async () => {
  const { outcome } = await approvedCall(['answered']);
  expect(outcome.kind).toBe('ok');
});
