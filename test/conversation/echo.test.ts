/** Speaker on, echo cancellation off, in a real room (its measured impulse response): the agent does not answer itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type Branch, openBranch, say, type Visit } from './real-desk.ts';
import { inARoom } from './room.ts';

let branch: Branch;
beforeAll(async () => {
  branch = await openBranch();
});
afterAll(() => branch.close());

function visitIn(room: Parameters<typeof inARoom>[1]): Promise<Visit> {
  return branch.begin({ around: (endpoint) => inARoom(endpoint, room) });
}

const of = (visit: Visit, type: string) => visit.events.filter((event) => event.type === type);
async function greeted(visit: Visit): Promise<void> {
  await eventually(() => expect(of(visit, 'heard')).toHaveLength(1), 60_000);
}

test('it says all it has to say; where the carrier cannot tell what it plays, it answers itself', async () => {
  const visit = await visitIn({ returnDb: -6, delayMs: 120 });
  await greeted(visit);
  expect(of(visit, 'final')).toEqual([]);
  expect(of(visit, 'heard')).toMatchObject([{ interrupted: false }]);
  await visit.conversation.end('test');
  const deaf = await visitIn({ returnDb: -6, delayMs: 120, told: false });
  await eventually(() => expect(of(deaf, 'final')).not.toEqual([]), 60_000);
  await deaf.conversation.end('test');
}, 90_000);

test('a person who speaks over it is heard, and it stops', async () => {
  const visit = await visitIn({ returnDb: -12, delayMs: 120 });
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await say(visit, 'i want to check my savings balance');
  await eventually(() => expect(of(visit, 'final')).toHaveLength(1), 10_000);
  expect(of(visit, 'understood')).toMatchObject([{ inScope: true, slots: { account: 'savings' } }]);
  expect(of(visit, 'heard')[0]).toMatchObject({ interrupted: true });
  await visit.conversation.end('test');
}, 60_000);
