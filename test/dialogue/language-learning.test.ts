import { expect, test } from 'vitest';
import { installRoot } from '../../main/base/index.ts';
import { compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';

/** Of none of the pack's phrases. */
const SENTENCE = 'the plastic thing in my wallet has gone walkabout';

test('what a desk has learnt ahead, nobody who speaks has to wait for', async () => {
  const pack = await loadDeskPack(`${installRoot}/desks/bank-branch`);
  const [late, ahead] = [compileDesk(pack), compileDesk(pack)];
  ahead.learn();
  const [waitedMs, readyMs] = [late, ahead].map((desk) => {
    const startedMs = performance.now();
    desk.understand(SENTENCE, { kind: 'open' }, 0);
    return performance.now() - startedMs;
  });
  expect(readyMs).toBeLessThan((waitedMs ?? 0) / 2);
  expect(ahead.understand(SENTENCE, { kind: 'open' }, 0)).toEqual(
    late.understand(SENTENCE, { kind: 'open' }, 0),
  );
});
