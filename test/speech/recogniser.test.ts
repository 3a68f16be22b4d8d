import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kitchen, mixed } from '../../bench/hearing/sound.ts';
import { silentLog } from '../../main/base/index.ts';
import { type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { dataFile } from '../support/data.ts';
import { coffeeGrammar, grammarOf, labels, sameSlots, slotsIn } from './coffee.ts';
import { hear, readWav, spoken } from './sound.ts';

let speech: SupervisedSpeech;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
});
afterAll(() => speech.close());

const clip = (file: string) => readWav(dataFile('speech', 'intent', 'wav', file)).samples;

test('people on their own microphones are understood, and taken as inside the grammar', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar());
  // Odd clips: the threshold of `inGrammar` was chosen on the even ones.
  const some = Object.entries(labels()).filter((_, index) => index % 6 === 1);
  let right = 0;
  let inside = 0;
  for (const [file, label] of some) {
    const recognition = await hear(stream, clip(file));
    if (sameSlots(slotsIn(recognition.text), label.slots)) right += 1;
    if (recognition.inGrammar) inside += 1;
  }
  await stream.close();
  expect(some.length).toBeGreaterThanOrEqual(25);
  expect(right / some.length).toBeGreaterThanOrEqual(0.9);
  expect(inside / some.length).toBeGreaterThanOrEqual(0.95);
});

test('what is understood in kitchen noise is taken as inside the grammar too, though it fits worse', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar(), { whole: true });
  const some = Object.entries(labels()).filter((_, index) => index % 8 === 1);
  const noise = kitchen();
  let [right, inside, worse] = [0, 0, 0];
  for (const [at, [file, label]] of some.entries()) {
    const recognition = await hear(stream, mixed(clip(file), noise, 12, at));
    if (!sameSlots(slotsIn(recognition.text), label.slots)) continue;
    right += 1;
    if (recognition.inGrammar) inside += 1;
    if (recognition.competition > 10) worse += 1;
  }
  await stream.close();
  expect(right / some.length).toBeGreaterThanOrEqual(0.75);
  expect(inside / right).toBeGreaterThanOrEqual(0.9);
  expect(worse).toBeGreaterThan(0);
});

test('a partial arrives before the end, the final soon after it, with words in order', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar());
  const partials: string[] = [];
  stream.onPartial((text) => partials.push(text));
  await stream.begin();
  const samples = clip('0075d273-51bb-47cb-b323-4437bd0de029.wav');
  for (let at = 0; at < samples.length; at += 1600) {
    stream.write(samples.subarray(at, at + 1600));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const before = [...partials];
  const recognition = await stream.finish();
  expect(before.length).toBeGreaterThan(2);
  expect(new Set(before).size).toBe(before.length);
  expect(before.some((text) => text.startsWith('can i have'))).toBe(true);
  expect(recognition.text).toBe('can i have a light roast twelve ounce coffee');
  expect(recognition.audioMs).toBeCloseTo(samples.length / 16, 0);
  expect(recognition.words.map((word) => word.text).join(' ')).toBe(recognition.text);
  const again = await hear(stream, samples);
  // Decoded as it came in: what is left at the end is little beside the whole.
  expect(recognition.finalisedInMs).toBeLessThan(again.finalisedInMs / 2);
  for (const words of [recognition.words, again.words]) {
    expect(words.every((word, index) => word.startMs >= (words[index - 1]?.endMs ?? 0))).toBe(true);
    expect(words.at(-1)?.endMs).toBeLessThanOrEqual(recognition.audioMs);
  }
  await stream.close();
});

test('free speech outside the grammar is refused', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar());
  await hear(stream, clip('0075d273-51bb-47cb-b323-4437bd0de029.wav'));
  const folder = dataFile('speech', 'read');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.wav'),
  );
  let refused = 0;
  const some = files.filter((_, index) => index % 4 === 0);
  for (const file of some) {
    const recognition = await hear(
      stream,
      readWav(dataFile('speech', 'read', file)).samples.subarray(0, 64_000),
    );
    if (!recognition.inGrammar) refused += 1;
  }
  await stream.close();
  expect(some.length).toBeGreaterThan(10);
  expect(refused / some.length).toBeGreaterThanOrEqual(0.9);
});

