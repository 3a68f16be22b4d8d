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
  embed: (text) => Float32Array.from(SUBJECTS, (subject) => text.toLowerCase().match(subject)?.length ?? 0),
};

it('finds by meaning what shares no word with the question, and stays silent on what is near nothing', () => {
  const words = buildKnowledge([PAGE]);
  const both = buildKnowledge([PAGE], { embedder });
  expect(words.ask('is my terrier welcome')).toBeNull();
  expect(both.ask('is my terrier welcome')?.text).toBe('Only service dogs may come in.');
  expect(both.ask('is it going to rain')).toBeNull();
});

it('puts first what words and meaning agree on', () => {
  const knowledge = buildKnowledge([PAGE], { embedder });
  expect(knowledge.find('where do the fish live', 2)[0]?.text).toBe('Fish live in the tank by the door.');
});

it('goes by words alone while the embedding is not there', () => {
  const knowledge = buildKnowledge([PAGE], { embedder: { nearEnough: 0.8, embed: () => null } });
  expect(knowledge.ask('may dogs come in')?.text).toBe('Only service dogs may come in.');
});
