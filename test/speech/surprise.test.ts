import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../main/base/index.ts';
import { type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { Surprise } from '../../main/speech/recogniser/surprise.ts';
import { wordsDesk } from '../dialogue/language-desk.ts';
import { grammarOf } from './coffee.ts';
import { graphOf, jsgfOf } from './grammar-text.ts';
import { hear, spoken } from './sound.ts';

let speech: SupervisedSpeech;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
});
afterAll(() => speech.close());

/** Once in how many times, beside the likeliest. */
function onceIn(body: string, words: string): number {
  const graph = graphOf(jsgfOf(body));
  if (!graph) throw new Error('no grammar');
  return Math.exp(new Surprise(graph).of(words.split(' ')));
}

test('a sentence surprises by how much likelier the likeliest was at each choice', () => {
  const body = 'public <g> = (/0.9/ <NULL> | /0.1/ uh) (/3/ yes | /1/ no) [now];';
  expect(onceIn(body, 'yes')).toBeCloseTo(1);
  expect(onceIn(body, 'no now')).toBeCloseTo(3);
  expect(onceIn(body, 'uh yes')).toBeCloseTo(9);
  expect(onceIn(body, 'uh no')).toBeCloseTo(27);
});

test('what is taken from a list does not surprise, however long it is, nor what has only a price', () => {
  expect(onceIn('public <g> = one | two | three | four;', 'three')).toBeCloseTo(1);
  expect(onceIn('public <g> = /2/ one | /2/ two | /2/ three;', 'three')).toBeCloseTo(1);
  expect(onceIn('public <g> = (/0.99/ <VOID> | /0.01/ (b|c))+;', 'b c c')).toBeCloseTo(1);
});

test('of several ways to say it the least surprising counts, in rules and repeats, and for a sentence that broke off', () => {
  const body = '<a> = /0.8/ (go home) | /0.2/ stop;\npublic <g> = /0.1/ (stop now) | /0.9/ (<a>+ now);';
  expect(onceIn(body, 'stop now')).toBeCloseTo(4);
  expect(onceIn(body, 'go home stop')).toBeCloseTo(4);
  expect(onceIn(body, 'go')).toBeCloseTo(1);
});

test('however a name is spelled, the spelling does not speak against itself', async () => {
  const { jsgf } = (await wordsDesk()).grammar({ kind: 'slot', flow: 'visit', slot: 'surname' });
  const graph = graphOf(jsgf);
  const surprise = graph && new Surprise(graph);
  for (const name of ['s m i t h', 's as in sam m i double t', 'sierra mike india tango hotel', 'b o four'])
    expect(surprise?.of(name.split(' ')), name).toBeCloseTo(0);
  expect(surprise?.of('uh s m i t h thanks'.split(' '))).toBeGreaterThan(3);
});

test('the same words in the same sound are outside the grammar where it hardly expects them', async () => {
  const sound = await spoken(speech, 'two tickets please');
  const heard = async (likely: number, outsideAbove: number) => {
    const body = `public <g> = /${likely}/ (two tickets please) | /${1 - likely}/ (never mind);`;
    const of = { ...grammarOf(jsgfOf(body)), id: `${likely} ${outsideAbove}`, outsideAbove };
    const stream = await speech.recogniser.open(of, { whole: true });
    const final = await hear(stream, sound);
    await stream.close();
    return final;
  };
  const expected = await heard(0.99, 18);
  const limit = expected.competition + 3;
  expect(await heard(0.99, limit)).toMatchObject({ text: 'two tickets please', inGrammar: true });
  expect(await heard(0.01, limit)).toMatchObject({ text: 'two tickets please', inGrammar: false });
});
