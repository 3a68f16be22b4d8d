/** A recording with everything real: what a person must not leave in it is not in it, and is not heard in it either. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SecondHearing } from '../../main/conversation/recording-check.ts';
import { resample } from '../../main/media/index.ts';
import { consentPolicy } from '../../main/records/index.ts';
import { eventually } from '../support/eventually.ts';
import { personSays } from './person.ts';
import { type Branch, openBranch, say, type Visit } from './real-desk.ts';

const RATE = 16_000;
const WHO = { memberId: 'privacy', reason: 'test' };
const CUSTOMER = 'one zero zero two zero zero';
const CODE = 'four seven one one';
const CARD = 'four one one one two two two two three three three three four four four four';

let branch: Branch;
let check: SecondHearing;
beforeAll(async () => {
  branch = await openBranch();
  check = new SecondHearing(branch.speech.recogniser);
});
afterAll(async () => {
  await check.close();
  await branch.close();
});

async function listening(visit: Visit): Promise<void> {
  const state = () => visit.events.findLast((event) => event.type === 'state');
  await eventually(() => expect(state()).toMatchObject({ state: 'listening' }), 30_000);
}

/** Says it once the agent is silent, and waits for the answer. */
async function ask(visit: Visit, text: string): Promise<string> {
  visit.conversation.stopSpeaking();
  await listening(visit);
  const from = visit.events.length;
  await say(visit, text);
  const since = () => visit.events.slice(from);
  await eventually(() => expect(since().some(({ type }) => type === 'timing')).toBe(true), 15_000);
  return since()
    .map((event) => (event.type === 'reply' ? event.text : ''))
    .join(' ');
}

/** A channel of the recording as one stretch of sound, and how much of it is not silence. */
function kept(id: string, channel: 'person' | 'agent'): Float32Array {
  const found = branch.records.listen(WHO, id).find((one) => one.channel === channel);
  const segments = found?.segments ?? [];
  const last = segments.at(-1);
  const sound = new Float32Array(
    Math.ceil((((last?.startedMs ?? 0) + (last?.durationMs ?? 0)) / 1000) * RATE) + RATE,
  );
  for (const { startedMs, sound: bytes } of segments)
    for (let at = 0; at + 1 < bytes.length; at += 2)
      sound[Math.round((startedMs / 1000) * RATE) + at / 2] = bytes.readInt16LE(at) / 32_768;
  return sound;
}

const wordsOf = (text: string) => text.split(' ');

const loudMs = (sound: Float32Array) =>
  (sound.filter((sample) => Math.abs(sample) > 0.01).length / RATE) * 1000;

async function person(text: string): Promise<Float32Array> {
  const { samples, sampleRate } = await personSays(text);
  return resample(samples, sampleRate, RATE);
}

describe('the second hearing', () => {
  test.each([`my card number is ${CARD}`, CUSTOMER, CODE])('finds the number in "%s"', async (text) => {
    expect(await check.finds(await person(text), wordsOf(text))).toBe(true);
  });

  test.each([
    'i want to check my savings balance',
    'i want to transfer fifty dollars from checking to savings',
  ])('finds none in "%s"', async (text) => {
    expect(await check.finds(await person(text), wordsOf(text))).toBe(false);
  });
});

/** What a sound is most like, of a few sentences. */
async function mostLike(sound: Float32Array, ...sentences: readonly string[]): Promise<string> {
  const jsgf = `#JSGF V1.0;\ngrammar like;\npublic <like> = (${sentences.join(' | ')})+;\n`;
  const grammar = { id: jsgf, jsgf, pronunciations: {}, outsideAbove: 40 };
  const stream = await branch.speech.recogniser.open(grammar, { whole: true });
  await stream.begin();
  stream.write(sound);
  const { text } = await stream.finish();
  await stream.close();
  return text;
}

describe('a conversation that is recorded', () => {
  let visit: Visit;
  beforeAll(async () => {
    visit = await branch.begin({ consent: { policy: consentPolicy('us-all-party'), recording: true } });
    await eventually(() => expect(visit.events.some(({ type }) => type === 'heard')).toBe(true), 30_000);
    expect(await ask(visit, 'yes please')).toContain('can I');
    await ask(visit, 'i want to check my savings balance');
    await ask(visit, CUSTOMER);
    await listening(visit);
    await ask(visit, CODE);
    await ask(visit, `my card number is ${CARD}`);
  }, 90_000);
  afterAll(() => visit.conversation.end('test'));

  test('keeps what was said, but no number, and none is heard in it again', async () => {
    await eventually(() => expect(loudMs(kept(visit.id, 'person'))).toBeGreaterThan(500), 10_000);
    const sound = kept(visit.id, 'person');
    const order = 'i want to check my savings balance';
    expect(await mostLike(sound, order, 'i lost my card', 'when are you open', 'book a meeting')).toContain(
      order,
    );
    expect(await check.finds(sound, wordsOf(order))).toBe(false);
  });

  test('would have held the numbers, had they not been muted', async () => {
    const unmuted = await person(`i want to check my savings balance ${CUSTOMER} ${CODE}`);
    expect(await check.finds(unmuted, wordsOf('i want to check my savings balance'))).toBe(true);
  });

  test('keeps what the agent said too', () => {
    expect(loudMs(kept(visit.id, 'agent'))).toBeGreaterThan(500);
  });

  test('leaves a receipt of the consent and entries of the log', () => {
    const receipts = branch.records.receipts(WHO, { conversationId: visit.id });
    expect(receipts.map(({ receipt }) => receipt.event.event_state)).toEqual([
      'notified',
      'notified',
      'given',
    ]);
    const log = branch.audit.recent(300).map(({ json }) => json);
    for (const action of ['consent.give', 'recording.start'])
      expect(
        log.some((json) => json.includes(`"${action}"`) && json.includes(visit.id)),
        action,
      ).toBe(true);
  });

  test('is gone when the person says so, and nothing more is kept', async () => {
    expect(await ask(visit, 'stop recording')).toContain('deleted');
    expect(branch.records.listen(WHO, visit.id)).toEqual([]);
    await ask(visit, 'when are you open');
    await visit.conversation.end('test');
    expect(branch.records.listen(WHO, visit.id)).toEqual([]);
  }, 30_000);
});
