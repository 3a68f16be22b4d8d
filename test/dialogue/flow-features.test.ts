import { describe, expect, it } from 'vitest';
import { checkWayOut, compileDesk, type Understanding } from '../../main/dialogue/index.ts';
import { ask, cancel, correct, Driver, no, outOfScope, set, smallDesk, start, yes } from './flow-driver.ts';

const IDENTIFY = `flow: identify
description: find out who you are
phrases: []
slots:
  number: {type: digits(4), ask: What is your number?}
  account: {type: choice, ask: Which account?, remember: false, options: {savings: [savings], checking: [checking]}}
steps:
  - collect: [number, account]
  - call: balance
    with: {account: "{account}"}
    save: who
  - if: who.found = false
    then: [{say: "I do not know {account}."}, {handOff: not known}]
`;
const PAY = `flow: pay
description: pay a bill
phrases: [pay a bill]
slots:
  from: {type: choice, ask: From where?, remember: false, options: {savings: [savings], checking: [checking]}}
  amount: {type: amount, ask: How much?, remember: false}
steps:
  - collect: [from]
  - do: identify
    with: {account: "{from}"}
  - collect: [amount]
  - call: transfer
    with: {amount: "{amount}", to: "{from}"}
  - say: "Paid by {number}, {who.balance} left."
`;

describe('a flow that does another', () => {
  const files = { 'flows/identify.yaml': IDENTIFY, 'flows/pay.yaml': PAY };

  it('asks what the other asks, under its own names, and knows what it found', async () => {
    const driver = new Driver(await smallDesk(files));
    expect(driver.hear([start('pay'), set('from', 'savings')])).toEqual(['What is your number?']);
    expect(driver.dialogue.expectation).toEqual({ kind: 'slot', flow: 'pay', slot: 'number' });
    expect(driver.hear([set('number', '1234')])).toEqual([
      '[propose balance {"account":"savings"}]',
      '[execute p1 none]',
      'How much?',
    ]);
    driver.hear([set('amount', '5.00')]);
    expect(driver.hear([yes]).slice(0, 2)).toEqual(['[execute p2 voice]', 'Paid by <number 1234>, 7 left.']);
  });

  it('takes a correction of its own slot while the other asks, and does anew what hung on it', async () => {
    const driver = new Driver(await smallDesk(files));
    driver.hear([start('pay'), set('from', 'savings')]);
    driver.hear([set('number', '1234')]);
    expect(driver.hear([correct('from', 'checking')])).toEqual([
      '[propose balance {"account":"checking"}]',
      '[execute p2 none]',
      'All right, <from checking> instead of <from savings>. How much?',
    ]);
  });

  it('is over when the other ends in a person, or a tool of it fails', async () => {
    const pack = await smallDesk(files);
    const notFound = new Driver(pack, { execute: () => ({ kind: 'ok', result: { found: false } }) });
    notFound.hear([start('pay'), set('from', 'savings')]);
    expect(notFound.hear([set('number', '1234')]).slice(2)).toEqual([
      'I do not know <from savings>.',
      'I will get a teller.',
      '[handOff not known]',
    ]);
    const failing = new Driver(pack, { execute: () => ({ kind: 'failed', code: 'x', say: 'It is down.' }) });
    failing.hear([start('pay'), set('from', 'savings')]);
    expect(failing.hear([set('number', '1234')]).slice(2)).toEqual([
      'It is down.',
      'Is there anything else I can do for you?',
    ]);
  });

  it('drops all of it when the person cancels within the other', async () => {
    const driver = new Driver(await smallDesk(files));
    driver.hear([start('pay'), set('from', 'savings')]);
    driver.hear([cancel]);
    expect(driver.dialogue.snapshot().flow).toBeNull();
  });
});

