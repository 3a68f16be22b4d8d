import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp';

/**
 * llama.cpp as both workers run it: the library that npm brought, on the processor, and silent. Nothing is built or
 * downloaded, since there is no network; no graphics card is looked for, since no library for one is shipped.
 * @param threads at most so many at once
 * @throws Error where there is no library for this machine
 */
export function openLlamaCpp(threads: number): Promise<Llama> {
  return getLlama({
    build: 'never',
    gpu: false,
    logLevel: LlamaLogLevel.disabled,
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
  });
}
