import { expect, it } from 'vitest';
import { buildKnowledge, type PassageEmbedder } from '../../main/dialogue/index.ts';

const PAGE = {
  file: 'knowledge/dogs.md',
  title: 'Animals',
  markdown:
    '# Animals\n\n## Dogs\n\nOnly service dogs may come in.\n\n## Fish\n\nFish live in the tank by the door.\n',
};
/** The smallest embedding there is: how much of each of three subjects a text has. */
const SUBJECTS = [/dog|puppy|hound|terrier/g, /fish|goldfish|aquarium/g, /weather|rain/g];
const embedder: PassageEmbedder = {
  nearEnough: 0.8,
  embed: async (text) =>
    Float32Array.from(SUBJECTS, (subject) => text.toLowerCase().match(subject)?.length ?? 0),
};

/** A desk's pages, learnt. */
async function learnt() {
  const knowledge = buildKnowledge([PAGE], { embedder });
  expect(await knowledge.ready(new AbortController().signal)).toBe(2);
  return knowledge;
}

it('finds by meaning what shares no word with the question, and stays silent on what is near nothing', async () => {
  const words = buildKnowledge([PAGE]);
  const both = await learnt();
  const question = 'is my terrier welcome';
  expect(words.ask(question)).toBeNull();
  expect(both.ask(question)).toBeNull(); // not thought about yet
  await both.think(question);
  expect(both.ask(question)?.text).toBe('Only service dogs may come in.');
  await both.think('is it going to rain');
  expect(both.ask('is it going to rain')).toBeNull();
});

it('puts first what words and meaning agree on', async () => {
  const knowledge = await learnt();
  await knowledge.think('where do the fish live');
  expect(knowledge.find('where do the fish live', 2)[0]?.text).toBe('Fish live in the tank by the door.');
});

it('goes by words alone while the embedding is not there, fails, or takes too long', async () => {
  const never = new Promise<Float32Array>(() => {});
  for (const embed of [() => never, () => Promise.reject(new Error('gone'))]) {
    const knowledge = buildKnowledge([PAGE], { embedder: { nearEnough: 0.8, embed } });
    const startedAt = performance.now();
    await knowledge.think('may dogs come in');
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(knowledge.ask('may dogs come in')?.text).toBe('Only service dogs may come in.');
  }
});

it('learns as many passages as there is time for', async () => {
  const stop = new AbortController();
  const slow = {
    nearEnough: 0.8,
    embed: async (text: string, as: 'question' | 'passage') => {
      stop.abort();
      return await embedder.embed(text, as);
    },
  };
  expect(await buildKnowledge([PAGE], { embedder: slow }).ready(stop.signal)).toBe(1);
});