describe('a value that must meet a rule', () => {
  const files = {
    'flows/pay.yaml': `flow: pay
description: pay a bill
phrases: [pay a bill]
slots:
  account:
    type: choice
    ask: [Which account?, Which one?]
    options: {savings: [savings], checking: [checking]}
    validate: {call: balance, with: {account: "{account}"}, save: look, must: look.balance > 3, otherwise: "{account} has only {look.balance}."}
  amount:
    type: amount
    ask: How much?
    tries: 2
    afterTries: handOff
    validate:
      - {must: amount > 1, otherwise: Too little.}
      - {must: amount < 100, otherwise: Too much.}
steps:
  - collect: [account, amount]
  - say: Good.
`,
  };

  it('is asked for again, with the reason, until it does', async () => {
    const results = [{ balance: 2 }, { balance: 7 }];
    const driver = new Driver(await smallDesk(files), {
      execute: () => ({ kind: 'ok', result: results.shift() ?? {} }),
    });
    expect(driver.hear([start('pay'), set('account', 'savings')]).slice(2)).toEqual([
      '<account savings> has only 2. Which account?',
    ]);
    expect(driver.hear([set('account', 'checking')]).slice(2)).toEqual(['How much?']);
    expect(driver.hear([set('amount', '1.00')])).toEqual(['Too little. How much?']);
    expect(driver.hear([set('amount', '50.00')])).toEqual([
      'Good.',
      'Is there anything else I can do for you?',
    ]);
  });

  it('is checked before the next question, even when both were told at once', async () => {
    const driver = new Driver(await smallDesk(files));
    expect(driver.hear([start('pay'), set('amount', '500.00'), set('account', 'savings')]).slice(2)).toEqual([
      'Too much. How much?',
    ]);
  });

  it('is given up after so many tries: here for a person at once', async () => {
    const driver = new Driver(await smallDesk(files));
    driver.hear([start('pay'), set('account', 'savings')]);
    driver.hear([set('amount', '500.00')]);
    expect(driver.hear([set('amount', '600.00')])).toEqual([
      'Too much. I will get a teller.',
      '[handOff no value that can be used]',
    ]);
  });

  it('so is an answer that is not understood', async () => {
    const driver = new Driver(await smallDesk(files));
    driver.hear([start('pay'), set('account', 'savings')]);
    expect(driver.hear([outOfScope])).toEqual(['Sorry, I did not get that. How much?']);
    expect(driver.hear([outOfScope])).toEqual(['I will get a teller.', '[handOff not understood]']);
  });
});

describe('how often and how long', () => {
  async function limited(limits: string) {
    const desk = `format: 1
id: tiny-desk
name: Tiny desk
version: 1.0.0
agent: {name: Robin}
disclosures: [{id: automated, say: I am an automated assistant.}]
greeting: [Good morning., Hello., How can I help?]
handOff: {to: a teller, say: "I will get {handOff}."}
lists: {want: [i want to]}
${limits}
`;
    return new Driver(await smallDesk({ 'desk.yaml': desk }));
  }

  it('the desk says how many tries a question has', async () => {
    const driver = await limited('tries: 2');
    driver.hear([start('transfer')]);
    driver.hear([outOfScope]);
    expect(driver.hear([outOfScope])).toEqual(['I am still having trouble. Shall I get a teller?']);
  });

  it('a question that has waited long is not asked once more', async () => {
    const driver = await limited('timeLimits: {questionSeconds: 60}');
    driver.hear([start('transfer')]);
    driver.nowMs = 30_000;
    expect(driver.drive(driver.dialogue.silence())).toEqual(['Are you still there? What amount?']);
    driver.nowMs = 61_000;
    expect(driver.hear([outOfScope])).toEqual(['I am still having trouble. Shall I get a teller?']);
    expect(driver.hear([no])).toEqual(['How much?']);
  });

  it('a flow that takes long offers a person once, and goes on when nobody is wanted', async () => {
    const driver = await limited('timeLimits: {flowSeconds: 100}');
    driver.hear([start('transfer')]);
    driver.nowMs = 101_000;
    expect(driver.hear([set('amount', '5.00')])).toEqual(['This is taking a while. Shall I get a teller?']);
    expect(driver.hear([no])).toEqual(['To which account?']);
    expect(driver.hear([set('to', 'savings')])).toEqual(['Is it urgent?']);
  });

  it('a conversation that takes too long ends with a person; what waits for a yes may still have it', async () => {
    const driver = await limited('timeLimits: {conversationMinutes: 1}');
    driver.hear([start('transfer'), set('amount', '5.00'), set('to', 'savings'), set('urgent', 'no')]);
    driver.nowMs = 61_000;
    expect(driver.hear([yes])[0]).toBe('[execute p1 voice]');
    expect(driver.hear([start('balance')])).toEqual([
      'We have talked for a long time, so I would rather get a teller for you now. I will get a teller.',
      '[handOff the conversation took too long]',
    ]);
    expect(driver.hear([start('fraud')])[1]).toBe('[handOff fraud was reported urgent]');
    expect(driver.hear([start('balance')])).toEqual(['Thank you. Goodbye.', '[end time limit]']);
  });

  it('wordings take turns, the same way in every conversation', async () => {
    const pack = await smallDesk();
    const talk = () => {
      const driver = new Driver(pack);
      const lines = driver.hear([start('transfer')]);
      for (let turn = 0; turn < 5; turn++) lines.push(...driver.hear([ask('when are you open')]));
      return lines;
    };
    const questions = talk().flatMap((line) => /How much\?|What amount\?/.exec(line) ?? []);
    expect(questions).toEqual([
      'How much?',
      'What amount?',
      'How much?',
      'What amount?',
      'How much?',
      'What amount?',
    ]);
    expect(talk()).toEqual(talk());
  });
});

