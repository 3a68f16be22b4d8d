import { beforeAll, describe, expect, it } from 'vitest';
import type { DeskPack } from '../../main/dialogue/index.ts';
import {
  ask,
  cancel,
  correct,
  Driver,
  help,
  no,
  outOfScope,
  person,
  repeat,
  set,
  smallDesk,
  start,
  yes,
} from './flow-driver.ts';

let pack: DeskPack;
let onScreen: DeskPack;
beforeAll(async () => {
  pack = await smallDesk();
  const tool = pack.tools.transfer;
  if (!tool) throw new Error('the small desk has lost its transfer');
  onScreen = { ...pack, tools: { ...pack.tools, transfer: { ...tool, confirm: 'screen' } } };
});

/** Up to where a transfer waits for its yes. */
function proposed(driver: Driver): Driver {
  driver.hear([start('transfer'), set('amount', '50.00'), set('to', 'savings'), set('urgent', 'no')]);
  return driver;
}
const PROPOSAL = 'Do transfer {"amount":50,"to":"savings","urgent":false}?';

describe('a conversation', () => {
  it('begins with the disclosures, then the greeting', () => {
    const driver = new Driver(pack);
    expect(driver.drive(driver.dialogue.begin())).toEqual([
      'I am an automated assistant.',
      'How can I help?',
    ]);
    expect(driver.dialogue.expectation).toEqual({ kind: 'open' });
  });

  it('collects slots in order, proposes with typed arguments, and acts after a yes', () => {
    const driver = new Driver(pack);
    expect(driver.hear([start('transfer')])).toEqual(['How much?']);
    expect(driver.dialogue.expectation).toEqual({ kind: 'slot', flow: 'transfer', slot: 'amount' });
    expect(driver.hear([set('amount', '50.00')])).toEqual(['To which account?']);
    expect(driver.hear([set('to', 'savings')])).toEqual(['Is it urgent?']);
    expect(driver.hear([no])).toEqual([
      '[propose transfer {"amount":50,"to":"savings","urgent":false}]',
      PROPOSAL,
    ]);
    expect(driver.dialogue.expectation).toEqual({ kind: 'yesNo', flow: 'transfer' });
    expect(driver.dialogue.pendingProposal).toBe('p1');
    expect(driver.hear([yes])).toEqual([
      '[execute p1 voice]',
      'You have 7 left.',
      'Is there anything else I can do for you?',
    ]);
    expect(driver.hear([no])).toEqual(['Thank you. Goodbye.', '[end done]']);
    expect(driver.hear([start('transfer')])).toEqual([]);
  });

  it('takes slots that come along and asks only for the rest', () => {
    expect(new Driver(pack).hear([start('transfer'), set('to', 'savings'), set('amount', '5.00')])).toEqual([
      'Is it urgent?',
    ]);
  });

  it('says that a typed yes was typed', () => {
    expect(proposed(new Driver(pack)).hear([yes], { via: 'typed' })[0]).toBe('[execute p1 typed]');
  });

  it('calls a tool that needs no confirmation at once, and never shows or says what is sensitive', () => {
    const driver = new Driver(pack);
    driver.hear([start('balance')]);
    driver.hear([set('pin', '1234')]);
    expect(driver.dialogue.snapshot()).toEqual({ flow: 'balance', slots: {} });
    expect(driver.hear([set('account', 'savings')]).slice(0, 3)).toEqual([
      '[propose balance {"account":"savings"}]',
      '[execute p1 none]',
      'Your <account savings> has 7.',
    ]);
    expect(JSON.stringify(driver.acts)).not.toContain('1234');
  });
});

