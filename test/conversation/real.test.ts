/** Everything real: spoken sound in, engines, the bank's desk and tool server, vault, log, records, spoken sound out. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../main/base/index.ts';
import { resample } from '../../main/media/index.ts';
import { eventually } from '../support/eventually.ts';
import { type Branch, openBranch, say, type Visit } from './real-desk.ts';

let branch: Branch;
beforeAll(async () => {
  branch = await openBranch();
});
afterAll(() => branch.close());

type Told = ReturnType<Visit['conversation']['onEvent']> extends () => void ? Visit['events'] : never;

/** Says something over whatever the agent is saying, and waits for its answer to begin. */
async function ask(visit: Visit, text: string): Promise<string> {
  const from = visit.events.length;
  await say(visit, text);
  const since = () => visit.events.slice(from);
  const answered = () => since().some((event) => event.type === 'timing' && event.endpointMs !== null);
  await eventually(() => expect(answered()).toBe(true), 15_000);
  const heard = since().map((event) => (event.type === 'final' ? `(heard: ${event.text})` : ''));
  return `${repliesIn(since())} ${heard.join('')}`;
}

function repliesIn(events: Told): string {
  return events.map((event) => (event.type === 'reply' ? event.text : '')).join(' ');
}

async function silent(visit: Visit): Promise<void> {
  const state = () => visit.events.findLast((event) => event.type === 'state');
  await eventually(() => expect(state()).toMatchObject({ state: 'listening' }), 30_000);
}

/** The agent's own sound, recognised: only what the grammar offers can come out, so it offers other answers too. */
async function recognised(visit: Visit, rule: string): Promise<string> {
  const reply = await visit.endpoint.takeReply();
  if (!reply) return '';
  const jsgf = `#JSGF V1.0;\ngrammar answer;\npublic <answer> = ${rule};\n`;
  const stream = await branch.speech.recogniser.open({
    id: newId(),
    jsgf,
    pronunciations: {},
    outsideAbove: 40,
  });
  await stream.begin();
  const sound = resample(reply.samples, reply.sampleRate, 16_000);
  // The last sentence said is what is listened to; before it may stand others.
  stream.write(sound);
  const { text } = await stream.finish();
  await stream.close();
  return text;
}

/** The processes of this desk's tool server. */
function toolServers(): readonly number[] {
  return execFileSync('ps', ['-o', 'pid=,ppid=,args=', '-e'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...args]) =>
        Number(parent) === process.pid && args.some((arg) => arg.endsWith('server/server.ts')),
    )
    .map(([pid]) => Number(pid));
}

function kill(pid: number | undefined): void {
  if (pid === undefined) throw new Error('There is no such process.');
  process.kill(pid, 'SIGKILL');
}

describe('at the branch, by voice', () => {
  let visit: Visit;
  beforeAll(async () => {
    visit = await branch.begin();
    await eventually(() => expect(visit.events.map(({ type }) => type)).toContain('reply'), 10_000);
  });
  afterAll(() => visit.conversation.end('test'));

  test('the hours are told, and can be heard in what the agent says', async () => {
    await silent(visit);
    await visit.endpoint.takeReply();
    expect(await ask(visit, 'when are you open')).toContain('from nine in the morning until five');
    const state = () => visit.events.findLast((event) => event.type === 'state');
    await eventually(() => expect(state()).toMatchObject({ state: 'speaking' }));
    // The first sentence is enough.
    await new Promise((resolve) => setTimeout(resolve, 4500));
    visit.conversation.stopSpeaking();
    const hour = '(eight|nine|ten)';
    expect(
      await recognised(
        visit,
        `we are open monday to (friday|thursday|saturday) from ${hour} in the morning until (four|five|six) in the afternoon`,
      ),
    ).toBe('we are open monday to friday from nine in the morning until five in the afternoon');
    const heard = visit.events.findLast((event) => event.type === 'heard');
    expect(heard).toMatchObject({ interrupted: true });
    expect(branch.records.read({ memberId: 'auditor' }, visit.id).turns.at(-1)).toMatchObject({
      speaker: 'agent',
      text: heard?.type === 'heard' ? heard.text : '',
      interrupted: true,
    });
  });

  test('the balance is told to who is identified', async () => {
    expect(await ask(visit, 'i want to check my savings balance')).toContain('customer number');
    expect(await ask(visit, 'one zero zero two zero zero')).toContain('phone code');
    visit.conversation.stopSpeaking();
    await visit.endpoint.takeReply();
    expect(await ask(visit, 'four seven one one')).toContain('savings balance is twelve thousand dollars');
    await silent(visit);
    const amount = '(two|ten|eleven|twelve|twenty) (hundred|thousand) dollars';
    expect(
      await recognised(
        visit,
        `your (savings|checking) balance is ${amount} (what else can i do for you | is there anything else i can do)`,
      ),
    ).toMatch(/^your savings balance is twelve thousand dollars/);
    expect(JSON.stringify(branch.records.read({ memberId: 'auditor' }, visit.id))).not.toMatch(
      /four seven one one|4711|100200|one zero zero/,
    );
  });

  test('a transfer is corrected and approved aloud, and stands in the record and the log', async () => {
    expect(await ask(visit, 'i want to transfer fifty dollars from checking to savings')).toContain(
      'I will move fifty dollars from your checking account to your savings account',
    );
    expect(await ask(visit, 'no sixty dollars')).toContain('I will move sixty dollars');
    expect(await ask(visit, 'yes please')).toContain(
      'now two thousand three hundred ninety dollars and fifty cents',
    );
    const { toolCalls } = branch.records.read({ memberId: 'auditor' }, visit.id);
    expect(toolCalls.filter(({ tool }) => tool === 'transfer_money')).toMatchObject([
      { outcome: 'withdrawn', approvedBy: null },
      { outcome: 'ok', approvedBy: 'voice', risk: 'money' },
    ]);
    const log = branch.audit.recent(200).map(({ json }) => json);
    for (const action of ['tool.propose', 'tool.withdraw', 'tool.approve', 'tool.call', 'tool.answer'])
      expect(
        log.some((json) => json.includes(action)),
        action,
      ).toBe(true);
    expect(log.join()).not.toMatch(/sixty|4711|100200/);
    expect(branch.audit.verify()).toMatchObject({ ok: true, problems: [] });
  });

  test('its timings are in order', () => {
    const timings = visit.events.filter((event) => event.type === 'timing');
    expect(timings).toHaveLength(7);
    for (const { endpointMs, finalMs, replyMs, firstAudioMs } of timings) {
      expect(endpointMs).toBeGreaterThanOrEqual(branch.pack.desk.turnTaking.answeredMs - 32);
      expect(finalMs).toBeGreaterThanOrEqual(endpointMs ?? Infinity);
      expect(replyMs).toBeGreaterThanOrEqual(finalMs ?? Infinity);
      expect(firstAudioMs).toBeGreaterThanOrEqual(replyMs);
    }
  });
});

