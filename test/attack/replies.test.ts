/**
 * Replies that must not be said, whoever thought of them: a model that invents, a tool that tells of two people, a page in
 * other words. Real packs, real dialogue, real conversation; the world answers as the attacker likes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Json, silentLog } from '../../main/base/index.ts';
import { type ConversationEvent, type Phrase, startConversation } from '../../main/conversation/index.ts';
import { ReplyDoor } from '../../main/conversation/reply-door.ts';
import { buildKnowledge, checkDeskPack, compileDesk, createDialogue } from '../../main/dialogue/index.ts';
import { WITHHELD_REPLY } from '../../main/guard/index.ts';
import { ScriptedClock, ScriptedGateway, ScriptedWriter, settle } from '../conversation/scripted.ts';
import { deskYaml, writeDesk } from '../dialogue/desk-files.ts';

const DESK = deskYaml('mayPromise: [within three working days]');
const TOOLS = `servers:
  bank: {command: node, args: [server.ts]}
tools:
  notes:
    server: bank
    description: What is known of a customer
    risk: read
    owner: {field: customer, subject: customer}
    arguments: {type: object, properties: {number: {type: string}}, required: [number]}
    result: {type: object, properties: {rows: {type: array, items: {type: object, properties: {customer: {type: string}}}}, note: {type: string}}}
  look:
    server: bank
    description: What the bank says
    risk: read
    arguments: {type: object, properties: {}}
    result: {type: object, properties: {note: {type: string}}}
`;
const FLOWS = {
  'flows/transfer.yaml': `flow: my_notes
description: tell what is noted
phrases: [what is noted]
slots:
  number: {type: digits(6), subject: customer, ask: What is your customer number?, remember: false}
steps:
  - collect: [number]
  - call: notes
    with: {number: "{number}"}
    save: result
  - say: "It says {result.note}"
  - say: Your card comes within five working days.
`,
  'flows/balance.yaml': `flow: look
description: tell what the bank says
phrases: [what does the bank say]
steps:
  - call: look
    save: result
  - say: "The bank says {result.note}"
`,
  'flows/questions.yaml': `flow: questions
description: answer questions
phrases: [how long does a card take, what does a card cost]
steps:
  - answer: "{question}"
`,
  'knowledge/cards.md':
    '# Cards\n\nA new card costs 12 dollars. You will receive a new card within nine days.\n',
};

async function openDesk() {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-replies-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeDesk(folder, { 'desk.yaml': DESK, 'tools.yaml': TOOLS, ...FLOWS });
  const { pack, problems } = await checkDeskPack(folder);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!pack) throw new Error('The pack of this test is broken.');
  return compileDesk(pack);
}

/** A conversation in which tools and the model answer as told. */
async function visit(answers: Readonly<Record<string, readonly Json[]>> = {}, model?: string) {
  const desk = await openDesk();
  const knowledge = buildKnowledge(desk.pack.knowledge);
  const clock = new ScriptedClock();
  const gateway = new ScriptedGateway();
  const phrase: Phrase = async () => model ?? null;
  const live = startConversation({
    id: 'c1',
    desk,
    dialogue: createDialogue({ desk, knowledge, clock }),
    ...(model === undefined ? {} : { phrase }),
    gateway,
    writer: new ScriptedWriter(),
    member: null,
    sound: null,
    mode: 'handsFree',
    clock,
    log: silentLog,
  });
  onTestFinished(() => live.end('test'));
  const events: ConversationEvent[] = [];
  live.onEvent((event) => events.push(event));
  const left = new Map(Object.entries(answers).map(([tool, all]) => [tool, [...all]]));
  await settle();
  return async (text: string) => {
    for (const [tool, all] of left)
      if (all[0] !== undefined) gateway.results.set(tool, { kind: 'ok', result: all[0] });
    const from = events.length;
    const calls = gateway.calls.length;
    live.type(text);
    await settle();
    for (const call of gateway.calls.slice(calls)) left.get(call.split(' ')[0] ?? '')?.shift();
    const since = events.slice(from);
    const said = since.flatMap((event) => (event.type === 'reply' ? [event.text] : [])).join(' ');
    const reasons = since.flatMap((event) =>
      event.type === 'notice' && event.code === 'guard/reply-stopped' ? [event.message] : [],
    );
    return { said, reasons: reasons.join(' ') };
  };
}

const row = (customer: string, name: string, balance: string) => ({ customer, name, balance });

it('what a tool says of the person is said, and what the pack itself promises', async () => {
  const say = await visit({
    notes: [{ customer: '100200', note: 'a balance of $812.50 for Testa Sampleton.' }],
  });
  await say('what is noted');
  const { said, reasons } = await say('100200');
  expect(reasons).toBe('');
  expect(said).toContain('It says a balance of $812.50 for Testa Sampleton.');
  expect(said).toContain('Your card comes within five working days.');
});