describe('correction', () => {
  it('replaces a value, says what changed, and asks on', () => {
    const driver = new Driver(pack);
    driver.hear([start('transfer'), set('amount', '50.00')]);
    expect(driver.hear([correct('amount', '60.00')])).toEqual([
      'All right, <amount 60.00> instead of <amount 50.00>. To which account?',
    ]);
  });

  it('voids a proposal and makes a new one, which needs a yes of its own', () => {
    const driver = proposed(new Driver(pack));
    expect(driver.hear([yes, correct('', '60.00')])).toEqual([
      '[withdraw p1]',
      '[propose transfer {"amount":60,"to":"savings","urgent":false}]',
      `All right, <amount 60.00> instead of <amount 50.00>. ${PROPOSAL.replace('50', '60')}`,
    ]);
    expect(driver.dialogue.pendingProposal).toBe('p2');
    expect(driver.hear([yes])[0]).toBe('[execute p2 voice]');
  });

  it('without a name means the slot of that type: the one asked, else the one given last', () => {
    const driver = proposed(new Driver(pack));
    expect(driver.hear([no, correct('', 'checking')])[1]).toContain('"to":"checking"');
  });

  it('a detail that was not said before changes what is proposed too', () => {
    expect(
      proposed(new Driver(pack))
        .hear([set('day', '2026-05-02')])
        .slice(0, 2),
    ).toEqual([
      '[withdraw p1]',
      '[propose transfer {"amount":50,"to":"savings","urgent":false,"day":"2026-05-02"}]',
    ]);
  });

  it('does what hung on the old value anew: a lookup is made again', async () => {
    const steps = `steps:
  - collect: [account]
  - {call: balance, with: {account: "{account}"}, save: result}
  - if: result.balance > 5
    then: [{say: Rich.}]
  - collect: [amount]
  - call: transfer
    with: {amount: "{amount}", to: "{account}"}
`;
    const own = await smallDesk({
      'flows/x.yaml': `flow: x\ndescription: x\nphrases: [x]
slots:
  account: {type: choice, ask: Which?, options: {savings: [savings], checking: [checking]}}
  amount: {type: amount, ask: How much?}
${steps}`,
    });
    const driver = new Driver(own);
    driver.hear([start('x'), set('account', 'savings'), set('amount', '5.00')]);
    expect(driver.hear([correct('account', 'checking')])).toEqual([
      '[withdraw p2]',
      '[propose balance {"account":"checking"}]',
      '[execute p3 none]',
      'All right, <account checking> instead of <account savings>. Rich.',
      '[propose transfer {"amount":5,"to":"checking"}]',
      'Do transfer {"amount":5,"to":"checking"}?',
    ]);
  });
});

describe('a proposal', () => {
  it('refused by the person is withdrawn, and can be changed', () => {
    const driver = proposed(new Driver(pack));
    expect(driver.hear([no])).toEqual([
      '[withdraw p1]',
      'All right, I have not done it. What should I change? You can also say cancel.',
    ]);
    expect(driver.dialogue.pendingProposal).toBeNull();
    expect(driver.hear([set('amount', '20.00')])[0]).toBe(
      '[propose transfer {"amount":20,"to":"savings","urgent":false}]',
    );
  });

  it('refused twice is cancelled', () => {
    const driver = proposed(new Driver(pack));
    driver.hear([no]);
    expect(driver.hear([no])).toEqual([
      'All right, I have stopped. Nothing more was done. Is there anything else I can do for you?',
    ]);
    expect(driver.dialogue.snapshot().flow).toBeNull();
  });

  it('that is for the screen only is not approved by voice or typing', () => {
    const driver = proposed(new Driver(onScreen));
    expect(driver.hear([yes])).toEqual(['This one needs to be confirmed on the screen, please.']);
    expect(driver.hear([yes], { via: 'typed' })).toEqual(['Please confirm that on the screen.']);
    expect(driver.drive(driver.dialogue.decide('approve'))[0]).toBe('[execute p1 screen]');
    expect(driver.drive(driver.dialogue.decide('approve'))).toEqual([]);
  });

  it('can be refused on the screen', () => {
    const driver = proposed(new Driver(pack));
    expect(driver.drive(driver.dialogue.decide('refuse'))[0]).toBe('[withdraw p1]');
    expect(driver.drive(driver.dialogue.decide('approve'))).toEqual([]);
  });

  it('is not approved by a yes that was hardly heard', () => {
    const driver = proposed(new Driver(pack));
    expect(driver.hear([yes], { confidence: 0.2 })).toEqual([`I was not sure I heard a yes. ${PROPOSAL}`]);
    expect(driver.hear([yes])[0]).toBe('[execute p1 voice]');
  });

  it('the gateway refuses: says so, then the steps for that', () => {
    const driver = new Driver(pack, {
      propose: () => ({ kind: 'refused', code: 'limit', say: 'That is too much.' }),
    });
    expect(
      driver.hear([start('transfer'), set('amount', '9000.00'), set('to', 'savings'), set('urgent', 'no')]),
    ).toEqual([
      '[propose transfer {"amount":9000,"to":"savings","urgent":false}]',
      'That is too much.',
      'Nothing was moved.',
      'Is there anything else I can do for you?',
    ]);
  });

  it.each(['failed', 'refused', 'unknown'] as const)(
    'whose call is %s: says so and does not go on as if it were done',
    (kind) => {
      const driver = proposed(
        new Driver(pack, { execute: () => ({ kind, code: 'x', say: `It is ${kind}.` }) }),
      );
      expect(driver.hear([yes])).toEqual([
        '[execute p1 voice]',
        `It is ${kind}.`,
        'Nothing was moved.',
        'Is there anything else I can do for you?',
      ]);
    },
  );

  it('whose call was broken off is not made again, and the person is told', () => {
    const driver = proposed(new Driver(pack));
    driver.hear([yes], {}, 'execute');
    const said = driver.drive(driver.dialogue.fault('tool-died'));
    expect(said.join(' ')).toContain('I cannot tell whether that was done.');
    expect(said.join(' ')).not.toContain('[');
    expect(driver.dialogue.pendingProposal).toBeNull();
  });
});

