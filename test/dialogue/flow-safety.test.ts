import { expect, it } from 'vitest';
import type { Command, DeskPack, DialogueAct } from '../../main/dialogue/index.ts';
import { Driver, smallDesk } from './flow-driver.ts';

/** A small repeatable source of chance (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const COMMANDS: readonly ((random: () => number) => Command)[] = [
  (random) => ({
    command: 'startFlow',
    flow: ['transfer', 'balance', 'hours', 'fraud', 'nowhere'][Math.floor(random() * 5)] ?? '',
  }),
  (random) => ({
    command: 'setSlot',
    slot: 'amount',
    value: String(Math.floor(random() * 3)),
    confidence: random(),
  }),
  () => ({ command: 'setSlot', slot: 'to', value: 'savings', confidence: 1 }),
  (random) => ({ command: 'setSlot', slot: 'urgent', value: random() < 0.5 ? 'yes' : 'no', confidence: 1 }),
  (random) => ({ command: 'setSlot', slot: 'pin', value: '9876', confidence: random() }),
  () => ({ command: 'setSlot', slot: '__proto__', value: 'x', confidence: 1 }),
  (random) => ({ command: 'correctSlot', slot: '', value: String(Math.floor(random() * 3)), confidence: 1 }),
  () => ({ command: 'affirm' }),
  () => ({ command: 'affirm' }),
  () => ({ command: 'affirm' }),
  () => ({ command: 'deny' }),
  () => ({ command: 'cancel' }),
  () => ({ command: 'help' }),
  () => ({ command: 'repeat' }),
  () => ({ command: 'askKnowledge', question: 'when are you open' }),
  () => ({ command: 'outOfScope' }),
];

/** Sentences that lead somewhere, so that chance does not spend its time at the door. */
const LIKELY: readonly (readonly Command[])[] = [
  [
    { command: 'startFlow', flow: 'transfer' },
    { command: 'setSlot', slot: 'amount', value: '7', confidence: 1 },
    { command: 'setSlot', slot: 'to', value: 'savings', confidence: 1 },
    { command: 'setSlot', slot: 'urgent', value: 'no', confidence: 1 },
  ],
  [{ command: 'affirm' }],
  [{ command: 'affirm' }, { command: 'correctSlot', slot: 'amount', value: '8', confidence: 1 }],
  [
    { command: 'affirm' },
    { command: 'startFlow', flow: 'transfer' },
    { command: 'setSlot', slot: 'to', value: 'checking', confidence: 1 },
  ],
];

/** Holds what must be true of every act against what has happened so far. */
class Judge {
  readonly needsYes = new Map<string, { readonly turn: number; readonly screenOnly: boolean }>();
  readonly #gone = new Set<string>();
  turn = 0;
  executed = 0;

  judge(acts: readonly DialogueAct[], saidYes: boolean, onScreen: boolean): void {
    for (const act of acts) {
      if (act.act === 'execute') this.#executes(act, saidYes, onScreen);
      if (act.act === 'withdraw' || act.act === 'execute') this.#gone.add(act.proposalId);
    }
  }

  #executes(act: Extract<DialogueAct, { act: 'execute' }>, saidYes: boolean, onScreen: boolean): void {
    expect(this.#gone.has(act.proposalId), 'done twice, or after it was withdrawn').toBe(false);
    const asked = this.needsYes.get(act.proposalId);
    expect(act.approvedBy === 'none').toBe(asked === undefined);
    if (!asked) return;
    this.executed += 1;
    expect(asked.turn, 'done in the turn it was proposed').toBeLessThan(this.turn);
    expect(onScreen || (saidYes && !asked.screenOnly), 'done without a yes').toBe(true);
    expect(act.approvedBy === 'screen').toBe(onScreen);
  }
}

function commandsBy(random: () => number): readonly Command[] {
  if (random() < 0.5) return LIKELY[Math.floor(random() * LIKELY.length)] ?? [];
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const make = COMMANDS[Math.floor(random() * COMMANDS.length)];
    return make ? make(random) : { command: 'help' };
  });
}

