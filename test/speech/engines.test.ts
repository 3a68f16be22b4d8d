import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../main/base/index.ts';
import {
  type SupervisedSpeech,
  speechChecks,
  startSpeech,
  type WorkerCrash,
} from '../../main/speech/index.ts';
import { dataFile } from '../support/data.ts';
import { coffeeGrammar } from './coffee.ts';
import { hear, readWav, resample, spoken } from './sound.ts';

const VOICE = { name: 'en-us', rate: 165 };
let speech: SupervisedSpeech;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog, timings: { beatMs: 100, missedBeats: 10 } });
  await speech.warmUp();
});
afterAll(() => speech.close());

const order = () =>
  readWav(dataFile('speech', 'intent', 'wav', '0075d273-51bb-47cb-b323-4437bd0de029.wav')).samples;

function nextCrash(): Promise<WorkerCrash> {
  return new Promise((resolve) => {
    const stop = speech.onCrash((crash) => {
      stop();
      resolve(crash);
    });
  });
}

function kill(engine: 'vad' | 'recogniser' | 'synthesiser', signal: NodeJS.Signals): void {
  const pid = speech.pids()[engine];
  if (pid === undefined) throw new Error(`no ${engine} process`);
  process.kill(pid, signal);
}

test('a recogniser killed in mid-utterance is a typed error, and the next utterance works', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar());
  await stream.begin();
  stream.write(order().subarray(0, 32_000));
  const crashed = nextCrash();
  const before = speech.pids().recogniser;
  kill('recogniser', 'SIGKILL');
  const crash = await crashed;
  expect(crash).toMatchObject({ engine: 'recogniser', pid: before, cause: 'SIGKILL' });
  await expect(stream.finish()).rejects.toMatchObject({ code: 'speech/engine-crashed' });
  const next = await hear(stream, order());
  expect(next.text).toBe('can i have a light roast twelve ounce coffee');
  expect(speech.pids().recogniser).not.toBe(before);
  await stream.close();
});

test('a recogniser killed while it finishes is a typed error', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar());
  await stream.begin();
  for (let times = 0; times < 10; times += 1) stream.write(order());
  const finishing = stream.finish();
  kill('recogniser', 'SIGKILL');
  await expect(finishing).rejects.toMatchObject({ code: 'speech/engine-crashed' });
  await stream.close();
});

test('a recogniser that hangs is ended and replaced', async () => {
  const stream = await speech.recogniser.open(coffeeGrammar());
  await stream.begin();
  const crashed = nextCrash();
  kill('recogniser', 'SIGSTOP');
  const finishing = stream.finish();
  finishing.catch(() => {});
  expect(await crashed).toMatchObject({ engine: 'recogniser', cause: 'hang' });
  await expect(finishing).rejects.toMatchObject({ code: 'speech/engine-crashed' });
  expect((await hear(stream, order())).text).toContain('light roast');
  await stream.close();
});

test('a synthesiser killed in mid-sentence is a typed error, and the next sentence is spoken', async () => {
  const long = 'The branch is open from nine to five. '.repeat(80);
  const blocks = speech.synthesiser.synthesise(long, VOICE);
  const reading = (async () => {
    for await (const _ of blocks) kill('synthesiser', 'SIGKILL');
  })();
  await expect(reading).rejects.toMatchObject({ code: 'speech/engine-crashed' });
  expect((await spoken(speech, 'Good morning.')).length).toBeGreaterThan(8000);
});

test('speech stops between blocks when the listener has had enough', async () => {
  const long = 'The branch is open from nine to five. '.repeat(80);
  const stop = new AbortController();
  let heard = 0;
  const reading = (async () => {
    for await (const block of speech.synthesiser.synthesise(long, VOICE, stop.signal)) {
      heard += block.samples.length / block.sampleRate;
      stop.abort(new Error('barge-in'));
    }
  })();
  await expect(reading).rejects.toThrow('barge-in');
  expect(heard).toBeLessThan(0.2);
  const after = performance.now();
  await spoken(speech, 'Yes.');
  expect(performance.now() - after).toBeLessThan(1000);
});