describe('digression', () => {
  it('a question in between is answered with its source, then the question comes again', () => {
    const driver = new Driver(pack);
    driver.hear([start('transfer')]);
    expect(driver.hear([ask('when are you open')])).toEqual([
      'We are open from nine until five.',
      'Back to your request to transfer money. What amount?',
    ]);
    expect(driver.acts.find((act) => act.act === 'say' && act.source)).toMatchObject({
      source: { title: 'Opening hours', file: 'knowledge/hours.md' },
    });
  });

  it('a question while a proposal waits leaves it waiting and reads it again', () => {
    const driver = proposed(new Driver(pack));
    expect(driver.hear([ask('when are you open')])[1]).toBe(
      `Back to your request to transfer money. ${PROPOSAL}`,
    );
    expect(driver.hear([yes])[0]).toBe('[execute p1 voice]');
  });

  it('another flow in between takes the proposal off the table and puts it back anew', () => {
    const driver = proposed(new Driver(pack));
    driver.hear([start('balance')]);
    expect(driver.dialogue.pendingProposal).toBeNull();
    driver.hear([set('pin', '1234')]);
    const back = driver.hear([set('account', 'checking')]);
    expect(back.slice(-2)).toEqual([
      '[propose transfer {"amount":50,"to":"savings","urgent":false}]',
      `Back to your request to transfer money. ${PROPOSAL}`,
    ]);
    expect(driver.hear([yes])[0]).toBe('[execute p3 voice]');
  });

  it('"no, my balance" drops what was proposed for good', () => {
    const driver = proposed(new Driver(pack));
    driver.hear([no, start('hours')]);
    expect(driver.dialogue.snapshot().flow).toBeNull();
  });

  it('going back to a flow by name drops what was above it', () => {
    const driver = new Driver(pack);
    driver.hear([start('transfer')]);
    driver.hear([start('balance')]);
    expect(driver.hear([start('transfer'), set('amount', '5.00')])).toEqual(['To which account?']);
    driver.hear([cancel]);
    expect(driver.dialogue.snapshot().flow).toBeNull();
  });

  it('two flows in one sentence are done one after the other', () => {
    const driver = new Driver(pack);
    expect(driver.hear([start('hours'), start('transfer')])).toEqual([
      'We are open from nine until five.',
      'Now I will transfer money. How much?',
    ]);
  });
});

