/** Whom a conversation is about: found and forgotten by what the desk's pack says a person is known by. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openThrowaway, type Throwaway } from '../../main/appliance.ts';
import { installRoot, silentLog } from '../../main/base/index.ts';
import type { ConversationEvent } from '../../main/conversation/index.ts';

const houses = new Map<string, Throwaway>();
beforeAll(async () => {
  for (const desk of ['bank-branch', 'clinic-frontdesk']) {
    const deskFolder = join(installRoot, 'desks', desk);
    houses.set(desk, await openThrowaway({ deskFolder, log: silentLog, sound: false }));
  }
}, 30_000);
afterAll(() => Promise.all([...houses.values()].map((house) => house.close())));

/** Holds a typed conversation; whom the record says that it is about. */
async function about(desk: string, ...sentences: readonly (readonly [said: string, answer: RegExp])[]) {
  const house = houses.get(desk);
  if (!house) throw new Error('no such desk');
  const live = house.core.converse({ member: null, endpoint: null, mode: 'handsFree' });
  const said: string[] = [];
  live.onEvent((event: ConversationEvent) => {
    if (event.type === 'reply') said.push(event.text);
  });
  for (const [sentence, answer] of sentences) {
    const before = said.length;
    live.type(sentence);
    await expect.poll(() => said.slice(before).join(' '), { timeout: 5000 }).toMatch(answer);
  }
  await live.end('done');
  await live.ended;
  return house.core.records.read({ memberId: 'eve', reason: 'a test' }, live.id).conversation.subjectId;
}

test('at the bank it is the customer number that was given', async () => {
  const ask = (number: string) =>
    about('bank-branch', ["what's my savings balance", /customer number/], [number, /phone code/]);
  const first = await ask('100200');
  expect(first).not.toBeNull();
  expect(await ask('100200')).toBe(first);
  expect(await ask('100300')).not.toBe(first);
});

test('at the clinic it is telephone and date of birth together, in whatever order they come', async () => {
  const cancel = ['i want to cancel my appointment', /phone number/] as const;
  const ask = (phone: string, born: string) =>
    about('clinic-frontdesk', cancel, [phone, /date of birth/], [born, /./]);
  const first = await ask('202 555 0101', 'may second nineteen eighty');
  expect(first).not.toBeNull();
  expect(await ask('2025550101', '5/2/1980')).toBe(first);
  // Another one of the family.
  expect(await ask('2025550101', 'january fifteenth 1999')).not.toBe(first);
  // Not known yet by one of the two.
  expect(await about('clinic-frontdesk', cancel, ['202 555 0101', /date of birth/])).toBeNull();
});
