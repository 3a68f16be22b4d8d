import { expect, test } from 'vitest';
import { type Recognition, secondOpinion } from '../../main/speech/index.ts';
import { comparable } from '../../main/speech/neural/figures.ts';
import { plainWords, transcriptOf } from '../../main/speech/neural/transcript.ts';

function heard(text: string, confidence = 0.8, inGrammar = true): Recognition {
  const words =
    text === '' ? [] : text.split(' ').map((word) => ({ text: word, startMs: 0, endMs: 1, confidence }));
  return {
    text,
    words,
    confidence,
    inGrammar,
    competition: 10,
    audioMs: 1000,
    finalisedInMs: 1,
    processMs: 1,
  };
}
const sure = ({ words }: Recognition) => words.map(({ confidence }) => Math.round(confidence * 100) / 100);
const tokens = (text: string) =>
  comparable(text.split(' '))
    .map(({ token }) => token)
    .join(' ');

test.each([
  ['four three two one', '4321'],
  ['two hundred and fifty dollars', '250 dollars'],
  ['$250.00 dollars', '250 dollars'],
  ['twelve fifty', '1250'],
  ['one thousand two hundred', '1200'],
  ['twenty five', '25'],
  ['twenty-five', '25'],
  ['five twenty', '520'],
  ['may twenty first', 'may 21'],
  ['may 21st', 'may 21'],
  ['at 10:30', 'at 1030'],
  ['ten thirty', '1030'],
  ['double oh seven', 'double 07'],
  ['um salt and pepper', 'salt and pepper'],
])('the figures of "%s" are "%s"', (text, expected) => {
  expect(tokens(text)).toBe(expected);
});

test('words that both heard are surer, however the network writes numbers', () => {
  const both = secondOpinion(heard('my card ends in four three two one'), heard('my card ends in 4321', 0.7));
  expect(both).toMatchObject({ text: 'my card ends in four three two one', inGrammar: true });
  expect(both.confidence).toBeCloseTo(0.94, 2);
  expect(sure(both)).toEqual(Array(8).fill(0.94));
});

test('a number that the network heard otherwise is doubted, and nothing else is', () => {
  const both = secondOpinion(heard('transfer fifteen dollars'), heard('transfer fifty dollars', 0.7));
  expect(both.text).toBe('transfer fifteen dollars');
  expect(sure(both)).toEqual([0.94, 0.3, 0.94]);
  expect(both.confidence).toBeLessThan(0.8);
});

test('a word that the network heard otherwise is doubted a little', () => {
  expect(sure(secondOpinion(heard('block my card'), heard('lock my card', 0.7)))).toEqual([0.56, 0.94, 0.94]);
});

test('a sentence that the grammar made out of another is outside it, and becomes what the network heard', () => {
  const both = secondOpinion(heard('block my card'), heard('what time does the museum open', 0.7));
  expect(both).toMatchObject({ text: 'what time does the museum open', inGrammar: false });
});

test('a sentence in poor sound that both heard alike is in the grammar; one word alone is not', () => {
  expect(secondOpinion(heard('block my card', 0.4, false), heard('block my card', 0.7))).toMatchObject({
    text: 'block my card',
    inGrammar: true,
  });
  expect(secondOpinion(heard('yes', 0.4, false), heard('yes', 0.7)).inGrammar).toBe(false);
});

test('where the network heard nothing, every number is doubted and every word a little', () => {
  expect(sure(secondOpinion(heard('pay four'), heard('', 0)))).toEqual([0.56, 0.3]);
});

test('what is outside the grammar stays outside, with the words of the network', () => {
  expect(secondOpinion(heard('block my card', 0.2, false), heard('do you sell stamps', 0.7))).toMatchObject({
    text: 'do you sell stamps',
    transcript: 'do you sell stamps',
    inGrammar: false,
  });
});

test('transcripts lose capitals, marks and punctuation, and keep what numbers are made of', () => {
  expect(plainWords(" I’d like $1,250.50, please. <unk> [MUSIC] It's 10:30 — OK?")).toBe(
    "i'd like $1250.50 please it's 10:30 ok",
  );
});

test('pieces of words are put together, each with its time and how sure the network is', () => {
  const { words, confidence } = transcriptOf(
    {
      text: ' TRANSFER FIFTY',
      tokens: ['\u2581TRANS', 'FER', '\u2581FIFTY'],
      timestamps: [0.1, 0.3, 0.6],
      ys_probs: [0, Math.log(0.25), Math.log(0.5)],
    },
    1000,
  );
  expect(words.map(({ text, startMs, endMs }) => [text, startMs, endMs])).toEqual([
    ['transfer', 100, 600],
    ['fifty', 600, 1000],
  ]);
  expect(words[0]?.confidence).toBeCloseTo(0.5, 5);
  expect(confidence).toBeCloseTo(0.5, 5);
});