describe('ways out', () => {
  it('cancel drops the flow and its proposal', () => {
    expect(proposed(new Driver(pack)).hear([cancel])).toEqual([
      '[withdraw p1]',
      'All right, I have stopped. Nothing more was done. Is there anything else I can do for you?',
    ]);
    expect(new Driver(pack).hear([cancel])).toEqual(['There is nothing to cancel. How can I help?']);
  });

  it('an emergency takes over at once, calls the person first, and nothing comes after', () => {
    const driver = proposed(new Driver(pack));
    expect(driver.hear([yes, start('fraud')])).toEqual([
      '[withdraw p1]',
      'Stay calm.',
      '[handOff fraud was reported urgent]',
      'I will get a teller.',
    ]);
    expect(driver.dialogue.snapshot().flow).toBeNull();
    expect(driver.drive(driver.dialogue.silence())).toEqual([]);
  });

  it('a person is called when asked for', () => {
    expect(proposed(new Driver(pack)).hear([person])).toEqual([
      '[withdraw p1]',
      'I will get a teller.',
      '[handOff asked for]',
    ]);
  });

  it('help says what there is, from the flows, and goes back', () => {
    const driver = new Driver(pack);
    expect(driver.hear([help])).toEqual([
      'I can tell you your balance, report fraud, tell you when we are open or transfer money. What would you like to do?',
    ]);
    driver.hear([start('transfer')]);
    expect(driver.hear([help])[1]).toBe('Back to your request to transfer money. What amount?');
  });

  it('repeat says the same again', () => {
    const driver = new Driver(pack);
    const said = driver.hear([start('transfer')]);
    expect(driver.hear([repeat])).toEqual(said);
    expect(driver.hear([repeat])).toEqual(said);
  });

  it('clarify asks which', () => {
    expect(new Driver(pack).hear([{ command: 'clarify', flows: ['hours', 'transfer'] }])).toEqual([
      'Shall I tell you when we are open or transfer money?',
    ]);
  });
});

describe('trouble', () => {
  it('asks again in other words, then offers a person, who comes on a yes', () => {
    const driver = new Driver(pack);
    driver.hear([start('transfer')]);
    expect(driver.hear([outOfScope])).toEqual(['Sorry, I did not get that. What amount?']);
    expect(driver.hear([outOfScope])).toEqual([
      'I am sorry, I did not understand. How much? Please say only the amount, for example, fifty dollars.',
    ]);
    expect(driver.hear([outOfScope])).toEqual(['I am still having trouble. Shall I get a teller?']);
    expect(driver.dialogue.expectation.kind).toBe('yesNo');
    expect(driver.hear([yes])).toEqual(['I will get a teller.', '[handOff not understood]']);
  });

  it('a person may be declined, and an answer still counts', () => {
    const driver = new Driver(pack);
    driver.hear([start('transfer')]);
    for (let i = 0; i < 3; i++) driver.hear([outOfScope]);
    expect(driver.hear([no])).toEqual(['What amount?']);
    for (let i = 0; i < 3; i++) driver.hear([outOfScope]);
    expect(driver.hear([set('amount', '5.00')])).toEqual(['To which account?']);
  });

  it('out of scope at the start, three times: offers a person', () => {
    const driver = new Driver(pack);
    driver.hear([outOfScope]);
    driver.hear([outOfScope]);
    expect(driver.hear([outOfScope])).toEqual(['I am still having trouble. Shall I get a teller?']);
    expect(driver.hear([no])).toEqual(['What would you like to do?']);
  });

  it('a value hardly heard is read back before it is used', () => {
    const driver = new Driver(pack);
    expect(driver.hear([start('transfer'), set('amount', '15.00', 0.2)])).toEqual([
      'I heard <amount 15.00>. Is that right?',
    ]);
    expect(driver.dialogue.expectation).toEqual({ kind: 'yesNo', flow: 'transfer' });
    expect(driver.hear([no, correct('amount', '50.00', 0.9)])).toEqual(['To which account?']);
    const second = new Driver(pack);
    second.hear([start('transfer'), set('amount', '15.00', 0.2)]);
    expect(second.hear([no])).toEqual(['Sorry about that. How much?']);
    second.hear([set('amount', '15.00', 0.2)]);
    expect(second.hear([yes])).toEqual(['To which account?']);
  });

  it('a sensitive value hardly heard is asked for twice instead', () => {
    const driver = new Driver(pack);
    driver.hear([start('balance')]);
    expect(driver.hear([set('pin', '1234', 0.1)])).toEqual([
      'Please say it once more, so that I have it right.',
    ]);
    expect(driver.hear([set('pin', '1235', 0.1)])[0]).toContain('Those two were not the same.');
    driver.hear([set('pin', '1234', 0.1)]);
    expect(driver.hear([set('pin', '1234', 0.1)])).toEqual(['Which account?']);
  });

  it('silence: asks again, offers a person, ends', () => {
    const driver = proposed(new Driver(pack));
    expect(driver.drive(driver.dialogue.silence())).toEqual([`Are you still there? ${PROPOSAL}`]);
    expect(driver.drive(driver.dialogue.silence())).toEqual(['I cannot hear you. Shall I get a teller?']);
    expect(driver.drive(driver.dialogue.silence())).toEqual([
      'Thank you. Goodbye.',
      '[withdraw p1]',
      '[end silence]',
    ]);
  });

  it('a fault: apologises and asks again what was asked', () => {
    const driver = new Driver(pack);
    driver.hear([start('transfer')]);
    expect(driver.drive(driver.dialogue.fault('asr-died'))).toEqual([
      'I am sorry, something went wrong on my side.',
      'What amount?',
    ]);
  });

  it('an unknown question is answered with not knowing', () => {
    expect(new Driver(pack).hear([ask('who won the football game')])).toEqual([
      'I do not know the answer to that.',
    ]);
  });
});

