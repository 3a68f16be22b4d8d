/** How long a pause must be to end a turn, by what was said before it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FRAME_MS, Scene, turnTaking } from './scripted.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const frames = (ms: number) => Math.round(ms / FRAME_MS) * FRAME_MS;

/** The pause after which this was taken for all, in a conversation that has come so far. */
async function pauseAfter(text: string, before: readonly string[] = []): Promise<number | null | undefined> {
  const scene = new Scene();
  const identified = { identified: true, locked: false, firstName: 'Ada' };
  scene.gateway.results.set('identify_customer', { kind: 'ok', result: identified });
  await scene.listens();
  for (const line of before) {
    scene.live.type(line);
    await scene.listens();
  }
  scene.events.length = 0;
  scene.speech.recognitions.push({ text });
  await scene.sound(960, true);
  scene.speech.partial(text.split(' ', 1)[0] ?? '');
  scene.speech.partial(text);
  await scene.sound(turnTaking.thinkingMs + 2 * FRAME_MS, false);
  const pause = scene.of('timing')[0]?.endpointMs;
  await scene.live.end('test');
  return pause;
}

const TO_THE_NUMBER = ['i want to check my savings balance'];
const TO_THE_CODE = ['block my card', '100200'];
const TO_THE_CARD = ['block my card', '100200', '4711'];
const TO_THE_YES = ['transfer fifty dollars from checking to savings', '100200', '4711'];

describe('the pause that ends a turn', () => {
  test.each([
    ['one zero zero two zero zero', TO_THE_NUMBER],
    ['forty seven eleven', TO_THE_CODE],
    ['debit', TO_THE_CARD],
  ])('is shortest after the answer that was asked for: %s', async (text, before) => {
    expect(await pauseAfter(text, before)).toBe(frames(turnTaking.answeredMs));
  });

  test.each([
    ['i want to check my savings balance', []],
    ['block my card', []],
    ['transfer fifty dollars from checking to savings', []],
    ['what are your opening hours', []],
    ['yes', TO_THE_YES],
    ['yes please', TO_THE_YES],
  ])(
    'is short after a sentence to which one thing could be added at most, also a yes that is carried out: %s',
    async (text, before) => {
      expect(await pauseAfter(text, before)).toBe(frames(turnTaking.completeMs));
    },
  );

  test.each([
    ['cancel', TO_THE_NUMBER],
    ['i want to transfer fifty dollars', []],
    ['i want to book an appointment', []],
    ['i want to transfer fifty dollars from checking', []],
  ])('is longer where several things could be added, or one that is needed: %s', async (text, before) => {
    expect(await pauseAfter(text, before)).toBe(frames(turnTaking.wholeMs));
  });

  test.each([
    ['block my card and', []],
    ['i want to transfer fifty dollars from', []],
    ['thirty seven six', TO_THE_CODE],
    ['one five thirty', TO_THE_CODE],
  ])('is long where that is not clear, or only the grammar hears more: %s', async (text, before) => {
    expect(await pauseAfter(text, before)).toBe(frames(turnTaking.incompleteMs));
  });

  test.each([
    ['one zero zero', TO_THE_NUMBER],
    ['my customer number is', TO_THE_NUMBER],
    ['block my', []],
    ['um', []],
    ['i would like to', []],
  ])('is longest in the middle of a number or a thought: %s', async (text, before) => {
    expect(await pauseAfter(text, before)).toBe(frames(turnTaking.thinkingMs));
  });
});
