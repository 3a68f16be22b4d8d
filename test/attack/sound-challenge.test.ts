/** The spoken challenge with everything real: a replay is asked for fresh digits; a person can say them, a recording cannot. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../main/base/index.ts';
import { openSoundGuard, type SoundGuard } from '../../main/guard/index.ts';
import { type Branch, openBranch, say, type Visit } from '../conversation/real-desk.ts';
import { eventually } from '../support/eventually.ts';

const ORDER = 'i want to check my savings balance';

let branch: Branch;
let soundGuard: SoundGuard;
beforeAll(async () => {
  branch = await openBranch();
  soundGuard = openSoundGuard({
    audit: branch.audit,
    clock: systemClock,
    policy: { repeat: [{ from: 0.5, act: 'challenge' }] },
  });
});
afterAll(() => branch.close());

const replies = (visit: Visit, from = 0) =>
  visit.events.slice(from).flatMap((event) => (event.type === 'reply' ? [event.text] : []));

async function comes(): Promise<Visit> {
  const visit = await branch.begin({ soundGuard });
  await answered(visit, 0);
  return visit;
}

/** The agent has begun to answer, and is made to stop. */
async function answered(visit: Visit, from: number): Promise<void> {
  const state = () => visit.events.slice(from).findLast((event) => event.type === 'state');
  await eventually(() => expect(replies(visit, from)).not.toEqual([]), 15_000);
  await eventually(() => expect(state()).toMatchObject({ state: 'speaking' }), 5_000);
  visit.conversation.stopSpeaking();
  await eventually(() => expect(state()).toMatchObject({ state: 'listening' }), 10_000);
}

/** Says it, and tells what the agent answers. */
async function answerTo(visit: Visit, text: string): Promise<string> {
  const from = visit.events.length;
  await say(visit, text);
  await answered(visit, from);
  return replies(visit, from).join(' ');
}

const finals = (visit: Visit) =>
  visit.events.flatMap((event) => (event.type === 'final' ? [event.text] : []));
const digitsIn = (asked: string) => /these numbers: (.*)\.$/.exec(asked)?.[1] ?? '';
const findings = () =>
  branch.audit
    .recent(100)
    .map(({ json }) => JSON.parse(json))
    .filter(({ metadata }) => metadata.event_code === 'guard.finding')
    .map(({ unmapped }) => `${unmapped.kind} ${unmapped.did}`);

it('holds back what a recording orders until somebody there says fresh digits', {
  timeout: 120_000,
}, async () => {
  const person = await comes();
  expect(await answerTo(person, ORDER)).toContain('customer number');
  await person.conversation.end('test');
  expect(findings()).not.toContain('repeat challenge');

  // The same sound once more, in another conversation: whatever is asked, the recording says what it says.
  const replay = await comes();
  const first = digitsIn(await answerTo(replay, ORDER));
  const second = digitsIn(await answerTo(replay, ORDER));
  expect(first.split(' ')).toHaveLength(4);
  expect(second.split(' ')).toHaveLength(4);
  expect(second).not.toBe(first);
  expect(digitsIn(await answerTo(replay, ORDER))).toBe('');
  expect(finals(replay)).toEqual([]);
  await replay.conversation.end('test');
  expect(findings()).toContain('repeat challenge');

  // Somebody whose order sounds like one from before, and who is there.
  const live = await comes();
  const asked = digitsIn(await answerTo(live, ORDER));
  expect(finals(live)).toEqual([]);
  expect(await answerTo(live, asked)).toContain('customer number');
  expect(finals(live)).toEqual([ORDER]);
  await live.conversation.end('test');
});
