import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../main/base/index.ts';
import { type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { parseJsgf } from '../../main/speech/recogniser/jsgf.ts';
import { finiteStateGrammar } from '../../main/speech/recogniser/word-graph.ts';
import { grammarOf } from './coffee.ts';
import { graphOf, jsgfOf } from './grammar-text.ts';
import { hear, spoken } from './sound.ts';

let speech: SupervisedSpeech;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
});
afterAll(() => speech.close());

/** What is heard of the same sound under each grammar. */
async function heardUnder(sound: Float32Array, bodies: readonly string[]): Promise<string[]> {
  const heard: string[] = [];
  for (const body of bodies) {
    const stream = await speech.recogniser.open(grammarOf(jsgfOf(body)), { whole: true });
    heard.push((await hear(stream, sound)).text);
    await stream.close();
  }
  return heard;
}

test('of two sentences that sound the same the likelier is heard, in groups and in rules', async () => {
  const sound = await spoken(speech, 'two tickets please');
  expect(
    await heardUnder(sound, [
      'public <g> = /0.01/ (to tickets please) | /0.99/ (two tickets please);',
      'public <g> = /0.99/ (to tickets please) | /0.01/ (two tickets please);',
      '<a> = to tickets;\n<b> = two tickets;\npublic <g> = (/0.01/ <a> | /0.99/ <b>) please;',
      '<a> = to tickets;\n<b> = two tickets;\npublic <g> = (/0.99/ <a> | /0.01/ <b>) please;',
    ]),
  ).toEqual(['two tickets please', 'to tickets please', 'two tickets please', 'to tickets please']);
});

test('what is hardly ever put in front is not heard there, where the sound leaves it open', async () => {
  const sound = await spoken(speech, 'two tickets please');
  const often = 'public <g> = (/0.01/ <NULL> | /0.99/ (to)) (tickets | two tickets) please;';
  const hardly = 'public <g> = (/0.99/ <NULL> | /0.01/ (to)) (tickets | two tickets) please;';
  expect(await heardUnder(sound, [often, hardly])).toEqual(['to tickets please', 'two tickets please']);
});

test('a weight is the share among its alternatives, and what cannot be said takes its share with it', () => {
  const graph = graphOf(
    jsgfOf('public <g> = (/3/ yes | /1/ (no thanks)) [now] (/0.75/ <VOID> | /0.25/ please)+;'),
  );
  const shareOf = (word: string) =>
    Math.exp(graph?.arcs.find((arc) => arc.word === word)?.likelihood ?? Number.NaN);
  expect(shareOf('yes')).toBeCloseTo(0.75);
  expect(shareOf('no')).toBeCloseTo(0.25);
  expect(shareOf('thanks')).toBe(1);
  expect(shareOf('now')).toBe(1);
  expect(shareOf('please')).toBeCloseTo(0.25);
  expect(graph && finiteStateGrammar(graph)).toMatch(
    /^FSG_BEGIN sotto\nNUM_STATES \d+\nSTART_STATE 0\nFINAL_STATE 1\n/,
  );
});

test('a grammar that is none, lacks a rule or goes round in circles makes no graph', () => {
  for (const broken of [
    'public <g> = (one | two;',
    'public <g> = one | ;',
    '<g> = one;',
    'public <g> = <missing>;',
    'public <g> = one [<g>];',
    'public <g> = /x/ one;',
  ])
    expect(graphOf(jsgfOf(broken)), broken).toBeNull();
  expect(parseJsgf('public <g> = one;')).toBeNull();
  expect(graphOf(jsgfOf('/* a comment */ public <g> = one {tag} | "two" // and more'))).toBeNull();
  expect(graphOf(jsgfOf('/* a comment */ public <g> = one {tag} | "two"; // and more'))?.arcs).toHaveLength(
    2,
  );
});
