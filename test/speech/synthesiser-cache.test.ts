import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SottoError, silentLog } from '../../main/base/index.ts';
import { deskVoice, promptSentences } from '../../main/conversation/index.ts';
import { compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';
import {
  type SupervisedSpeech,
  type SynthesisedSound,
  type Synthesiser,
  startSpeech,
  type Voice,
  voiceDoor,
} from '../../main/speech/index.ts';

const VOICE: Voice = { name: 'en-us', rate: 165 };
const BANK = fileURLToPath(new URL('../../desks/bank-branch', import.meta.url));
let speech: SupervisedSpeech;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
});
afterAll(() => speech.close());

test('what a desk always says sounds within 30 ms, and stands the loss of its engine', async () => {
  const desk = compileDesk(await loadDeskPack(BANK));
  const sentences = promptSentences(desk).slice(0, 12);
  const voice = deskVoice(desk);
  const { prepared, bytes } = await speech.synthesiser.prepare(sentences, voice);
  expect(prepared).toBe(12);
  expect(bytes).toBeGreaterThan(500_000);
  expect(await speech.synthesiser.prepare(sentences, voice)).toEqual({ prepared: 0, bytes: 0 });
  const pid = speech.pids().synthesiser;
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  const waits: number[] = [];
  for (const sentence of sentences) {
    const startedMs = performance.now();
    let samples = 0;
    for await (const block of speech.synthesiser.synthesise(sentence, voice)) {
      if (samples === 0) waits.push(performance.now() - startedMs);
      samples += block.samples.length;
    }
    expect(samples).toBeGreaterThan(15_000);
  }
  expect(Math.max(...waits)).toBeLessThan(30);
});

test('the fixed words of a desk have no place for what a person told', async () => {
  const sentences = promptSentences(compileDesk(await loadDeskPack(BANK)));
  expect(sentences).toContain('Hello, this is Robin, an automated assistant.');
  expect(sentences).toContain('What can I do for you?');
  expect(sentences).toContain('Shall I get a teller?');
  expect(sentences.filter((sentence) => /[{}]/.test(sentence))).toEqual([]);
});

test('the same words at another rate, in another voice or pronounced otherwise are made anew', async () => {
  const { engine, calls } = standIn();
  const door = voiceDoor(engine, (word, phones) => `<${word}:${phones}>`);
  await door.prepare(['Harbor Street.'], VOICE);
  await whole(door.synthesise('Harbor Street.', VOICE));
  expect(calls).toHaveLength(1);
  await whole(door.synthesise('Harbor Street.', { ...VOICE, rate: 166 }));
  await whole(door.synthesise('Harbor Street.', { ...VOICE, name: 'en-gb' }));
  await whole(door.synthesise('Harbor Street.', { ...VOICE, pronunciations: { harbor: 'B AA' } }));
  expect(calls.slice(1)).toEqual(['Harbor Street.', 'Harbor Street.', '<Harbor:B AA> Street.']);
});

test('what was not prepared is never kept', async () => {
  const { engine, calls } = standIn();
  const door = voiceDoor(engine);
  for (const text of ['Your code is 4711.', 'Your code is 4711.']) await whole(door.synthesise(text, VOICE));
  expect(calls).toEqual(['Your code is four seven one one.', 'Your code is four seven one one.']);
});

test('memory is bounded: the first sentences of a desk stay, and a new desk takes the place of an old one', async () => {
  const { engine, calls } = standIn();
  const bytesEach = 2 * SAMPLES;
  const door = voiceDoor(engine, (word) => word, 3 * bytesEach);
  expect(await door.prepare(['One.', 'Two.', 'Three.', 'Four.', 'Five.'], VOICE)).toEqual({
    prepared: 3,
    bytes: 3 * bytesEach,
  });
  const made = calls.length;
  await whole(door.synthesise('One.', VOICE));
  expect(calls).toHaveLength(made);
  await door.prepare(['Six.', 'Seven.'], VOICE);
  for (const still of ['One.', 'Six.', 'Seven.']) await whole(door.synthesise(still, VOICE));
  expect(calls).toHaveLength(made + 2);
});

test('whoever is spoken to goes before what is made in advance, which is then made after all', async () => {
  const { engine, calls, hold } = standIn();
  const door = voiceDoor(engine);
  hold(true);
  const preparing = door.prepare(['In advance.'], VOICE);
  await expect.poll(() => calls.length).toBe(1);
  hold(false);
  expect((await whole(door.synthesise('Live.', VOICE))).length).toBeGreaterThan(0);
  expect((await preparing).prepared).toBe(1);
  expect(calls).toEqual(['In advance.', 'Live.', 'In advance.']);
});

test('an engine that breaks at a sentence twice leaves it out, and one that is gone ends the preparing', async () => {
  const breaking = standIn((text) => {
    if (text === 'Bad.') throw new SottoError('speech/engine-crashed', 'broken');
    if (text === 'Gone.') throw new SottoError('speech/closed', 'closed');
  });
  const door = voiceDoor(breaking.engine);
  expect((await door.prepare(['Bad.', 'Good.', 'Gone.', 'Never.'], VOICE)).prepared).toBe(1);
  expect(breaking.calls).toEqual(['Bad.', 'Bad.', 'Good.', 'Gone.']);
});

const SAMPLES = 22_050;

/** An engine that makes a second of sound of anything, and tells what it was given. */
function standIn(check: (text: string) => void = () => {}) {
  const calls: string[] = [];
  let holding = false;
  const engine: Synthesiser = {
    engine: 'stand-in',
    async *synthesise(text, _voice, signal) {
      calls.push(text);
      check(text);
      if (holding) {
        await new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
      }
      signal?.throwIfAborted();
      yield { samples: new Float32Array(SAMPLES).fill(0.25), sampleRate: SAMPLES };
    },
    phonemes: async (word) => word,
    close: async () => {},
  };
  /** From now on it is slow: nothing comes until it is stopped. */
  const hold = (on: boolean) => {
    holding = on;
  };
  return { engine, calls, hold };
}

async function whole(sound: AsyncIterable<SynthesisedSound>): Promise<readonly SynthesisedSound[]> {
  const blocks: SynthesisedSound[] = [];
  for await (const block of sound) blocks.push(block);
  return blocks;
}