function oneConversation(pack: DeskPack, random: () => number): Judge {
  const judge = new Judge();
  const driver = new Driver(pack, {
    propose: (_tool, _arguments, proposalId) => {
      if (random() < 0.2) return { kind: 'ready', proposalId };
      if (random() < 0.1) return { kind: 'refused', code: 'no', say: 'No.' };
      const screenOnly = random() < 0.2;
      judge.needsYes.set(proposalId, { turn: judge.turn, screenOnly });
      return { kind: 'confirm', proposalId, text: 'Shall I?', onScreenOnly: screenOnly };
    },
    execute: () =>
      random() < 0.7
        ? { kind: 'ok', result: { balance: 1 } }
        : { kind: 'unknown', code: 'x', say: 'Unknown.' },
  });
  while (judge.turn < 25) {
    judge.turn += 1;
    const before = driver.acts.length;
    const kind = random();
    // Now and then the turn is broken off in the middle, as speaking over the agent does.
    const stopAt = random() < 0.1 ? (['say', 'propose', 'execute'][Math.floor(random() * 3)] ?? null) : null;
    let commands: readonly Command[] = [];
    if (kind < 0.03) driver.drive(driver.dialogue.silence(), stopAt);
    else if (kind < 0.06) driver.drive(driver.dialogue.fault('x'), stopAt);
    else if (kind < 0.16) driver.drive(driver.dialogue.decide(random() < 0.7 ? 'approve' : 'refuse'), stopAt);
    else {
      commands = commandsBy(random);
      const via = random() < 0.5 ? 'voice' : 'typed';
      driver.hear(commands, { via, confidence: random() }, stopAt);
    }
    const saidYes = commands.some(({ command }) => command === 'affirm');
    const saidNo = commands.some(({ command }) => command === 'deny');
    judge.judge(driver.acts.slice(before), saidYes && !saidNo, kind >= 0.06 && kind < 0.16);
    const shown = [driver.acts.slice(before).filter(({ act }) => act === 'say'), driver.dialogue.snapshot()];
    expect(JSON.stringify(shown), 'a sensitive value was said or shown').not.toContain('9876');
  }
  return judge;
}

it('whatever is said, what needs a yes is done only in a later turn than it was proposed in, once, and after a yes', async () => {
  const pack = await smallDesk();
  let executed = 0;
  for (let seed = 1; seed <= 800; seed++) {
    try {
      executed += oneConversation(pack, chance(seed)).executed;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  // The property would hold of a dialogue that never does anything.
  expect(executed).toBeGreaterThan(200);
});

it('from wherever a conversation has got to, whoever asks for a person gets one', async () => {
  const pack = await smallDesk({
    'flows/pay.yaml': `flow: pay
description: pay a bill
phrases: [pay a bill]
slots: {account: {type: choice, ask: From where?, remember: false, options: {savings: [savings], checking: [checking]}, validate: {call: balance, with: {account: "{account}"}, save: look, must: look.balance > 0, otherwise: That one is empty.}}}
steps:
  - collect: [account]
  - do: balance
`,
  });
  const person: Command = { command: 'handOff' };
  const reached = new Set<string>();
  for (let seed = 1; seed <= 400; seed++) {
    const random = chance(seed);
    const driver = new Driver(pack, {
      execute: () => ({ kind: 'ok', result: { balance: random() < 0.5 ? 0 : 1 } }),
    });
    driver.hear([{ command: 'startFlow', flow: random() < 0.5 ? 'pay' : 'transfer' }]);
    for (let turns = Math.floor(random() * 8); turns > 0; turns--) driver.hear(commandsBy(random));
    if (driver.acts.some(({ act }) => act === 'end')) continue;
    reached.add(JSON.stringify(driver.dialogue.expectation));
    const before = driver.acts.length;
    driver.hear([person]);
    expect(
      driver.acts.slice(before).map(({ act }) => act),
      `seed ${seed}`,
    ).toContain('handOff');
    expect(driver.dialogue.snapshot().flow, `seed ${seed}`).toBeNull();
  }
  // The property would hold of conversations that get nowhere.
  expect(reached.size).toBeGreaterThan(8);
});
