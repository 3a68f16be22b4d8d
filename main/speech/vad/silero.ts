import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { SottoError } from '../../base/index.ts';

/** Samples a frame: 32 ms at 16 kHz. */
export const FRAME = 512;
/** Samples of the frame before, put in front of each frame. */
const CONTEXT = 64;
const STATE_SHAPE = [2, 1, 128];
const STATE_SIZE = 2 * 128;

/** What the model remembers of one stream. */
export interface SileroState {
  memory: Float32Array;
  context: Float32Array;
}

export function freshState(): SileroState {
  return { memory: new Float32Array(STATE_SIZE), context: new Float32Array(CONTEXT) };
}

/** Silero VAD v6 (MIT), as shipped in `@ricky0123/vad-web`; one thread, since a frame takes a fifth of a millisecond. */
export class Silero {
  readonly #session: InferenceSession;
  readonly #rate = new Tensor('int64', BigInt64Array.of(16_000n), []);

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @throws SottoError `speech/engine-unavailable`. */
  static async load(): Promise<Silero> {
    try {
      const file = createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx');
      const session = await InferenceSession.create(await readFile(file), {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
      });
      return new Silero(session);
    } catch (cause) {
      throw new SottoError('speech/engine-unavailable', 'The Silero VAD model could not be loaded.', {
        remedy: 'npm ci',
        cause,
      });
    }
  }

  /** Probability of speech in one frame of 512 samples; moves the state on. */
  async probability(frame: Float32Array, state: SileroState): Promise<number> {
    const input = new Float32Array(CONTEXT + FRAME);
    input.set(state.context);
    input.set(frame, CONTEXT);
    const outputs = await this.#session.run({
      input: new Tensor('float32', input, [1, input.length]),
      state: new Tensor('float32', state.memory, STATE_SHAPE),
      sr: this.#rate,
    });
    state.context = input.slice(-CONTEXT);
    const memory = outputs.stateN?.data;
    const probability = outputs.output?.data[0];
    if (!(memory instanceof Float32Array) || typeof probability !== 'number') {
      throw new SottoError('speech/engine-failed', 'The Silero VAD model answered in another form.');
    }
    state.memory = memory;
    return probability;
  }
}
