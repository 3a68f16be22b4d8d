import { InferenceSession, Tensor } from 'onnxruntime-node';
import { SottoError } from '../../../base/index.ts';
import type { CheckedPack } from '../../../models/index.ts';
import { type AntispoofEngine, antispoofEngine } from './engine.ts';

/** A model of the form that `packEngineSchema` describes, loaded; one thread unless the pack asks for more. */
export class AntispoofModel {
  readonly #session: InferenceSession;
  readonly #engine: AntispoofEngine;
  readonly #input: string;
  readonly #output: string;

  private constructor(session: InferenceSession, engine: AntispoofEngine, input: string, output: string) {
    this.#session = session;
    this.#engine = engine;
    this.#input = input;
    this.#output = output;
  }

  /** Loads it and asks it about silence. @throws SottoError `guard/wrong-pack`, `guard/bad-model`. */
  static async load(pack: CheckedPack): Promise<AntispoofModel> {
    const engine = antispoofEngine(pack);
    const session = await InferenceSession.create(pack.path(engine.files.model), {
      intraOpNumThreads: engine.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
    }).catch((cause: unknown) => {
      throw badModel(cause);
    });
    const [input] = session.inputNames;
    const output = engine.output ?? session.outputNames[0];
    if (input === undefined || output === undefined || !session.outputNames.includes(output))
      throw badModel();
    const model = new AntispoofModel(session, engine, input, output);
    await model.score(new Float32Array(engine.samples));
    return model;
  }

  /** How likely the voice is synthetic, 0..1. @throws SottoError `guard/bad-model`. */
  async score(samples: Float32Array): Promise<number> {
    const sound = filled(samples, this.#engine.samples);
    const feeds = { [this.#input]: new Tensor('float32', sound, [1, sound.length]) };
    const answer = await this.#session.run(feeds, [this.#output]).catch((cause: unknown) => {
      throw badModel(cause);
    });
    const data = answer[this.#output]?.data;
    if (!(data instanceof Float32Array) || data.length !== 2) throw badModel();
    const probability = this.#synthetic(data[0] as number, data[1] as number);
    if (!(probability >= 0 && probability <= 1)) throw badModel();
    return probability;
  }

  #synthetic(first: number, second: number): number {
    const [person, synthetic] = this.#engine.person === 0 ? [first, second] : [second, first];
    return this.#engine.scores === 'logits' ? 1 / (1 + Math.exp(person - synthetic)) : synthetic;
  }
}

/** The newest sound, repeated from its beginning until it is long enough. */
function filled(samples: Float32Array, length: number): Float32Array {
  if (samples.length >= length) return samples.slice(samples.length - length);
  return new Float32Array(length).map((_, i) => samples[i % Math.max(1, samples.length)] ?? 0);
}

function badModel(cause?: unknown): SottoError {
  return new SottoError(
    'guard/bad-model',
    'The model that tells synthetic voices does not do what its pack says.',
    {
      remedy: 'Build the pack again: what the model takes and gives is described in docs/model-packs.md.',
      cause,
    },
  );
}
