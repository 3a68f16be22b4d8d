import { type Log, newId, SupervisedWorker, type WorkerTimings } from '../../../base/index.ts';
import { type LanguageModel, unlessAborted } from '../language-model.ts';
import { generatedSchema, SETTINGS } from './protocol.ts';

export interface LlamaOptions {
  /** The GGUF file of a pack that was verified. */
  readonly file: string;
  readonly threads?: number;
  readonly contextTokens?: number;
  readonly log: Log;
  readonly timings?: Partial<WorkerTimings>;
  /** Resident memory above which the process is ended and started anew, bytes. */
  readonly mostBytes?: number;
}

/** A model file of many gigabytes is read from a disk. */
const LOADING_MS = 180_000;

/**
 * A GGUF model under llama.cpp, on the processor, in a supervised process of its own with a bare environment.
 * It loads in the background; `generate` waits for it as long as the caller's signal allows.
 */
export function openLlama(options: LlamaOptions): LanguageModel & { readonly pid: number | undefined } {
  const { file, threads = 1, contextTokens = 4096, log, timings, mostBytes } = options;
  const worker = new SupervisedWorker({
    area: 'model',
    engine: 'llama',
    entry: new URL('./worker.ts', import.meta.url),
    log,
    timings: { startMs: LOADING_MS, ...timings },
    environment: { [SETTINGS]: JSON.stringify({ file, threads, contextTokens }) },
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
  worker.start().catch(() => {}); // told when it is asked for something
  return {
    engine: 'gguf',
    get pid() {
      return worker.pid;
    },
    generate: async ({ signal, form, ...request }) => {
      signal.throwIfAborted();
      const id = newId();
      const work = worker.call('generate', { id, ...request, grammar: form.grammar }, generatedSchema);
      const stop = () => worker.cast('cancel', { id }, worker.generation);
      signal.addEventListener('abort', stop, { once: true });
      return await unlessAborted(work, signal).finally(() => signal.removeEventListener('abort', stop));
    },
    onCrash: (listener) => worker.onCrash(listener),
    close: () => worker.close(),
  };
}