describe('kill -9 in the middle of a turn', () => {
  let visit: Visit;
  beforeAll(async () => {
    visit = await branch.begin();
    await eventually(() => expect(visit.events.map(({ type }) => type)).toContain('reply'), 10_000);
    visit.conversation.stopSpeaking();
  });
  afterAll(() => visit.conversation.end('test'));

  test('of the recogniser: an apology is heard, and the next turn works', async () => {
    const from = visit.events.length;
    const speaking = say(visit, 'i want to check my savings balance');
    await eventually(() => expect(visit.events.slice(from).map(({ type }) => type)).toContain('partial'));
    kill(branch.speech.pids().recogniser);
    await speaking;
    await eventually(() => expect(repliesIn(visit.events.slice(from))).toMatch(/sorry/i), 10_000);
    expect(visit.events.slice(from)).toContainEqual(
      expect.objectContaining({ type: 'notice', code: 'speech/engine-crashed' }),
    );
    expect(await ask(visit, 'i want to check my savings balance')).toContain('customer number');
  });

  test('of the synthesiser: it apologises, says the sentence again, and goes on', async () => {
    visit.conversation.stopSpeaking();
    const from = visit.events.length;
    let killed = false;
    const deaf = visit.conversation.onEvent(({ type }) => {
      if (type !== 'reply' || killed) return;
      killed = true;
      kill(branch.speech.pids().synthesiser);
    });
    visit.conversation.type('cancel');
    await silent(visit);
    deaf();
    expect(visit.events.slice(from).find((event) => event.type === 'heard')).toMatchObject({
      interrupted: false,
      text: expect.stringMatching(/^Sorry, I lost my voice for a moment\. \S+/),
    });
    expect(await ask(visit, 'when are you open')).toContain('nine in the morning');
  });

  test('of the tool server: an apology is heard, and the next turn works', async () => {
    const from = visit.events.length;
    let killed = 0;
    const deaf = visit.conversation.onEvent(({ type }) => {
      if (type === 'toolProposed' && killed === 0)
        for (const pid of toolServers()) process.kill(pid, 'SIGSTOP');
      if (type !== 'toolCalled' || killed > 0) return;
      killed += 1;
      setTimeout(() => toolServers().forEach(kill), 100);
    });
    visit.conversation.type('i want to check my savings balance');
    await eventually(() => expect(repliesIn(visit.events.slice(from))).toContain('customer number'));
    visit.conversation.type('100200');
    await eventually(() => expect(repliesIn(visit.events.slice(from))).toContain('phone code'));
    expect(await ask(visit, 'four seven one one')).toMatch(/I am sorry, that did not work/);
    deaf();
    await silent(visit);
    expect(visit.events.findLast((event) => event.type === 'heard')).toMatchObject({
      interrupted: false,
      text: expect.stringContaining('I am sorry, that did not work'),
    });
    expect(visit.events.slice(from)).toContainEqual(
      expect.objectContaining({ type: 'toolAnswered', outcome: 'failed', code: 'tools/server-lost' }),
    );
    expect(await ask(visit, 'i want to check my savings balance')).toContain('savings balance is');
  });
});

test('a record that cannot be written stops the call before it goes out', async () => {
  const visit = await branch.begin({ typed: true });
  visit.conversation.type('i want to check my savings balance');
  visit.conversation.type('100200');
  await eventually(() => expect(repliesIn(visit.events)).toContain('phone code'));
  // The disk is full from here on: the database may not grow by a page.
  const { page_count: pages } = branch.vault.db
    .prepare<[], { page_count: number }>('PRAGMA page_count')
    .get() ?? {
    page_count: 0,
  };
  const most = branch.vault.db.pragma('max_page_count', { simple: true });
  branch.vault.db.pragma(`max_page_count = ${pages}`);
  try {
    const calls = () => visit.events.filter(({ type }) => type === 'toolCalled').length;
    for (let i = 0; i < 300 && visit.events.at(-1)?.type !== 'ended'; i += 1) {
      visit.conversation.type('hello there, this is a line that takes room in the record until none is left');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    visit.conversation.type('4711');
    await visit.conversation.ended;
    expect(calls()).toBe(0);
    expect(repliesIn(visit.events)).toContain('cannot keep a record');
  } finally {
    branch.vault.db.pragma(`max_page_count = ${String(most)}`);
  }
}, 20_000);
