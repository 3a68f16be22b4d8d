/** The agent's voice through a real room into the microphone, with real engines to tell what is left; no time passes. */
import { PerformanceObserver } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId, silentLog } from '../../main/base/index.ts';
import {
  type AudioFrame,
  type EcholessMicrophone,
  levelOf,
  type Playout,
  resample,
  type SoundEndpoint,
  withoutEcho,
} from '../../main/media/index.ts';
import { type SupervisedSpeech, startSpeech } from '../../main/speech/index.ts';
import { personSays } from '../conversation/person.ts';
import { convolved, RATE, roomImpulse } from '../conversation/room.ts';

const FRAME = 320;
/** A quiet room, before a word is said. */
const QUIET = RATE;
const AGENT =
  'Hello, this is Robin, an automated assistant. I am a computer program and not a person. What we say is written ' +
  'down and kept by the branch, and you can ask for a copy of it at any time. How can I help you today?';
const PERSON = 'I want to check my savings balance';

let speech: SupervisedSpeech;
let agent: Float32Array;
let room: Float32Array;
let person: Float32Array;

beforeAll(async () => {
  speech = await startSpeech({ log: silentLog });
  const blocks: Float32Array[] = [];
  for await (const { samples, sampleRate } of speech.synthesiser.synthesise(AGENT, {
    name: 'en-us',
    rate: 165,
  }))
    blocks.push(resample(samples, sampleRate, RATE));
  agent = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  blocks.reduce((at, block) => {
    agent.set(block, at);
    return at + block.length;
  }, 0);
  room = await roomImpulse();
  const said = await personSays(PERSON);
  person = resample(said.samples, said.sampleRate, RATE);
}, 30_000);
afterAll(() => speech.close());

/** The microphone: a second of quiet, then the agent through the room, and perhaps a person over it. */
function microphone(returnDb: number, delayMs: number, personAt: number | null): Float32Array {
  const echo = convolved(agent, room, 10 ** (returnDb / 20));
  const delay = Math.round((RATE * delayMs) / 1000);
  let state = 1;
  return new Float32Array(QUIET + agent.length + RATE).map((_, at) => {
    state = (state * 16_807) % 2_147_483_647;
    const noise = (state / 2_147_483_647 - 0.5) * 0.0006;
    const spoken = personAt === null ? 0 : (person[at - QUIET - personAt * RATE] ?? 0);
    return noise + (echo[at - QUIET - delay] ?? 0) + spoken;
  });
}

/**
 * What comes out of the microphone when the agent's voice is played and told.
 * @param lateMs how long each frame waits until somebody takes it, on a machine that is busy
 */
async function cleaned(
  sound: Float32Array,
  lateMs = 0,
): Promise<{ samples: Float32Array; microphone: EcholessMicrophone }> {
  let now = 0;
  let tell: Parameters<NonNullable<Playout['tap']>>[0] = () => {};
  const playout = {
    tap: (listener: typeof tell) => {
      tell = listener;
      return () => {};
    },
  } as unknown as Playout;
  async function* frames(): AsyncGenerator<AudioFrame> {
    const late = (lateMs / 20) * FRAME;
    for (let at = 0; at + FRAME <= sound.length + late; at += FRAME) {
      now += 20;
      const played = new Float32Array(FRAME);
      if (at >= QUIET) played.set(agent.subarray(at - QUIET, at - QUIET + FRAME));
      tell(played, RATE);
      if (at < late) continue;
      const samples = sound.slice(at - late, at - late + FRAME);
      yield { samples, sampleRate: RATE, capturedAt: now - 20 - lateMs };
    }
  }
  const endpoint: SoundEndpoint = { kind: 'device', label: 'room', frames, playout, close: async () => {} };
  const microphone = withoutEcho(endpoint, { now: () => now, monotonicMs: () => now });
  const samples = new Float32Array(sound.length);
  let at = 0;
  for await (const frame of microphone.frames()) {
    samples.set(frame.samples, at);
    at += frame.samples.length;
  }
  return { samples, microphone };
}

/** Share of the frames in which somebody speaks, from this second on. */
async function speechIn(sound: Float32Array, fromSecond: number): Promise<number> {
  const vad = await speech.vad.open();
  const told = await vad.write(sound.slice(fromSecond * RATE));
  await vad.close();
  return told.filter((probability) => probability >= 0.5).length / told.length;
}

async function wordsIn(sound: Float32Array): Promise<string> {
  const stream = await speech.recogniser.open(
    {
      id: newId(),
      jsgf: '#JSGF V1.0;\ngrammar g;\npublic <g> = i want to (check|block|move|open) my (savings|checking|card|loan) (balance|account|payment|card);\n',
      pronunciations: {},
      outsideAbove: 40,
    },
    { whole: true },
  );
  await stream.begin();
  for (let at = 0; at < sound.length; at += 1600) stream.write(sound.subarray(at, at + 1600));
  const { text } = await stream.finish();
  await stream.close();
  return text;
}

const level = (sound: Float32Array, from: number, to: number) =>
  levelOf(sound.subarray(from * RATE, to * RATE)).rmsDb;

describe('a speaker heard by its microphone', () => {
  test.each([
    [0, 60],
    [0, 200],
    [-10, 120],
    [-20, 120],
  ])('at %d dB after %d ms: what is left is no speech', async (returnDb, delayMs) => {
    const raw = microphone(returnDb, delayMs, null);
    const { samples, microphone: own } = await cleaned(raw);
    expect(own.echo.kind).toBe('found');
    expect(level(raw, 5, 9) - level(samples, 5, 9)).toBeGreaterThan(25);
    expect(await speechIn(raw, 3)).toBeGreaterThan(0.5);
    expect(await speechIn(samples, 3)).toBeLessThan(0.01);
  });

  test('it is none either when a busy machine takes what the microphone heard seconds later', async () => {
    const { samples, microphone: own } = await cleaned(microphone(-10, 120, null), 4_800);
    expect(own.echo.kind).toBe('found');
    expect(await speechIn(samples, 3)).toBeLessThan(0.01);
  });

  test.each([[-6], [-12], [-20]])('at %d dB: a person who speaks over it is understood', async (returnDb) => {
    const { samples } = await cleaned(microphone(returnDb, 120, 5));
    const from = QUIET + 5 * RATE - 3200;
    expect(await wordsIn(samples.slice(from, from + person.length + 6400))).toBe(PERSON.toLowerCase());
  });
});

test('the arithmetic of it makes next to nothing anew, which would have to be collected while somebody waits', async () => {
  const raw = microphone(-10, 120, null);
  await cleaned(raw);
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  await cleaned(raw);
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  // They were 501 when each bin's numbers were taken out of a pair.
  expect(collections).toBeLessThan(20);
});

test('a microphone that hears nothing of the speaker is left as it is', async () => {
  const { samples, microphone: own } = await cleaned(microphone(-120, 0, 5));
  expect(own.echo.kind).toBe('free');
  expect(await wordsIn(samples.slice(QUIET + 5 * RATE - 3200, QUIET + 5 * RATE + person.length + 3200))).toBe(
    PERSON.toLowerCase(),
  );
});