describe('memory', () => {
  it('what was told to one flow is known to the next that asks for it, unless it is forgotten or for that flow only', async () => {
    const own = await smallDesk({
      'flows/card.yaml': `flow: card\ndescription: block a card\nphrases: [block]
slots:
  pin: {type: digits(4), sensitive: true, ask: Pin please?}
  amount: {type: amount, ask: How much of it?}
steps:
  - collect: [pin]
  - forget: [pin]
  - collect: [amount]
`,
    });
    const driver = new Driver(own);
    driver.hear([start('balance')]);
    driver.hear([set('pin', '1234')]);
    driver.hear([set('account', 'savings')]);
    // Who the person is carries on; which account was this flow's own.
    expect(driver.hear([start('balance')])).toEqual(['Which account?']);
    driver.hear([cancel]);
    expect(driver.hear([start('card')])).toEqual(['How much of it?']);
    driver.hear([cancel]);
    expect(driver.hear([start('balance')])).toEqual(['What is your pin?']);
  });
});

it('a sensitive value is asked for again after ten minutes', async () => {
  const own = await smallDesk({
    'flows/with_pin.yaml': `flow: withPin\ndescription: x\nphrases: [x]
slots: {pin: {type: digits(4), sensitive: true, ask: Your pin again?}}
steps: [{collect: [pin]}, {say: That is known.}]
`,
  });
  const driver = new Driver(own);
  driver.hear([start('balance')]);
  driver.hear([set('pin', '1234')]);
  driver.hear([cancel]);
  driver.nowMs = 9 * 60_000;
  expect(driver.hear([start('withPin')])[0]).toBe('That is known.');
  driver.nowMs = 11 * 60_000;
  expect(driver.hear([start('withPin')])).toEqual(['Your pin again?']);
});

describe('flows that start one another', () => {
  it('in a ring do not hang', async () => {
    const own = await smallDesk({
      'flows/a.yaml': 'flow: a\ndescription: a\nphrases: [a]\nsteps: [{start: b}]\n',
      'flows/b.yaml': 'flow: b\ndescription: b\nphrases: [b]\nsteps: [{start: a}]\n',
    });
    expect(new Driver(own).hear([start('a')])).toEqual([
      'I am sorry, something went wrong on my side. Shall I get a teller?',
    ]);
  });
});
