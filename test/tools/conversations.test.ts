/** The sample desks, typed to: pack, dialogue, gateway and demo server together. */
import { expect, test } from 'vitest';
import { systemClock } from '../../main/base/index.ts';
import {
  type ActResult,
  buildKnowledge,
  compileDesk,
  createDialogue,
  type DialogueTurn,
  loadDeskPack,
} from '../../main/dialogue/index.ts';
import { context, openGateway } from './support.ts';

const packs = {
  bank: await loadDeskPack(new URL('../../desks/bank-branch', import.meta.url).pathname),
  clinic: await loadDeskPack(new URL('../../desks/clinic-frontdesk', import.meta.url).pathname),
};
const compiled = { bank: compileDesk(packs.bank), clinic: compileDesk(packs.clinic) };

/** A conversation: type a sentence, get what the agent says and does. */
function talkTo(name: 'bank' | 'clinic') {
  const pack = packs[name];
  const desk = compiled[name];
  const { gateway } = openGateway({ ...pack, id: pack.desk.id });
  const dialogue = createDialogue({ desk, knowledge: buildKnowledge(pack.knowledge), clock: systemClock });
  let turn = 0;
  async function run(acts: DialogueTurn): Promise<string> {
    const heard: string[] = [];
    let result: ActResult;
    for (let next = acts.next(); !next.done; next = acts.next(result)) {
      const act = next.value;
      result = undefined;
      if (act.act === 'say') heard.push(act.text);
      else if (act.act === 'propose') result = gateway.propose(act.tool, act.arguments, context(turn));
      else if (act.act === 'execute') {
        const by = act.approvedBy;
        const approval = by === 'none' ? null : { by, turn, confidence: 1 };
        result = await gateway.execute(act.proposalId, approval, context(turn));
      } else if (act.act === 'withdraw') gateway.withdraw(act.proposalId);
      else heard.push(`[${act.act}: ${act.reason}]`);
    }
    return heard.join(' ');
  }
  return {
    begin: () => run(dialogue.begin()),
    say(text: string) {
      turn += 1;
      const understanding = desk.understand(text, dialogue.expectation, Date.now());
      return run(dialogue.hear({ text, via: 'typed', confidence: 1, understanding }));
    },
  };
}

async function saying(name: 'bank' | 'clinic', turns: readonly (readonly [said: string, answer: RegExp])[]) {
  const desk = talkTo(name);
  for (const [said, answer] of turns) expect(await desk.say(said), said).toMatch(answer);
}

test('the bank begins by saying what it is', async () => {
  expect(await talkTo('bank').begin()).toMatch(/automated assistant.*not a person.*How can I help/);
});

test('balance: identified once, then asked for the other account without a number', () =>
  saying('bank', [
    ["what's my savings balance", /customer number/],
    ['one zero zero two zero zero', /phone code/],
    ['4711', /Your savings balance is twelve thousand dollars\./],
    ['how much do i have in my checking account', /two thousand four hundred fifty dollars and fifty cents/],
  ]));

test('balance: a wrong code is asked for once more, then a teller comes', () =>
  saying('bank', [
    ['check my balance please, i want to know my balance', /customer number/],
    ['100200', /phone code/],
    ['0000', /once more.*customer number/i],
    ['100200', /phone code/],
    ['1111', /teller.*\[handOff/],
  ]));

test('transfer: read back, and done after a yes; a no lets the amount be changed', () =>
  saying('bank', [
    ['i want to move fifty dollars from my checking account to my savings account', /customer number/],
    ['100200', /phone code/],
    ['4711', /move fifty dollars from your checking account to your savings account\. Is that right\?/],
    ['no, sixty dollars', /move sixty dollars/],
    ['yes', /Done\. Your checking balance is now two thousand three hundred ninety dollars and fifty cents/],
  ]));

test('transfer: above the limit it is refused, and said how much is allowed', () =>
  saying('bank', [
    ['transfer five thousand dollars from savings to checking', /customer number/],
    ['100200', /phone code/],
    ['4711', /more than I may do.*two thousand dollars/],
  ]));

test('a lost card is blocked after a yes, and not after a no', () =>
  saying('bank', [
    ['i lost my credit card', /customer number/],
    ['100200', /phone code/],
    ['4711', /block your credit card now.*Shall I/],
    ['no', /not done it/i],
    ['cancel', /stopped|cancelled/i],
    ['block my debit card', /block your debit card now/],
    ['yes', /debit card ending in four four one two is blocked/],
  ]));

test('fraud takes over what was going on, blocks the cards if wanted, and gets a teller at once', () =>
  saying('bank', [
    ['transfer money', /customer number/],
    ['someone is stealing my money', /hang up now.*customer number/],
    ['100200', /phone code/],
    ['4711', /block all of your cards/],
    ['yes', /cards are blocked.*\[handOff/],
  ]));

test('an appointment: a closed day is asked for again, a time that is gone with the next free one', async () => {
  const desk = talkTo('bank');
  expect(await desk.say('i want to book an appointment about a mortgage')).toMatch(/What day/);
  expect(await desk.say('next sunday')).toMatch(/closed on that day\. What day/);
  expect(await desk.say('next wednesday')).toMatch(/what time/i);
  expect(await desk.say('nine in the evening')).toMatch(/next free time is .* What day/);
  expect(await desk.say('next wednesday')).toMatch(/what time/i);
  expect(await desk.say('half past two')).toMatch(/phone number/);
  expect(await desk.say('202 555 0101')).toMatch(
    /Wednesday.*two thirty.*two zero two five five five zero one zero one/,
  );
  expect(await desk.say('yes please')).toMatch(/booked on .* with Mr\. Makebelieve/);
});

test('questions are answered from the pages, and a person is always a word away', () =>
  saying('bank', [
    ['where can i park', /free for customers behind the branch/],
    ['what are your opening hours', /Monday to Friday from nine/],
    ['are you open on sunday', /On Sunday, .* we are closed/],
    ['what is the fee for a wire transfer', /twenty five dollars/],
    ['get me a teller please', /teller will be with you.*\[handOff/],
  ]));

test('clinic: found once, checks in, asks for a refill with the medicine read back', () =>
  saying('clinic', [
    ["i'm here for my appointment", /phone number/],
    ['two zero two five five five zero one zero one', /date of birth/],
    ['may second nineteen eighty', /check you in/],
    ['yes', /checked in with Doctor Imaginary.*the waiting room/],
    ['i need a refill of my lisinopril', /lisinopril/i],
  ]));

test('clinic: an appointment is moved, and then cancelled', () =>
  saying('clinic', [
    ['i want to move my appointment to next wednesday at eleven', /phone number/],
    ['2025550103', /date of birth/],
    [
      'january fifteenth 1999',
      /Your next appointment is on .* with Doctor Imaginary.*move your next appointment to Wednesday/,
    ],
    ['yes', /is now on/],
    ['cancel my appointment', /cancel your next appointment/],
    ['yes', /is cancelled/],
  ]));

test('clinic: emergency words hand over at once, whatever was going on', () =>
  saying('clinic', [
    ['i need a refill', /phone number/],
    ['i cannot breathe', /\[handOff: emergency/],
  ]));

test('clinic: the way is told', () =>
  saying('clinic', [
    ['where is the lab', /end of the hall to the left/],
    ['how do i get to the bathroom', /behind the front desk/],
    ['do you take my insurance', /Medicare/],
  ]));