test('a request that goes on beyond what the grammar knows is refused, and the same request alone is taken', async () => {
  const stream = await speech.recogniser.open(
    grammarOf('#JSGF V1.0;\ngrammar g;\npublic <g> = can you help me | what are your hours | goodbye;\n'),
  );
  const alone = await hear(stream, await spoken(speech, 'Can you help me?'));
  const goesOn = await hear(stream, await spoken(speech, 'Can you help me study for a history exam?'));
  await stream.close();
  expect(alone).toMatchObject({ text: 'can you help me', inGrammar: true });
  expect(goesOn.inGrammar).toBe(false);
  expect(goesOn.competition).toBeGreaterThan(alone.competition + 5);
});

test('the word that was misheard is the least sure of its sentence', async () => {
  const stream = await speech.recogniser.open(
    grammarOf(
      '#JSGF V1.0;\ngrammar g;\npublic <g> = transfer (seventy | eleven) dollars to my savings account;\n',
    ),
  );
  const sound = await spoken(speech, 'Transfer thirty thousand dollars to my savings account.');
  await hear(stream, sound);
  const { words } = await hear(stream, sound);
  await stream.close();
  const least = words.toSorted((a, b) => a.confidence - b.confidence)[0];
  expect(['seventy', 'eleven']).toContain(least?.text);
  expect(least?.confidence).toBeLessThan(0.35);
  expect(words.find(({ text }) => text === 'savings')?.confidence).toBeGreaterThan(0.6);
});

test('a pronunciation that the pack declares is heard where the dictionary has another', async () => {
  const jsgf = '#JSGF V1.0;\ngrammar g;\npublic <g> = (quay | boston) street;\n';
  // "Quay" said as "kway", which cmudict does not know.
  const declared = await speech.recogniser.open(grammarOf(jsgf, { quay: ['K W EY'] }));
  const sound = await spoken(speech, 'Kway street.');
  const heard = await hear(declared, sound);
  await declared.close();
  const without = await speech.recogniser.open(grammarOf(jsgf));
  const unheard = await hear(without, sound);
  await without.close();
  expect(heard.text).toBe('quay street');
  expect(heard.competition).toBeLessThan(unheard.competition);
});

test('silence is recognised as nothing', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar());
  const recognition = await hear(stream, new Float32Array(16_000));
  await stream.close();
  expect(recognition).toMatchObject({ text: '', inGrammar: false, confidence: 0, words: [] });
});

test('a synthesised sentence with words that the dictionary lacks is recognised again', async () => {
  const stream = await speech.recogniser.open(
    grammarOf(
      '#JSGF V1.0;\ngrammar g;\npublic <g> = (refill | stop) my (lisinopril | metformin | omeprazole) prescription;\n',
    ),
  );
  const sound = await spoken(speech, 'Refill my metformin prescription.');
  await hear(stream, sound);
  expect((await hear(stream, sound)).text).toBe('refill my metformin prescription');
  await stream.close();
});

test('a grammar set between utterances takes effect at the next; a broken one is refused and the old one stays', async () => {
  const stream = await speech.recogniser.open(
    grammarOf('#JSGF V1.0;\ngrammar g;\npublic <g> = (yes | no) please;\n'),
  );
  const sound = await spoken(speech, 'twenty seven');
  expect((await hear(stream, sound)).text).not.toContain('seven');
  await stream.setGrammar(
    grammarOf('#JSGF V1.0;\ngrammar g;\npublic <g> = (twenty | thirty) (four | seven);\n'),
  );
  expect((await hear(stream, sound)).text).toBe('twenty seven');
  await expect(
    stream.setGrammar(grammarOf('#JSGF V1.0;\ngrammar g;\npublic <g> = (twenty | ;\n')),
  ).rejects.toMatchObject({ code: 'speech/bad-grammar' });
  await stream.close();
});

test('many seconds written at once are decoded in full', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar());
  const one = clip('0075d273-51bb-47cb-b323-4437bd0de029.wav');
  const recognition = await hear(stream, one);
  expect(recognition.audioMs).toBeCloseTo(one.length / 16, 0);
  await stream.begin();
  stream.write(one);
  stream.abandon();
  expect((await hear(stream, one)).text).toBe(recognition.text);
  await stream.close();
  await expect(stream.begin()).rejects.toMatchObject({ code: 'speech/closed' });
});