test('what is stopped before its turn is not spoken: what comes after it need not wait', async () => {
  const long = 'The branch is open from nine to five. ';
  const stop = new AbortController();
  const first = spoken(speech, long.repeat(20));
  const waiting = Array.from({ length: 12 }, async () => {
    for await (const _ of speech.synthesiser.synthesise(long.repeat(100), VOICE, stop.signal));
  });
  const last = spoken(speech, 'Yes.');
  setTimeout(() => stop.abort(new Error('barge-in')), 20);
  for (const end of await Promise.allSettled(waiting)) expect(end.status).toBe('rejected');
  await first;
  const after = performance.now();
  expect((await last).length).toBeGreaterThan(2000);
  // All of them would be three quarters of an hour of sound, and take seconds.
  expect(performance.now() - after).toBeLessThan(1000);
});

test('an unknown voice is refused, and the engine goes on', async () => {
  const reading = (async () => {
    for await (const _ of speech.synthesiser.synthesise('Hello.', { name: 'nobody', rate: 165 }));
  })();
  await expect(reading).rejects.toMatchObject({ code: 'speech/unknown-voice' });
  expect(await speech.synthesiser.phonemes('metformin', VOICE)).toMatch(/^m_/);
});

test('voice activity is high where people speak and low in an office', async () => {
  const speaking = await activity(readWav(dataFile('speech', 'clips', 'jfk.wav')));
  const office = await activity(readWav(dataFile('sound', 'office.wav')));
  expect(share(speaking)).toBeGreaterThan(0.6);
  expect(share(office)).toBeLessThan(0.05);
});

test('voice activity of many streams at once is that of each alone, in whatever pieces it comes', async () => {
  const sound = resampled(readWav(dataFile('speech', 'clips', 'jfk.wav'))).subarray(0, 48_000);
  const alone = await activity({ samples: sound, sampleRate: 16_000 });
  const streams = await Promise.all(Array.from({ length: 4 }, () => speech.vad.open()));
  const together = await Promise.all(
    streams.map(async (stream, index) => {
      const size = 300 + index * 177;
      const heard: number[] = [];
      for (let at = 0; at < sound.length; at += size)
        heard.push(...(await stream.write(sound.subarray(at, at + size))));
      await stream.close();
      return heard;
    }),
  );
  for (const heard of together) expect(heard).toEqual(alone);
});

test('a killed voice activity detector comes back', async () => {
  const stream = await speech.vad.open();
  const crashed = nextCrash();
  const under = stream.write(new Float32Array(16_000 * 30));
  kill('vad', 'SIGKILL');
  await crashed;
  await expect(under).rejects.toMatchObject({ code: 'speech/engine-crashed' });
  expect(await stream.write(new Float32Array(1024))).toHaveLength(2);
  await stream.close();
});

test('the checks say that each engine works here', async () => {
  const checks = await speechChecks();
  expect(checks.map((check) => [check.engine, check.ok])).toEqual([
    ['silero-vad-6', true],
    ['pocketsphinx', true],
    ['espeak-ng', true],
  ]);
});

test('closing ends every process', async () => {
  const other = await startSpeech({ log: silentLog });
  await other.warmUp();
  const pids = Object.values(other.pids()).filter((pid) => pid !== undefined);
  expect(pids).toHaveLength(3);
  await other.close();
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
  await expect(other.vad.open()).rejects.toMatchObject({ code: 'speech/closed' });
});

function resampled(sound: { samples: Float32Array; sampleRate: number }): Float32Array {
  return sound.sampleRate === 16_000 ? sound.samples : resample(sound.samples, sound.sampleRate, 16_000);
}

async function activity(sound: { samples: Float32Array; sampleRate: number }): Promise<readonly number[]> {
  const stream = await speech.vad.open();
  const heard = await stream.write(resampled(sound).subarray(0, 16_000 * 20));
  await stream.close();
  return heard;
}

function share(probabilities: readonly number[]): number {
  return probabilities.filter((probability) => probability > 0.5).length / probabilities.length;
}
