import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkDeskPack, checkWayOut, compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';

const LIBRARY = fileURLToPath(new URL('../desks/library', import.meta.url));

/** Written from docs/desk-packs.md alone; its conversations are held by test/cli/desk-test-graph.test.ts. */
it('a third desk passes its check without a word, and a person is never out of reach', async () => {
  expect((await checkDeskPack(LIBRARY)).problems).toEqual([]);
  expect(checkWayOut(compileDesk(await loadDeskPack(LIBRARY)))).toEqual([]);
});
