/** Runs in a process of its own: llama.cpp with one embedding model of a pack, which is checked whole each time. */
import { SottoError, serveWorker } from '../../../base/index.ts';
import { packOfWorker } from '../../../models/index.ts';
import { openLlamaCpp } from '../../llama-cpp.ts';
import { embedSchema } from './protocol.ts';

await serveWorker('knowledge', async () => {
  const { manifest, path } = await packOfWorker();
  const { engine } = manifest;
  if (engine.family !== 'gguf-embedding')
    throw new SottoError('knowledge/wrong-pack', 'The pack holds no embedding model that can be loaded.');
  const { threads, contextTokens, questionPrefix, passagePrefix, files } = engine;
  const llama = await openLlamaCpp(threads);
  const unavailable = () =>
    new SottoError('knowledge/engine-unavailable', 'The embedding model cannot be loaded.', {
      remedy: 'Install its pack again; check that there is memory for it.',
    });
  const model = await llama.loadModel({ modelPath: path(files.model) }).catch(() => {
    throw unavailable();
  });
  const context = await model.createEmbeddingContext({ contextSize: contextTokens, threads }).catch(() => {
    throw unavailable();
  });
  return {
    calls: {
      embed: async (body) => {
        const { text, as } = embedSchema.parse(body);
        const tokens = model.tokenize(`${as === 'question' ? questionPrefix : passagePrefix}${text}`);
        // Room for the marks that the model puts at both ends.
        const { vector } = await context.getEmbeddingFor(tokens.slice(0, contextTokens - 4));
        return { vector: [...vector] };
      },
    },
  };
});