describe('in several languages', () => {
  const files = {
    'desk.yaml': `format: 1
id: tiny-desk
name: Tiny desk
version: 1.0.0
otherLanguages: [es-US]
agent: {name: Robin}
disclosures: [{id: automated, say: {en-US: I am an automated assistant., es-US: Soy un asistente automático.}}]
greeting: {en-US: [Good morning., Hello.], es-US: Buenos días.}
handOff: {to: {en-US: a teller, es-US: una cajera}, say: {en-US: One moment., es-US: Un momento.}}
lists: {want: [i want to]}
`,
    'flows/transfer.yaml': null,
    'flows/fraud.yaml': null,
    'flows/balance.yaml': null,
    'flows/hours.yaml': `flow: hours
description: {en-US: say when we are open, es-US: decir cuándo abrimos}
phrases: [when are you open]
slots: {day: {type: date, ask: {en-US: Which day?, es-US: ¿Qué día?}}}
steps: [{collect: [day]}, {say: {en-US: Open., es-US: Abierto.}}]
`,
  };

  it('the conversation has the texts of its language', async () => {
    const pack = await smallDesk(files);
    const spanish = new Driver(pack, {}, 'es-US');
    expect(spanish.drive(spanish.dialogue.begin())).toEqual(['Soy un asistente automático.', 'Buenos días.']);
    expect(spanish.hear([start('hours')])).toEqual(['¿Qué día?']);
    expect(spanish.hear([set('day', '2026-05-02')])[0]).toBe('Abierto.');
    const english = new Driver(pack);
    expect(english.drive(english.dialogue.begin())[1]).toBe('Good morning.');
    expect(english.hear([start('hours')])).toEqual(['Which day?']);
  });
});

const SAFE = `format: 1
id: tiny-desk
name: Tiny desk
version: 1.0.0
agent: {name: Robin}
disclosures: [{id: automated, say: I am an automated assistant.}]
greeting: Hello.
handOff: {to: a teller, say: "I will get {handOff}."}
lists: {want: [i want to, i would like to]}
cannot: [give advice, open an account]
neverDiscuss:
  - {topic: politics, say: I do not talk about politics., phrases: [who should i vote for], words: [election, nine until five]}
situations:
  distress: {say: You are not alone., handOff: urgent}
  threat: {say: Stay calm., handOff: calm}
  fraud: {start: fraud}
`;

