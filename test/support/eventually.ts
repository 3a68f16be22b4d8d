import { delay } from '../../main/base/index.ts';

/** Longer than whatever is waited for on purpose (a slowed turn takes 3 s), on a machine that is busy besides. */
const PATIENCE_MS = 10_000;

/** Tries an expectation until it holds; after `withinMs`, its failure is the test's. */
export async function eventually(expectation: () => void, withinMs = PATIENCE_MS): Promise<void> {
  const until = performance.now() + withinMs;
  while (true) {
    try {
      expectation();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(10);
    }
  }
}