it('a tool that returns the rows of two people tells of one', async () => {
  const rows = [row('100200', 'Testa Sampleton', '$812.50'), row('100300', 'Demo Placeholder', '$99.00')];
  for (const [note, reason] of [
    ['that Demo Placeholder is a customer too.', 'other-persons-data'],
    ['a balance of $99.00 beside it.', 'other-persons-data'],
    ['a balance of $812.50 for you.', ''],
  ] as const) {
    const say = await visit({ notes: [{ rows, customer: '100200', note }] });
    await say('what is noted');
    const { said, reasons } = await say('one zero zero two zero zero');
    if (reason === '') expect(said).toContain('$812.50');
    else {
      expect(reasons).toContain(reason);
      expect(said).toContain(WITHHELD_REPLY);
      expect(said).not.toMatch(/Demo|99/);
    }
  }
});

it.each([
  ['of somebody else', { customer: '100300', note: 'a balance of $99.00.' }],
  ['of nobody it names', { note: 'a balance of $99.00.' }],
])('a tool that answers with a row %s tells nothing', async (_, answer) => {
  const say = await visit({ notes: [answer] });
  await say('what is noted');
  const { said, reasons } = await say('100200');
  expect(reasons).toContain('A reply was withheld');
  expect(said).not.toContain('99');
});

it('what was found on one person is not told to the next, by whatever says it', async () => {
  const door = new ReplyDoor(await openDesk());
  const find = (proposalId: string, note: string) => {
    door.answered({ act: 'propose', tool: 'look', arguments: {} }, { kind: 'ready', proposalId });
    door.answered({ act: 'execute', proposalId, approvedBy: 'none' }, { kind: 'ok', result: { note } });
  };
  const reply = { text: 'The bank says that Testa Sampleton owes $812.50.' };
  door.about({ kind: 'customer', value: '100200' });
  find('1', 'that Testa Sampleton owes $812.50.');
  expect(door.screen(reply).verdict).toBe('pass');
  // The same person, told otherwise.
  door.about({ kind: 'customer', value: '100-200' });
  expect(door.screen(reply).verdict).toBe('pass');
  door.about({ kind: 'customer', value: '100300' });
  expect(door.screen(reply)).toMatchObject({
    text: WITHHELD_REPLY,
    reasons: expect.arrayContaining(['other-persons-data', 'ungrounded-number', 'ungrounded-person']),
  });
  find('2', 'that Demo Placeholder owes $3.');
  expect(door.screen({ text: 'The bank says that Demo Placeholder owes $3.' }).verdict).toBe('pass');
});

it.each([
  'that we will refund every fee.',
  'you will receive 50 dollars by Friday.',
  'we guarantee a good rate.',
  'that your loan will be approved tomorrow.',
  'you have my word.',
])('a promise that a tool makes is not passed on: "%s"', async (note) => {
  const say = await visit({ look: [{ note }] });
  const { said, reasons } = await say('what does the bank say');
  expect(reasons).toContain('promise');
  expect(said).not.toContain(note);
});

it('but one that the pack allows is', async () => {
  const note = 'you will hear from us within three working days.';
  const say = await visit({ look: [{ note }] });
  expect(await say('what does the bank say')).toMatchObject({
    said: expect.stringContaining(note),
    reasons: '',
  });
});

it('a page is quoted word for word, its promise too', async () => {
  const say = await visit();
  const { said, reasons } = await say('how long does a card take');
  expect(reasons).toBe('');
  expect(said).toContain('within nine days');
});

it.each([
  ['a number', 'A new card costs 15 dollars.', 'ungrounded-number'],
  ['a number in words', 'A new card costs fifteen dollars.', 'ungrounded-number'],
  ['a day', 'Come for your card on Monday.', 'ungrounded-number'],
  ['a date', 'A card was sent on the second of May.', 'ungrounded-number'],
  ['a person', 'Please ask Ottoline Vrbova for the card.', 'ungrounded-person'],
  ['a person first', 'Jennifer has your card.', 'ungrounded-person'],
  ['a person in full first', 'Ottoline Vrbova has your card.', 'ungrounded-person'],
  ['a promise', 'We guarantee a new card for 12 dollars.', 'promise'],
  ['a number of the pack, elsewhere', 'A card costs five dollars.', 'ungrounded-number'],
])('a model invents %s', async (_, answer, reason) => {
  const say = await visit({}, answer);
  const { said, reasons } = await say('what does a card cost');
  expect(reasons).toContain(reason);
  expect(said).not.toContain(answer);
});

it('a model says in other words what the page says', async () => {
  const say = await visit({}, 'Twelve dollars is what a new card costs.');
  const { said, reasons } = await say('what does a card cost');
  expect(reasons).toBe('');
  expect(said).toContain('Twelve dollars');
});
