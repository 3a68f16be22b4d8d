/** Packs made here are built, signed, verified, installed, opened and run, each in the worker that a site would run. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf, silentLog } from '../../main/base/index.ts';
import type { CheckedPack } from '../../main/models/index.ts';
import { type SpeechPacks, type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { pack, signer, site } from '../models/support.ts';
import { dataFile } from '../support/data.ts';
import { type Model, onnx } from '../support/onnx.ts';
import {
  HUM_HZ,
  HUM_RATE,
  HUM_SAMPLES,
  HUM_TOKENS,
  hummingVoice,
  obstinateRecogniser,
  offlineToneRecogniser,
  spectrumEmbedding,
  streamingToneRecogniser,
  TONE_TOKENS,
  TONE_TOKENS_BLANK_FIRST,
} from '../support/tiny-models.ts';
import { coffeeGrammar } from './coffee.ts';
import { hear, readWav } from './sound.ts';

const RATE = 16_000;
const BLANK_AT = -13;
const ORDER = 'can i have a light roast twelve ounce coffee';
const GRAMMAR = {
  id: 'tones',
  jsgf: '#JSGF V1.0;\ngrammar t;\npublic <t> = low | high | low high;\n',
  pronunciations: {},
  outsideAbove: 0,
};

/** The whole way of a pack, from its files to what an engine is given. */
async function installed(
  about: { readonly kind: string; readonly engine: object; readonly sampleRate?: number },
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<CheckedPack> {
  const by = signer();
  const { models } = await site();
  models.trust(by.publicKey, { name: 'the test' }, 'system');
  const path = await pack(
    by,
    { id: `tiny-${about.kind.toLowerCase()}`, sampleRate: RATE, ...about },
    { files },
  );
  await models.verify(path);
  const { id } = await models.install(path, { actor: 'system' });
  return await models.open(id);
}

function recogniserPack(family: string, model: Model, tokens: string): Promise<CheckedPack> {
  const files = { model: 'model.onnx', tokens: 'tokens.txt' };
  return installed(
    { kind: 'recogniser', engine: { family, files } },
    { 'model.onnx': onnx(model), 'tokens.txt': tokens },
  );
}

async function speechWith(packs: SpeechPacks): Promise<SupervisedSpeech> {
  const speech = await startSpeech({ log: silentLog, packs });
  onTestFinished(() => speech.close());
  await speech.warmUp();
  return speech;
}

const silence = (seconds: number) => new Float32Array(RATE * seconds);
const tone = (hz: number, seconds = 1) =>
  Float32Array.from({ length: RATE * seconds }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hz * i) / RATE));
const joined = (...parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));
const LOW_HIGH = joined(silence(0.5), tone(300), silence(0.5), tone(3000), silence(0.5));

test('a streaming recogniser of a pack hears beside the grammar; its process is told nothing of ours', async () => {
  const speech = await speechWith({
    recogniser: await recogniserPack('nemo-ctc-streaming', streamingToneRecogniser(BLANK_AT), TONE_TOKENS),
  });
  expect(speech.recogniser.engine).toBe('pocketsphinx+sherpa-onnx/nemo-ctc-streaming');
  const stream = await speech.recogniser.open(GRAMMAR);
  expect((await hear(stream, LOW_HIGH)).transcript).toBe('low high');
  expect((await hear(stream, joined(silence(0.3), tone(3000), silence(0.5)))).transcript).toBe('high');
  await stream.close();
  const pid = speech.pids()['neural-recogniser'];
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  expect(environment).toContain('ORT_DISABLE_TELEMETRY=1');
  expect(environment.join()).not.toContain('SOTTO_');
});

test('an offline recogniser of a pack hears, and what is no word of the grammar becomes free text', async () => {
  const speech = await speechWith({
    recogniser: await recogniserPack(
      'zipformer-ctc',
      offlineToneRecogniser(BLANK_AT),
      TONE_TOKENS_BLANK_FIRST,
    ),
  });
  const stream = await speech.recogniser.open({ ...GRAMMAR, outsideAbove: -1000 });
  const heard = await hear(stream, LOW_HIGH);
  expect(heard).toMatchObject({ text: 'low high', transcript: 'low high', inGrammar: false });
  expect(heard.words.map(({ text }) => text)).toEqual(['low', 'high']);
  await stream.close();
});