describe('over every flow', () => {
  it('a subject that is never discussed is turned down, and the flow goes on', async () => {
    const driver = new Driver(await smallDesk({ 'desk.yaml': SAFE }));
    driver.hear([start('transfer')]);
    expect(driver.hear([start('never_politics')])).toEqual([
      'I do not talk about politics.',
      'Back to your request to transfer money. What amount?',
    ]);
    expect(driver.hear([outOfScope], { text: 'what about the Election?' })[0]).toBe(
      'I do not talk about politics.',
    );
  });

  it('is not answered by the pages either: not for what is asked, not for what they would say', async () => {
    const driver = new Driver(await smallDesk({ 'desk.yaml': SAFE }));
    const text = 'are you open for the election';
    expect(driver.hear([ask(text)], { text })[0]).toBe('I do not talk about politics.');
    expect(driver.hear([ask('when are you open')])).toEqual(['I do not talk about politics.']);
    expect(driver.hear([start('hours')])[0]).toBe('I do not talk about politics.');
  });

  it('a situation drops what was going on and calls a person, before a word where it is urgent', async () => {
    const driver = new Driver(await smallDesk({ 'desk.yaml': SAFE }));
    driver.hear([start('transfer')]);
    expect(driver.hear([start('situation_distress')])).toEqual([
      'You are not alone.',
      '[handOff words of distress at the desk urgent]',
      'I will get a teller.',
    ]);
    expect(driver.hear([start('situation_threat')]).at(-1)).toBe('[handOff words of threat at the desk]');
    expect(driver.dialogue.snapshot().flow).toBeNull();
  });

  it('is understood in words that the pack never wrote, in the middle of a question', async () => {
    const desk = compileDesk(await smallDesk({ 'desk.yaml': SAFE }));
    const expectation = { kind: 'slot', flow: 'transfer', slot: 'amount' } as const;
    const flowOf = (text: string) => desk.understand(text, expectation, 0).flow;
    expect(flowOf('I want to end my life')).toBe('situation_distress');
    expect(flowOf('somebody has a knife')).toBe('situation_threat');
    expect(flowOf('I have been scammed')).toBe('fraud');
    expect(flowOf('who should I vote for')).toBe('never_politics');
    expect(flowOf("what can't you do")).toBe('what_it_cannot_do');
  });

  it('what it cannot do is told when asked', async () => {
    const driver = new Driver(await smallDesk({ 'desk.yaml': SAFE }));
    expect(driver.hear([start('what_it_cannot_do')])[0]).toBe(
      'I cannot give advice or open an account. For that I can get a teller.',
    );
  });

  it('whatever is waited for, a person can be asked for; a phrase that hides it is found', async () => {
    expect(checkWayOut(compileDesk(await smallDesk({ 'desk.yaml': SAFE })))).toEqual([]);
    const hiding = `flow: hours
description: hide the way out
phrases: [i want to talk to a person, get me a human]
steps: [{say: No.}]
`;
    const problems = checkWayOut(compileDesk(await smallDesk({ 'flows/hours.yaml': hiding })));
    expect(problems[0]?.message).toContain('does not get a person');
  });
});

describe('several requests in a sentence', () => {
  const part = (text: string, ...commands: Understanding['commands']): Understanding => ({
    text,
    inScope: true,
    flow: null,
    slots: {},
    confidence: 1,
    commands,
    complete: true,
  });

  it('are done one after the other, and the person knows', async () => {
    const driver = new Driver(await smallDesk());
    const then = [part('my balance', start('balance'), set('account', 'savings'))];
    expect(driver.hear([start('transfer')], { further: then })).toEqual([
      'After that I will tell you your balance. How much?',
    ]);
    expect(driver.hear([set('amount', '5.00')])).toEqual(['To which account?']);
    driver.hear([set('to', 'savings'), set('urgent', 'no')]);
    expect(driver.hear([yes])).toEqual([
      '[execute p1 voice]',
      'You have 7 left.',
      'Now I will tell you your balance. What is your pin?',
    ]);
    expect(driver.dialogue.snapshot()).toEqual({ flow: 'balance', slots: { account: 'savings' } });
  });

  it('a question and a request: the answer, then the request', async () => {
    const driver = new Driver(await smallDesk());
    expect(
      driver.hear([ask('when are you open')], { further: [part('move money', start('transfer'))] }),
    ).toEqual(['We are open from nine until five.', 'How much?']);
  });

  it('an emergency among them comes first and alone', async () => {
    const driver = new Driver(await smallDesk());
    expect(driver.hear([start('transfer')], { further: [part('fraud', start('fraud'))] })[1]).toBe(
      '[handOff fraud was reported urgent]',
    );
    expect(driver.dialogue.snapshot().flow).toBeNull();
  });

  it('what was done last is told to the understanding, without what is sensitive; not what was given up', async () => {
    const driver = new Driver(await smallDesk());
    driver.hear([start('balance'), set('pin', '1234'), set('account', 'savings')]);
    expect(driver.dialogue.expectation).toEqual({
      kind: 'open',
      more: true,
      last: { flow: 'balance', slots: { account: 'savings' } },
    });
    driver.hear([start('transfer')]);
    driver.hear([cancel]);
    expect(driver.dialogue.expectation).toEqual({ kind: 'open', more: true });
  });

  it('of two that are near it asks which', async () => {
    const driver = new Driver(await smallDesk());
    driver.hear([{ command: 'clarify', flows: ['hours', 'transfer'] }]);
    expect(driver.dialogue.expectation).toEqual({ kind: 'open', between: ['hours', 'transfer'] });
    expect(driver.hear([start('transfer')])).toEqual(['How much?']);
    driver.hear([cancel]);
    driver.hear([{ command: 'clarify', flows: ['transfer'] }]);
    expect(driver.hear([yes])).toEqual(['What amount?']);
  });
});
