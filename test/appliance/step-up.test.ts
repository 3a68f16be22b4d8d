/** Conversations of the shipped desks in which a yes is not enough, through the real core with its demo servers. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openThrowaway, type Throwaway } from '../../main/appliance.ts';
import { type Clock, installRoot, silentLog, systemClock } from '../../main/base/index.ts';
import type { ConversationEvent } from '../../main/conversation/index.ts';
import type { Role } from '../../main/identity/index.ts';
import { totpCode } from '../../main/tools/index.ts';

const STEP_MS = 30_000;
const houses: Throwaway[] = [];
let bank: Throwaway;
let clinic: Throwaway;
/** Codes are good once: each test has a time of its own. */
let aheadMs = 0;
const clock: Clock = {
  now: () => systemClock.now() + aheadMs,
  monotonicMs: () => systemClock.monotonicMs(),
};

beforeAll(async () => {
  const open = async (desk: string) => {
    const deskFolder = join(installRoot, 'desks', desk);
    const house = await openThrowaway({ deskFolder, log: silentLog, clock, sound: false });
    houses.push(house);
    return house;
  };
  bank = await open('bank-branch');
  clinic = await open('clinic-frontdesk');
}, 30_000);
afterAll(() => Promise.all(houses.map((house) => house.close())));

let people = 0;
async function memberOf({ core }: Throwaway, role: Role) {
  people += 1;
  const username = `${role}${people}`;
  const passphrase = 'violet harbour kestrel';
  return await core.identity.createMember(
    { username, displayName: username, passphrase, roles: [role] },
    'system',
  );
}

/** A teller with one-time codes: what the telephone shows now. */
async function teller() {
  const { id } = await memberOf(bank, 'staff');
  const { members } = bank.core;
  const key = decoded(members.beginCodes(id).secret);
  members.confirmCodes(id, totpCode(key, clock.now()));
  return {
    id,
    code: () => {
      aheadMs += STEP_MS;
      return totpCode(key, clock.now());
    },
  };
}

/** A typed conversation that a member holds: what is said to each sentence, and the tools' steps. */
function talk({ core }: Throwaway, memberId: string) {
  const live = core.converse({
    member: { id: memberId, roles: ['staff'] },
    endpoint: null,
    mode: 'handsFree',
  });
  const events: ConversationEvent[] = [];
  live.onEvent((event) => events.push(event));
  const said = () => events.flatMap((event) => (event.type === 'reply' ? [event.text] : [])).join(' ');
  const called = () => events.flatMap((event) => (event.type === 'toolCalled' ? [event.tool] : []));
  return {
    live,
    called,
    hears: (words: RegExp) => expect.poll(said, { timeout: 5000 }).toMatch(words),
    async says(sentence: string, answer: RegExp) {
      const before = said().length;
      live.type(sentence);
      await expect.poll(() => said().slice(before), { timeout: 5000 }).toMatch(answer);
    },
    proposal(tool: string): string {
      const proposed = events.findLast((event) => event.type === 'toolProposed' && event.tool === tool);
      if (proposed?.type !== 'toolProposed') throw new Error('not proposed');
      return proposed.proposalId;
    },
  };
}

async function raiseLimit(memberId: string) {
  const held = talk(bank, memberId);
  await held.says('can i raise my daily limit to five thousand dollars', /customer number/);
  await held.says('100200', /phone code/);
  await held.says('4711', /debit card or your credit card/);
  await held.says('credit', /raise the daily limit of your credit card to five thousand dollars/);
  return held;
}

function auditOf({ core }: Throwaway, action: string) {
  const entries = core.audit.recent(200).map(({ json }) => JSON.parse(json));
  return entries.filter(({ activity_name }) => activity_name === action);
}