test('a network that heard the same makes a real order surer, and one that heard another number makes it asked', async () => {
  const order = readWav(
    dataFile('speech', 'intent', 'wav', '0075d273-51bb-47cb-b323-4437bd0de029.wav'),
  ).samples;
  const heardBeside = async (sentence: string) => {
    const { model, tokens } = obstinateRecogniser(sentence);
    const speech = await speechWith({ recogniser: await recogniserPack('zipformer-ctc', model, tokens) });
    const stream = await speech.recogniser.open(coffeeGrammar(), { whole: true });
    return await hear(stream, order);
  };
  const alone = await startSpeech({ log: silentLog });
  onTestFinished(() => alone.close());
  const before = await hear(await alone.recogniser.open(coffeeGrammar(), { whole: true }), order);
  const same = await heardBeside(ORDER);
  const other = await heardBeside(ORDER.replace('twelve', 'twenty'));
  const elsewhere = await heardBeside('i would like to talk about my mortgage');
  const sure = (heard: typeof before, word: string) =>
    heard.words.find(({ text }) => text === word)?.confidence ?? 0;
  expect(before.text).toBe(ORDER);
  expect(same).toMatchObject({ text: ORDER, inGrammar: true });
  expect(same.confidence).toBeGreaterThan(before.confidence);
  expect(other).toMatchObject({ text: ORDER, inGrammar: true });
  expect(sure(other, 'twelve')).toBeLessThanOrEqual(0.3);
  expect(sure(other, 'roast')).toBeGreaterThanOrEqual(sure(before, 'roast'));
  expect(elsewhere).toMatchObject({ text: 'i would like to talk about my mortgage', inGrammar: false });
}, 60_000);

test('a network that dies is done without, and heard again when it is back', async () => {
  const speech = await speechWith({
    recogniser: await recogniserPack('nemo-ctc-streaming', streamingToneRecogniser(BLANK_AT), TONE_TOKENS),
  });
  const stream = await speech.recogniser.open(GRAMMAR);
  await stream.begin();
  stream.write(LOW_HIGH);
  const crashed = new Promise((resolve) => speech.onCrash(resolve));
  process.kill(speech.pids()['neural-recogniser'] ?? 0, 'SIGKILL');
  await crashed;
  expect((await stream.finish()).transcript).toBeUndefined();
  await speech.warmUp();
  expect((await hear(stream, LOW_HIGH)).transcript).toBe('low high');
});

const VOICE_ENGINE = {
  family: 'vits',
  files: { model: 'model.onnx', tokens: 'tokens.txt' },
  voices: [{ name: 'hum', speaker: 0 }],
  naturalRate: 160,
};
const voicePack = () =>
  installed(
    { kind: 'synthesiser', engine: VOICE_ENGINE, sampleRate: HUM_RATE },
    { 'model.onnx': onnx(hummingVoice()), 'tokens.txt': HUM_TOKENS },
  );

async function said(
  speech: SupervisedSpeech,
  text: string,
  voice: { name: string; rate: number; language?: string },
) {
  const blocks: Float32Array[] = [];
  let sampleRate = 0;
  for await (const block of speech.synthesiser.synthesise(text, voice)) {
    blocks.push(block.samples);
    sampleRate = block.sampleRate;
  }
  return { samples: joined(...blocks), sampleRate, blocks: blocks.length };
}

/** Zero crossings tell the pitch of a hum. */
function pitch(samples: Float32Array, sampleRate: number): number {
  let crossings = 0;
  for (let i = 1; i < samples.length; i += 1)
    if ((samples[i - 1] ?? 0) < 0 && (samples[i] ?? 0) >= 0) crossings += 1;
  return (crossings * sampleRate) / samples.length;
}

