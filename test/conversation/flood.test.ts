/** Every queue on the way of a sentence has an end: who is flooded loses something, and nobody's memory grows. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FRAME_MS, Scene, settle } from './scripted.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a screen that stalls loses the oldest events, and sees the end', async () => {
  const scene = new Scene();
  const stalled = scene.live.events()[Symbol.asyncIterator]();
  await stalled.next();
  await scene.listens();
  await scene.sound(320, true);
  for (let i = 0; i < 3000; i += 1) scene.speech.partial(`word ${i}`);
  await scene.live.end('done');
  const seen: string[] = [];
  for (let next = await stalled.next(); !next.done; next = await stalled.next()) {
    const event = next.value;
    seen.push(event.type === 'partial' ? event.text : event.type);
  }
  expect(seen.length).toBeLessThanOrEqual(1000);
  expect(seen).toContain('word 2999');
  expect(seen).not.toContain('word 0');
  expect(seen.at(-1)).toBe('ended');
});

test('a recogniser that never gets ready is given no more than the longest utterance', async () => {
  const scene = new Scene();
  await scene.listens();
  const { promise, resolve } = Promise.withResolvers<void>();
  scene.speech.notReady = promise;
  await scene.sound(45_000, true);
  resolve();
  await settle();
  expect(scene.speech.mostWritten * FRAME_MS).toBeGreaterThan(20_000);
  expect(scene.speech.mostWritten * FRAME_MS).toBeLessThanOrEqual(31_000);
});

test('clicks that nobody can answer are refused, not kept', async () => {
  const scene = new Scene({ typed: true });
  await scene.listens();
  scene.gateway.hold = true;
  scene.live.type('is the bank open on friday');
  await settle();
  for (let i = 0; i < 500; i += 1) {
    scene.live.type(`line ${i}`);
    scene.live.decide('p1', 'approve');
    scene.live.pushToTalk(i % 2 === 0);
  }
  expect(scene.of('notice').filter(({ code }) => code === 'conversation/busy').length).toBeGreaterThan(400);
  scene.gateway.release();
  await settle();
  expect(scene.of('final').length).toBeLessThan(12);
});
