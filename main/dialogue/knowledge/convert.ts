import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { type ConvertedPage, convertedSchema, type Refused, refusedSchema } from './converted.ts';

const MAX_MS = 15_000;
const MAX_HEAP_MIB = 256;
/** What is inflated lies outside the thread's heap, where no limit of V8 counts it: the process's growth is watched. */
const MAX_GROWTH_BYTES = 384 * 2 ** 20;
const WATCH_EVERY_MS = 50;

const answerSchema = z.union([
  z.strictObject({ page: convertedSchema }),
  z.strictObject({ refused: refusedSchema }),
]);

/**
 * Turns a file of HTML or PDF into Markdown in a thread of its own, with limits on its time and memory. Never throws:
 * a file that cannot be read, or not within the limits, is refused.
 */
export function convertPage(
  kind: 'html' | 'pdf',
  bytes: Uint8Array,
  limits: { readonly maxMs?: number } = {},
): Promise<{ readonly page: ConvertedPage } | { readonly refused: Refused }> {
  return new Promise((settle) => {
    const worker = new Worker(new URL('convert-worker.ts', import.meta.url), {
      workerData: { kind, bytes: Uint8Array.from(bytes) },
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB, stackSizeMb: 4 },
      env: {},
      stdin: false,
      stdout: true,
      stderr: true,
    });
    const end = (answer: { readonly page: ConvertedPage } | { readonly refused: Refused }) => {
      clearTimeout(timer);
      clearInterval(watch);
      settle(answer);
      void worker.terminate();
    };
    const tooMuch = (message: string) =>
      end({ refused: { message, remedy: 'Write what the desk needs from it as Markdown.' } });
    const timer = setTimeout(() => tooMuch('Reading the file takes too long.'), limits.maxMs ?? MAX_MS);
    const before = process.memoryUsage.rss();
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > MAX_GROWTH_BYTES)
        tooMuch('Reading the file takes too much memory.');
    }, WATCH_EVERY_MS);
    worker.once('message', (message) => {
      const answer = answerSchema.safeParse(message);
      if (answer.success) end(answer.data);
      else tooMuch('The file cannot be read.');
    });
    worker.once('error', () => tooMuch('Reading the file takes too much memory.'));
    worker.once('exit', () => tooMuch('The file cannot be read.'));
  });
}
