import { delay } from '../../main/base/index.ts';

/** Tries an expectation until it holds; after `withinMs`, its failure is the test's. */
export async function eventually(expectation: () => void, withinMs = 3_000): Promise<void> {
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
