/** Replies that are got ready before it is certain that the person has ended: nothing may come of it before. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FRAME_MS, Scene, settle, turnTaking } from './scripted.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const HOURS = 'what are your opening hours';
/** Long enough to bet on, too short to be the end. */
const BET_MS = Math.ceil(turnTaking.eagerMs / FRAME_MS) * FRAME_MS + FRAME_MS;

async function greeted(): Promise<Scene> {
  const scene = new Scene();
  await scene.listens();
  scene.speech.made.length = 0;
  scene.speech.dropped.length = 0;
  scene.events.length = 0;
  return scene;
}

async function saysAndPauses(scene: Scene, text: string, pauseMs = BET_MS): Promise<void> {
  await scene.sound(960, true);
  scene.speech.partial(text);
  await scene.sound(pauseMs, false);
}

describe('while the person is about to end', () => {
  test('the reply is made, and nothing else happens', async () => {
    const scene = await greeted();
    const record = [...scene.writer.lines];
    await saysAndPauses(scene, 'i want to check my savings balance');
    expect(scene.speech.made.join(' ')).toMatch(/customer number/);
    expect(new Set(scene.events.map(({ type }) => type))).toEqual(new Set(['level', 'state', 'partial']));
    expect(scene.state).toBe('hearing');
    expect(scene.writer.lines).toEqual(record);
    expect(scene.gateway.calls).toEqual([]);
    expect(scene.writer.toolCalls).toEqual([]);
  });

  test('the reply that was made is the one that is said, and it is not made twice', async () => {
    const scene = await greeted();
    scene.speech.recognitions.push({ text: 'i want to check my savings balance' });
    await saysAndPauses(scene, 'i want to check my savings balance', turnTaking.completeMs + FRAME_MS);
    await scene.listens();
    const [first] = scene.speech.made;
    expect(scene.replies.join(' ')).toContain(first);
    expect(scene.speech.made.filter((text) => text === first)).toHaveLength(1);
    expect(scene.of('heard').at(-1)?.text).toContain(first);
  });

  test('it is dropped when the person goes on, and the answer is to all that was said', async () => {
    const scene = await greeted();
    await saysAndPauses(scene, 'i want to check my savings balance');
    const made = [...scene.speech.made];
    expect(made).not.toEqual([]);
    await scene.sound(320, true);
    await settle();
    expect(scene.speech.dropped).toEqual(made);
    scene.speech.recognitions.push({ text: HOURS });
    scene.speech.partial(HOURS);
    await scene.sound(turnTaking.thinkingMs + FRAME_MS, false);
    await scene.listens();
    expect(scene.of('final').map(({ text }) => text)).toEqual([HOURS]);
    expect(scene.replies.join(' ')).toContain('Monday to Friday');
    expect(scene.replies.join(' ')).not.toMatch(/customer number/);
  });

  test('no tool is asked for it: what depends on an answer is not foretold', async () => {
    const scene = await greeted();
    for (const line of ['i want to check my savings balance', '100200']) {
      scene.live.type(line);
      await scene.listens();
    }
    const calls = [...scene.gateway.calls];
    const steps = scene.writer.toolCalls.length;
    scene.events.length = 0;
    await saysAndPauses(scene, 'four seven one one');
    expect(scene.gateway.calls).toEqual(calls);
    expect(scene.writer.toolCalls).toHaveLength(steps);
    expect(scene.events.filter(({ type }) => type.startsWith('tool'))).toEqual([]);
  });

  test('the turn after it is as if nobody had looked ahead', async () => {
    const [looked, plain] = [await greeted(), await greeted()];
    for (let i = 0; i < 5; i += 1) await saysAndPauses(looked, i % 2 === 0 ? HOURS : 'teller');
    for (const scene of [looked, plain]) {
      scene.speech.recognitions.push({ text: HOURS });
      if (scene === plain) await scene.sound(960, true);
      await scene.sound(turnTaking.thinkingMs + FRAME_MS, false);
      await scene.listens();
    }
    expect(looked.replies).toEqual(plain.replies);
    expect(looked.of('handOff')).toEqual([]);
  });
});
