/** Synthetic voices are told by a pack's model, where the site has one: a real pack, a real process, a tiny model. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { codeOf, delay, silentLog } from '../../main/base/index.ts';
import {
  openSoundGuard,
  openSyntheticVoiceModel,
  RepeatMemory,
  SoundScreen,
  type SyntheticVoiceModel,
  type SyntheticVoices,
} from '../../main/guard/index.ts';
import { Resampler, resample, writeWav } from '../../main/media/index.ts';
import type { CheckedPack } from '../../main/models/index.ts';
import { tone } from '../attack/sound-attacks.ts';
import { sotto } from '../cli/sotto.ts';
import { pack, scratch, signer, site } from '../models/support.ts';
import { FLOAT, type Model, onnx } from '../support/onnx.ts';
import { testClock, throwaway } from '../vault/support.ts';
import { ENGINE, hissDetector, SAMPLES } from './hiss-detector.ts';

const RATE = 16_000;
async function installed(engine: object = ENGINE, model: Model = hissDetector()): Promise<CheckedPack> {
  const by = signer();
  const { models } = await site();
  models.trust(by.publicKey, { name: 'IT' }, 'system');
  const about = { id: 'hiss', kind: 'antispoof', engine, sampleRate: RATE };
  const file = await pack(by, about, { files: { 'model.onnx': onnx(model) } });
  await models.install(file, { actor: 'system' });
  models.choose('hiss', 'system');
  return await models.open(models.chosen().antispoof ?? '');
}

async function opened(): Promise<SyntheticVoiceModel> {
  const model = await openSyntheticVoiceModel(await installed(), silentLog);
  onTestFinished(() => model.close());
  return model;
}

const voicesOf = (model: SyntheticVoiceModel): SyntheticVoices => ({
  model,
  resampler: (from, to) => new Resampler(from, to),
});

/** Speaks it at the pace of speech, as far as the model is concerned: it is asked, and has time to answer. */
async function spoken(screen: Pick<SoundScreen, 'push'>, sound: Float32Array, rate: number): Promise<void> {
  for (let at = 0; at < sound.length; at += rate / 2) {
    screen.push(sound.subarray(at, at + rate / 2), rate);
    await delay(60);
  }
}

it('scores what a pack’s model hears, in a process of its own, and finds what its pack says no person reaches', async () => {
  const model = await opened();
  expect(await model.score(tone(5_000, 2_000))).toBeGreaterThan(0.9);
  expect(await model.score(tone(200, 1_000))).toBeLessThan(0.1);
  const screen = new SoundScreen(new RepeatMemory(), voicesOf(model));
  const found = async (sound: Float32Array, rate: number) => {
    screen.begin();
    await spoken(screen, sound, rate);
    return screen.end(0)?.findings.filter(({ kind }) => kind === 'synthetic');
  };
  expect(await found(resample(tone(5_000, 2_500), RATE, 48_000), 48_000)).toEqual([
    {
      kind: 'synthetic',
      score: expect.any(Number),
      reason: expect.stringContaining('model'),
      from: 'endpoint',
    },
  ]);
  expect(await found(resample(tone(200, 2_500), RATE, 48_000), 48_000)).toEqual([]);
  // Too short to be asked about.
  expect(await found(tone(5_000, 400), RATE)).toEqual([]);
});

it('flags by the site’s policy, with an entry in the log; a model that dies costs no conversation', async () => {
  const clock = testClock();
  const audit = openAuditLog(await throwaway(clock), { clock });
  const model = await opened();
  const guard = openSoundGuard({
    audit,
    clock,
    policy: { synthetic: [{ from: 0.5, act: 'challenge' }], tone: [] },
    voices: voicesOf(model),
  });
  const watch = guard.watch('c1');
  watch.begin();
  await spoken(watch, tone(5_000, 2_500), RATE);
  expect(watch.end({ overAgent: false }).action).toBe('challenge');
  expect(audit.recent(1)[0]?.json).toContain('"kind":"synthetic"');
  await model.close();
  watch.begin();
  await spoken(watch, tone(5_000, 1_500), RATE);
  expect(watch.end({ overAgent: false }).findings.map(({ kind }) => kind)).not.toContain('synthetic');
});

it('counts an answer that comes after the end for the next utterance, and for none after that', async () => {
  const answers: ((score: number) => void)[] = [];
  const model: SyntheticVoiceModel = {
    ...{ name: 'slow', sampleRate: RATE, samples: SAMPLES, limit: 0.8 },
    score: () => new Promise((resolve) => answers.push(resolve)),
    close: async () => {},
  };
  const screen = new SoundScreen(new RepeatMemory(), voicesOf(model));
  const says = () => {
    screen.begin();
    screen.push(tone(300, 1_500), RATE);
  };
  const found = () => screen.end(0)?.findings.some(({ kind }) => kind === 'synthetic');
  says();
  expect(found()).toBe(false);
  answers[0]?.(1);
  await delay(0);
  says();
  expect(found()).toBe(true);
  says();
  expect(found()).toBe(false);
});

it('is not opened with a pack for something else, or a model that is not as its pack says', async () => {
  const open = async (engine: object, model?: Model) =>
    await openSyntheticVoiceModel(await installed(engine, model), silentLog).then(() => 'opened', codeOf);
  expect(await open({ ...ENGINE, output: 'nothing' })).toBe('guard/bad-model');
  const { outputs: _, ...rest } = hissDetector();
  expect(await open(ENGINE, { ...rest, outputs: [{ name: 'steps', type: FLOAT, shape: [1, 'N'] }] })).toBe(
    'guard/bad-model',
  );
});

it('is told by sotto guard audio of recordings, with a pack that the named key has signed', async () => {
  const by = signer();
  const folder = scratch();
  const files = { 'model.onnx': onnx(hissDetector()) };
  const about = { id: 'hiss', name: 'Hiss', kind: 'antispoof', engine: ENGINE, sampleRate: RATE };
  const place = await pack(by, about, { files, folder: true });
  const [hiss, hum, key, other] = ['hiss.wav', 'hum.wav', 'by.pub.pem', 'other.pub.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await writeWav(hiss, resample(tone(5_000, 2_500), RATE, 48_000), 48_000);
  await writeWav(hum, tone(200, 2_500), RATE);
  writeFileSync(key, by.publicKey.pem);
  writeFileSync(other, signer().publicKey.pem);
  const { code, out } = await sotto(['guard', 'audio', '--pack', place, '--key', key, '--json', hiss, hum]);
  const [first, second] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(first.findings).toContainEqual(expect.objectContaining({ kind: 'synthetic' }));
  expect(first.synthetic).toMatchObject({ there: true, model: 'Hiss' });
  expect(second.findings).not.toContainEqual(expect.objectContaining({ kind: 'synthetic' }));
  expect(second.synthetic.likely).toBeLessThan(0.5);
  expect((await sotto(['guard', 'audio', '--pack', place, '--key', other, hum])).code).toBe(1);
  expect((await sotto(['guard', 'audio', '--pack', place, hum])).code).toBe(2);
});
