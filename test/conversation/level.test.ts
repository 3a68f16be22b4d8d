/** A voice that the microphone hardly gets, or gets too much of: the person is told, through the whole conversation. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { personSays } from './person.ts';
import { type Branch, openBranch, type Visit } from './real-desk.ts';

let branch: Branch;
beforeAll(async () => {
  branch = await openBranch();
});
afterAll(() => branch.close());

const SAID = 'When are you open on Saturday?';

test('a level that is too low or clipped is told to the person, and one that is right is not', async () => {
  const { samples, sampleRate } = await personSays(SAID);
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const visits = await Promise.all([branch.begin(), branch.begin(), branch.begin()]);
  const [faint, loud, right] = visits;
  // The agent greets them; they speak into it.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await Promise.all([
    speak(faint, (value) => (value / loudest) * 0.01),
    speak(loud, (value) => Math.max(-1, Math.min(1, (value / loudest) * 30))),
    speak(right, (value) => (value / loudest) * 0.5),
  ]);
  await eventually(() => expect(noticesOf(faint)).toContain('level-low'), 20_000);
  await eventually(() => expect(noticesOf(loud)).toContain('level-clipped'), 20_000);
  await eventually(() => expect(right?.events.some(({ type }) => type === 'final')).toBe(true), 20_000);
  for (const code of ['level-low', 'level-clipped']) expect(noticesOf(right)).not.toContain(code);
  await Promise.all(visits.map(({ conversation }) => conversation.end('test')));

  async function speak(visit: Visit | undefined, change: (value: number) => number): Promise<void> {
    await visit?.endpoint.say(samples.map(change), sampleRate);
  }
}, 60_000);

function noticesOf(visit: Visit | undefined): string[] {
  return (visit?.events ?? []).flatMap((event) => (event.type === 'notice' ? [event.code] : []));
}
