/** Runs in a process of its own: llama.cpp with one model, and a lane for each use of it. */
import { resolveChatWrapper } from 'node-llama-cpp';
import { SottoError, serveWorker } from '../../../base/index.ts';
import { openLlamaCpp } from '../../llama-cpp.ts';
import { LlamaLane } from './lane.ts';
import { cancelSchema, generateSchema, SETTINGS, settingsSchema } from './protocol.ts';

await serveWorker('model', async () => {
  const { file, threads, contextTokens } = settingsSchema.parse(JSON.parse(process.env[SETTINGS] ?? '{}'));
  const llama = await openLlamaCpp(threads);
  const model = await llama.loadModel({ modelPath: file }).catch(() => {
    throw new SottoError('model/engine-unavailable', 'The language model cannot be loaded.', {
      remedy: 'Install its pack again; check that there is memory for it.',
    });
  });
  // Two contexts rather than two sequences of one: nothing that one lane read is in the other's memory.
  const lane = async () => {
    const context = await model.createContext({ contextSize: contextTokens, threads });
    return new LlamaLane({
      llama,
      model,
      wrapper: resolveChatWrapper(model),
      sequence: context.getSequence(),
    });
  };
  const lanes = { commands: await lane(), phrasing: await lane() };
  const running = new Map<string, AbortController>();
  return {
    calls: {
      generate: async (body) => {
        const request = generateSchema.parse(body);
        const stop = new AbortController();
        running.set(request.id, stop);
        try {
          return await lanes[request.lane].generate(request, stop.signal);
        } finally {
          running.delete(request.id);
        }
      },
    },
    casts: {
      cancel: (body) => running.get(cancelSchema.parse(body).id)?.abort(),
    },
  };
});
