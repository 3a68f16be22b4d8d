/** Runs in a process of its own: llama.cpp with one model, one request at a time. */
import { getLlama, LlamaChatSession, type LlamaContextSequence, LlamaLogLevel } from 'node-llama-cpp';
import { SottoError, serveWorker } from '../../../base/index.ts';
import { cancelSchema, generateSchema, SETTINGS, settingsSchema } from './protocol.ts';

await serveWorker('model', async () => {
  const { file, threads, contextTokens } = settingsSchema.parse(JSON.parse(process.env[SETTINGS] ?? '{}'));
  const llama = await getLlama({
    build: 'never',
    gpu: false,
    logLevel: LlamaLogLevel.disabled,
    skipDownload: true,
    progressLogs: false,
  });
  const model = await llama.loadModel({ modelPath: file }).catch(() => {
    throw new SottoError('model/engine-unavailable', 'The language model cannot be loaded.', {
      remedy: 'Install its pack again; check that there is memory for it.',
    });
  });
  const context = await model.createContext({ contextSize: contextTokens, sequences: 1, threads });
  const sequence = context.getSequence();
  const running = new Map<string, AbortController>();
  let turn: Promise<unknown> = Promise.resolve();

  return {
    calls: {
      generate: (body) => {
        const request = generateSchema.parse(body);
        const stop = new AbortController();
        running.set(request.id, stop);
        const answer = turn
          .then(() => generate(sequence, request, stop.signal))
          .finally(() => running.delete(request.id));
        turn = answer.catch(() => {});
        return answer;
      },
    },
    casts: {
      cancel: (body) => running.get(cancelSchema.parse(body).id)?.abort(),
    },
  };

  async function generate(
    contextSequence: LlamaContextSequence,
    request: ReturnType<typeof generateSchema.parse>,
    signal: AbortSignal,
  ) {
    const { system, prompt, schema, maxTokens } = request;
    signal.throwIfAborted();
    const startedAt = performance.now();
    let firstTokenMs = 0;
    let tokens = 0;
    // What of the last request's beginning is the same (the system prompt) is not computed again.
    const session = new LlamaChatSession({
      contextSequence,
      systemPrompt: system,
      autoDisposeSequence: false,
    });
    try {
      const grammar =
        schema === null
          ? null
          : await llama.createGrammarForJsonSchema(
              schema as Parameters<typeof llama.createGrammarForJsonSchema>[0],
            );
      const text = await session.prompt(prompt, {
        ...(grammar === null ? {} : { grammar }),
        maxTokens,
        temperature: 0,
        signal,
        onToken: (chunk) => {
          if (tokens === 0) firstTokenMs = performance.now() - startedAt;
          tokens += chunk.length;
        },
      });
      return { text, firstTokenMs, tookMs: performance.now() - startedAt, tokens };
    } finally {
      session.dispose({ disposeSequence: false });
    }
  }
});