test('a voice of a pack speaks in its pitch, at the rate asked for, in blocks; other languages stay with eSpeak NG', async () => {
  const speech = await speechWith({ synthesiser: await voicePack() });
  const text = 'good morning.';
  const usual = await said(speech, text, { name: 'hum', rate: 160 });
  expect(usual.sampleRate).toBe(HUM_RATE);
  expect(usual.samples.length / HUM_SAMPLES).toBeCloseTo(text.length, -1);
  expect(Math.abs(pitch(usual.samples, HUM_RATE) - HUM_HZ)).toBeLessThan(15);
  expect(usual.blocks).toBeGreaterThan(5);
  const slow = await said(speech, text, { name: 'en-us', rate: 80 });
  expect(slow.samples.length / usual.samples.length).toBeCloseTo(2, 1);
  const spanish = await said(speech, 'buenos dias', { name: 'es', rate: 160 });
  expect(spanish.sampleRate).toBe(22_050);
  expect(await speech.synthesiser.phonemes('branch', { name: 'hum', rate: 160 })).toContain('b');
});

test('the real GTCRN goes the whole way and takes noise out of speech', async () => {
  const denoiser = await installed(
    { kind: 'denoiser', engine: { family: 'gtcrn', files: { model: 'gtcrn.onnx' } } },
    { 'gtcrn.onnx': readFileSync(dataFile('models', 'gtcrn.onnx')) },
  );
  const speech = await speechWith({ denoiser });
  const stream = await speech.denoiser?.open();
  if (!stream) throw new Error('no denoiser');
  let seed = 7;
  const noise = Float32Array.from({ length: RATE * 3 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed / 2 ** 31 - 0.5) * 0.1;
  });
  const parts: Float32Array[] = [];
  for (let at = 0; at < noise.length; at += 1600)
    parts.push(await stream.clean(noise.subarray(at, at + 1600)));
  parts.push(await stream.flush());
  const clean = joined(...parts);
  const power = (samples: Float32Array) =>
    samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
  expect(clean.length).toBeGreaterThan(RATE * 2.9);
  expect(10 * Math.log10(power(noise) / power(clean.subarray(RATE)))).toBeGreaterThan(15);
  const order = readWav(
    dataFile('speech', 'intent', 'wav', '0075d273-51bb-47cb-b323-4437bd0de029.wav'),
  ).samples;
  const again = await speech.denoiser?.open();
  const kept = joined((await again?.clean(order)) ?? silence(0), (await again?.flush()) ?? silence(0));
  expect(power(kept) / power(order)).toBeGreaterThan(0.5);
});

test('a speaker embedding of a pack tells what is alike', async () => {
  const speech = await speechWith({
    speakerEmbedding: await installed(
      { kind: 'speakerEmbedding', engine: { family: 'speaker-embedding', files: { model: 'model.onnx' } } },
      { 'model.onnx': onnx(spectrumEmbedding()) },
    ),
  });
  const of = async (hz: number) => (await speech.embedder?.embed(tone(hz))) ?? new Float32Array();
  const [low, lowToo, high] = [await of(300), await of(350), await of(3000)];
  expect(low).toHaveLength(3);
  const gap = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)));
  expect(gap(low, lowToo)).toBeLessThan(gap(low, high) / 4);
});

test('a pack that was changed since, or is for something else, is not loaded; the built-in engines serve on', async () => {
  const broken = await voicePack();
  chmodSync(broken.path('tokens.txt'), 0o600);
  writeFileSync(broken.path('tokens.txt'), `${HUM_TOKENS}# 99\n`);
  const speech = await speechWith({ synthesiser: broken });
  expect(speech.pids()['neural-synthesiser']).toBeUndefined();
  expect((await said(speech, 'good morning', { name: 'en-us', rate: 160 })).sampleRate).toBe(22_050);
  const attempt = startSpeech({ log: silentLog, packs: { recogniser: await voicePack() } });
  expect(await attempt.then(() => 'started', codeOf)).toBe('speech/wrong-pack');
});
