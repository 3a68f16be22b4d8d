/** What of the sound must not be kept: which words, whose, and when. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { silentLog } from '../../main/base/index.ts';
import { Recording } from '../../main/conversation/recording.ts';
import { pausesRecording, subjectsIn, timesOf } from '../../main/conversation/recording-rules.ts';
import { openRecords } from '../../main/records/index.ts';
import { testClock, throwaway } from '../vault/support.ts';
import { desk, ScriptedPlayout, ScriptedSpeech, settle } from './scripted.ts';

const words = [
  { text: 'number', startMs: 100, endMs: 400, confidence: 1 },
  { text: 'four', startMs: 400, endMs: 700, confidence: 1 },
  { text: 'one', startMs: 700, endMs: 900, confidence: 1 },
];
const RECOGNITION = {
  text: 'number four one',
  confidence: 1,
  words,
  competition: 0,
  inGrammar: true,
  audioMs: 1000,
  finalisedInMs: 0,
  processMs: 0,
};
const card = (start: number, end: number) => [{ start, end, type: 'card', score: 1, why: 'card' }];

test('a masked part of the words is found in time; where it cannot be, nothing is told of where it is', () => {
  expect(timesOf('number four one', card(7, 15), RECOGNITION)).toEqual([{ startMs: 400, endMs: 900 }]);
  expect(timesOf('number four one', [], RECOGNITION)).toEqual([]);
  expect(timesOf('number 41', card(7, 9), RECOGNITION)).toBeNull();
  expect(timesOf('number for one', [], RECOGNITION)).toBeNull();
});

test('recording pauses while a slot is asked for that the pack keeps out of it, also from within another flow', () => {
  const { pack } = desk;
  const flow = pack.flows.identify_customer;
  if (!flow) throw new Error('the bank has no such flow');
  const paying = { ...flow, steps: [{ collect: ['phone_code'], recording: 'pause' as const }] };
  const paused = { ...pack, flows: { ...pack.flows, identify_customer: paying } };
  const asked = { kind: 'slot', flow: 'check_balance', slot: 'phone_code' } as const;
  expect(pausesRecording(paused, asked)).toBe(true);
  expect(pausesRecording(paused, { ...asked, slot: 'customer_number' })).toBe(false);
  expect(pausesRecording(paused, { kind: 'open' })).toBe(false);
  expect(pausesRecording(pack, asked)).toBe(false);
});

test('the customer number tells whom a conversation is about', () => {
  const expected = { kind: 'slot', flow: 'identify_customer', slot: 'customer_number' } as const;
  const understanding = desk.understand('one zero zero two zero zero', expected, Date.now());
  expect(subjectsIn(desk.pack, understanding, expected, {})).toEqual([{ kind: 'customer', value: '100200' }]);
});

class TappedPlayout extends ScriptedPlayout {
  play: (samples: Float32Array, sampleRate: number) => void = () => {};
  tap(listener: (samples: Float32Array, sampleRate: number) => void): () => void {
    this.play = listener;
    return () => {};
  }
}

test('what the agent reads back is silence, and so is everything while payment data is asked for', async () => {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  const records = openRecords(vault, audit, { clock });
  const begun = {
    deskId: 'd',
    packHash: 'h',
    memberId: null,
    carrier: 'device',
    startedAt: clock.now(),
  } as const;
  const writer = records.begin({ id: randomUUID(), ...begun });
  const playout = new TappedPlayout();
  const speech = new ScriptedSpeech();
  const recording = new Recording({
    writer,
    speech,
    playout,
    packTypes: [],
    startedAt: clock.now(),
    clock,
    log: silentLog,
  });
  const loud = (ms: number) => new Float32Array(ms * 16).fill(0.5);
  recording.tap.spoken(loud(1000), clock.now());
  recording.allow(true);
  const says = (text: string) => {
    recording.speaking(text, false, playout.writtenMs);
    playout.play(loud(1000), 16_000);
    playout.writtenMs += 1000;
    playout.heardMs = playout.writtenMs;
  };
  says('Your appointment is made.');
  says('Your card number is 4111 1111 1111 1111.');
  recording.pause(true);
  says('Thank you very much.');
  recording.tap.begin();
  recording.tap.spoken(loud(1000), clock.now());
  recording.settle(recording.claim(RECOGNITION), []);
  recording.pause(false);
  recording.tap.begin();
  recording.tap.spoken(loud(1000), clock.now());
  recording.settle(recording.claim(RECOGNITION), [{ startMs: 400, endMs: 600 }]);
  recording.tap.begin();
  recording.tap.spoken(loud(1000), clock.now());
  recording.settle(recording.claim({ ...RECOGNITION, inGrammar: false }), []);
  await settle();
  await recording.close();
  const loudMs = (channel: string) =>
    records
      .listen({ memberId: 'priya', reason: 'test' }, writer.id)
      .filter((one) => one.channel === channel)
      .flatMap(({ segments }) => segments)
      .reduce(
        (sum, { sound }) => sum + sound.filter((byte, at) => at % 2 === 1 && byte !== 0).length / 16,
        0,
      );
  expect(loudMs('agent')).toBe(1000);
  // A second, less the muted 200 ms and 250 ms on either side.
  expect(loudMs('person')).toBe(300);
});
