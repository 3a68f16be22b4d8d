import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openThrowaway, type Throwaway } from '../../main/appliance.ts';
import { pathsIn, silentLog } from '../../main/base/index.ts';
import type { ConversationEvent } from '../../main/conversation/index.ts';
import { requestStandstill, standstillFolder } from '../../main/guard/index.ts';
import { eventually } from '../support/eventually.ts';
import { refusal } from '../vault/support.ts';

const BANK = fileURLToPath(new URL('../../desks/bank-branch', import.meta.url));
let house: Throwaway;
let folder: string;
beforeAll(async () => {
  house = await openThrowaway({ deskFolder: BANK, log: silentLog, sound: false });
  folder = standstillFolder(pathsIn(house.folder).deskData);
});
afterAll(() => house.close());

/** A typed conversation, and what is said in it. */
function converse() {
  const live = house.core.converse({ member: null, endpoint: null, mode: 'handsFree' });
  const said: string[] = [];
  live.onEvent((event: ConversationEvent) => {
    if (event.type === 'reply') said.push(event.text);
  });
  return { live, said };
}

async function add(username: string) {
  const member = {
    username,
    displayName: username,
    passphrase: 'violet harbour kestrel',
    roles: ['admin'],
  } as const;
  return (await house.core.identity.createMember(member, 'system')).id;
}

test('the big red button from another program ends what is held politely, refuses what is new, and is lifted by two', async () => {
  const { core } = house;
  const { live, said } = converse();
  await eventually(() => expect(said.length).toBeGreaterThan(1));
  const pressed = performance.now();
  requestStandstill(folder, { scope: 'all' });
  expect(await live.ended).toBe('standstill');
  expect(performance.now() - pressed).toBeLessThan(1000);
  expect(said.at(-1)).toBe('I am sorry, I have to stop here. Please speak with a teller.');
  expect(await refusal(() => converse())).toBe('standstill/stopped');
  const [ada, ben] = [await add('ada'), await add('ben')];
  const { standstill } = core.safeguards;
  expect(standstill.lift({ scope: 'all' }, ada)).toMatchObject({ kind: 'waiting' });
  expect(await refusal(() => converse())).toBe('standstill/stopped');
  standstill.lift({ scope: 'all' }, ben);
  const again = converse();
  await again.live.end('done');
  expect(core.audit.verify().ok).toBe(true);
});

test('a tool is stopped within the turn, and the conversation goes on without it', async () => {
  const { live, said } = converse();
  requestStandstill(folder, { scope: 'tool', name: 'opening_hours' });
  live.type('When are you open on Monday?');
  await eventually(() => expect(said.join(' ')).toMatch(/switched off/));
  expect(said.join(' ')).not.toMatch(/speak with/);
  await live.end('done');
});
