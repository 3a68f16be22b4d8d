import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../main/base/index.ts';
import {
  type SupervisedSpeech,
  type Synthesiser,
  startSpeech,
  type Voice,
  voiceDoor,
} from '../../main/speech/index.ts';
import { hear, resample } from './sound.ts';

const VOICE: Voice = { name: 'en-us', rate: 150 };
/** As a pack declares them. The words are not those that the phones say: only an override can make them sound so. */
const OVERRIDES: readonly (readonly [written: string, phones: string, sounds: string])[] = [
  ['Zyrqx', 'B AH N AE N AH', 'banana'],
  ['Metformin', 'T AH M AA1 R OW', 'tomorrow'],
  ['Quayside', 'CH EH K IH NG', 'checking'],
  ['Siobhan', 'W IH N D OW', 'window'],
  ['Harbor', 'S EY V IH NG Z', 'savings'],
];
let speech: SupervisedSpeech;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  await speech.warmUp();
});
afterAll(() => speech.close());

test('what a pack says a word sounds like is what is heard', async () => {
  const pronunciations = Object.fromEntries(
    OVERRIDES.map(([written, phones]) => [written.toLowerCase(), phones]),
  );
  const words = [
    ...OVERRIDES.map(([, , sounds]) => sounds),
    'harbor',
    'metformin',
    'quayside',
    'window',
    'mortgage',
  ];
  const stream = await speech.recogniser.open({
    id: 'pronunciation',
    jsgf: `#JSGF V1.0;\ngrammar p;\npublic <all> = the word is (${words.join(' | ')});\n`,
    pronunciations: {},
    outsideAbove: 40,
  });
  for (const [written, , sounds] of OVERRIDES) {
    const heard = await hear(stream, await sound(`The word is ${written}.`, { ...VOICE, pronunciations }));
    expect([written, heard.text]).toEqual([written, `the word is ${sounds}`]);
  }
  const plain = await hear(stream, await sound('The word is Harbor.', VOICE));
  expect(plain.text).toBe('the word is harbor');
  await stream.close();
});

test('an override is for that word and no other, with its ’s, before it is put into words', async () => {
  const pronunciations = { ann: 'AE N AH', 'harbor atm': ['HH AA', 'B AA'], grace: 'G R EY S' };
  expect(await given('We plan for Ann, in an annex.', pronunciations)).toBe(
    'We plan for <Ann|AE N AH>, in an annex.',
  );
  expect(await given('Ann’s $5.', pronunciations)).toBe('<Ann’s|AE N AH Z> five dollars.');
  expect(await given("Grace's card", pronunciations)).toBe("<Grace's|G R EY S IH Z> card");
  expect(await given('The HARBOR ATM (1)', pronunciations)).toBe('The <HARBOR ATM|HH AA> (one)');
});

test('nobody but the pack can write phones, and what is no ARPAbet leaves the word to the engine', async () => {
  expect(await given("It is [[h@l'oU]].", {})).not.toContain('[[');
  const stream = await speech.recogniser.open({
    id: 'wrong',
    jsgf: '#JSGF V1.0;\ngrammar w;\npublic <all> = the word is (harbor | window | not phones | banana);\n',
    pronunciations: {},
    outsideAbove: 40,
  });
  const voice = { ...VOICE, pronunciations: { harbor: 'NOT PHONES' } };
  expect((await hear(stream, await sound('The word is harbor.', voice))).text).toBe('the word is harbor');
  await stream.close();
});

test('another language is left to its engine', async () => {
  const text = 'Son $5 con Ann.';
  const pronunciations = { ann: 'AE N' };
  expect(await given(text, pronunciations, { name: 'es' })).toBe(text);
  expect(await given(text, pronunciations, { name: 'es-419' })).toBe(text);
  expect(await given(text, pronunciations, { name: 'af_sky', language: 'fr-FR' })).toBe(text);
  for (const english of [{ name: 'en-gb' }, { name: 'af_sky' }, { name: 'piper-amy', language: 'en-US' }])
    expect(await given(text, pronunciations, english)).toBe('Son five dollars con <Ann|AE N>.');
});

/** What an engine is given to say. */
async function given(
  text: string,
  pronunciations: NonNullable<Voice['pronunciations']>,
  voice: Partial<Voice> = {},
): Promise<string> {
  let got = '';
  const engine: Synthesiser = {
    engine: 'listener',
    async *synthesise(words) {
      got = words;
      yield { samples: new Float32Array(1), sampleRate: 16_000 };
    },
    phonemes: async (word) => word,
    close: async () => {},
  };
  const door = voiceDoor(engine, (word, phones) => `<${word}|${phones}>`);
  for await (const _ of door.synthesise(text, { ...VOICE, ...voice, pronunciations }));
  return got;
}

/** At 16 kHz, with a little silence around. */
async function sound(text: string, voice: Voice): Promise<Float32Array> {
  const quiet = new Array<number>(6615).fill(0);
  const samples: number[] = [...quiet];
  let rate = 22_050;
  for await (const block of speech.synthesiser.synthesise(text, voice)) {
    samples.push(...block.samples);
    rate = block.sampleRate;
  }
  return resample(Float32Array.from([...samples, ...quiet]), rate, 16_000);
}
