/** Runs in a process of its own: the model of a pack that tells synthetic voices from people's. */
import { z } from 'zod';
import { serveWorker } from '../../../base/index.ts';
import { packOfWorker } from '../../../models/index.ts';
import { AntispoofModel } from './onnx.ts';

/** The most that a pack's model may take at a time. */
const MOST_SAMPLES = 960_000;
/** An instance check instead of a schema, so that sound stays cheap. */
const soundSchema = z.strictObject({
  samples: z.custom<Float32Array>(
    (value) => value instanceof Float32Array && value.length > 0 && value.length <= MOST_SAMPLES,
  ),
});

await serveWorker('guard', async () => {
  const model = await AntispoofModel.load(await packOfWorker());
  return { calls: { score: async (body) => await model.score(soundSchema.parse(body).samples) } };
});