test('the yes leads to waiting for the code; with the code the limit is raised, and the log names who entered it', async () => {
  const { id, code } = await teller();
  const { says, hears, called, proposal, live } = await raiseLimit(id);
  await says('yes', /a teller has to enter a one-time code on the screen/);
  expect(called()).not.toContain('raise_card_limit');
  const proposed = proposal('raise_card_limit');
  const { gateway } = bank.core;
  expect(gateway.stepUp(proposed, { kind: 'code', memberId: id, code: '000000' })).toMatchObject({
    kind: 'refused',
    code: 'tools/step-up-wrong',
  });
  expect(called()).not.toContain('raise_card_limit');
  expect(gateway.stepUp(proposed, { kind: 'code', memberId: id, code: code() })).toEqual({ kind: 'ok' });
  await hears(/Your credit card can now spend five thousand dollars a day/);
  expect(called().filter((tool) => tool === 'raise_card_limit')).toHaveLength(1);
  expect(JSON.stringify(auditOf(bank, 'tool.approve').at(0))).toContain(`"stepUpBy":"${id}"`);
  await live.end('done');
});

test('a no while the code is awaited is taken at its word: the code comes too late', async () => {
  const { id, code } = await teller();
  const { says, called, proposal, live } = await raiseLimit(id);
  await says('yes', /one-time code/);
  await says('no', /I have not done it/);
  expect(
    bank.core.gateway.stepUp(proposal('raise_card_limit'), { kind: 'code', memberId: id, code: code() }),
  ).toMatchObject({ code: 'tools/not-pending' });
  expect(called()).not.toContain('raise_card_limit');
  await live.end('done');
});

test('guessing codes ends it, politely, and the conversation goes on', async () => {
  const { id } = await teller();
  const { says, hears, called, proposal, live } = await raiseLimit(id);
  await says('yes', /one-time code/);
  const proposed = proposal('raise_card_limit');
  for (const guess of ['000000', '111111', '222222'])
    bank.core.gateway.stepUp(proposed, { kind: 'code', memberId: id, code: guess });
  await hears(/could not be confirmed, so I have not done it.*anything else/i);
  expect(called()).not.toContain('raise_card_limit');
  await says('what time do you open', /nine/);
  await live.end('done');
});

test('nobody signed in: a high limit is refused before anything is asked to be agreed to', async () => {
  const live = bank.core.converse({ member: null, endpoint: null, mode: 'handsFree' });
  const said: string[] = [];
  live.onEvent((event) => {
    if (event.type === 'reply') said.push(event.text);
  });
  for (const sentence of [
    'can i raise my daily limit to five thousand dollars',
    '100200',
    '4711',
    'credit',
  ]) {
    live.type(sentence);
    await expect.poll(() => said.at(-1) ?? '', { timeout: 5000 }).toMatch(/\?|anything/);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await expect.poll(() => said.join(' '), { timeout: 5000 }).toMatch(/needs somebody who is signed in/);
  await live.end('done');
});

test('records leave the clinic with the yes and a second person, who is not the first', async () => {
  const { id } = await memberOf(clinic, 'staff');
  const second = await memberOf(clinic, 'supervisor');
  const { says, hears, called, proposal, live } = talk(clinic, id);
  await says('i want to have my records sent to my specialist', /phone number/);
  await says('202 555 0101', /date of birth/);
  await says('may second nineteen eighty', /send your records to your specialist/);
  await says('yes', /a second person has to sign for it on the screen/);
  const { gateway } = clinic.core;
  const proposed = proposal('send_records');
  expect(gateway.stepUp(proposed, { kind: 'secondPerson', memberId: id })).toMatchObject({
    code: 'tools/step-up-same-person',
  });
  expect(gateway.stepUp(proposed, { kind: 'secondPerson', memberId: second.id })).toEqual({ kind: 'ok' });
  await hears(/Your records are on their way to Doctor Makebelieve/);
  expect(called()).toContain('send_records');
  expect(JSON.stringify(auditOf(clinic, 'tool.approve').at(0))).toContain(`"stepUpBy":"${second.id}"`);
  await live.end('done');
});

/** Base32, as authenticator apps take keys. */
function decoded(secret: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/[^A-Z2-7]/g, '')]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}
