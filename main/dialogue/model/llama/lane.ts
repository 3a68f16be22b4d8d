import {
  type ChatWrapper,
  type Llama,
  type LlamaContextSequence,
  LlamaGrammarEvaluationState,
  type LlamaModel,
  type Token,
} from 'node-llama-cpp';
import type { z } from 'zod';
import { SottoError } from '../../../base/index.ts';
import type { GenerateRequest, generatedSchema } from './protocol.ts';

/** Tokens of a prompt that are read in one go: between two goes it can be told to stop. */
const GO = 64;
/** Requests that may wait for the one under way; more would only come too late. */
const MOST_WAITING = 4;

interface Engine {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly wrapper: ChatWrapper;
  readonly sequence: LlamaContextSequence;
}

/** One request after the other; what the last one's prompt began with is still known when the next begins alike. */
export class LlamaLane {
  readonly #engine: Engine;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @throws SottoError `model/busy`, `model/too-long`; the signal's reason. */
  generate(request: GenerateRequest, signal: AbortSignal): Promise<z.infer<typeof generatedSchema>> {
    if (this.#waiting > MOST_WAITING)
      throw new SottoError('model/busy', 'The language model has too much to do.');
    this.#waiting += 1;
    const answer = this.#turn
      .then(() => this.#generate(request, signal))
      .finally(() => {
        this.#waiting -= 1;
      });
    this.#turn = answer.catch(() => {});
    return answer;
  }

  async #generate(request: GenerateRequest, signal: AbortSignal): Promise<z.infer<typeof generatedSchema>> {
    signal.throwIfAborted();
    const { llama, model, sequence } = this.#engine;
    const startedAt = performance.now();
    const prompt = this.#tokens(request);
    if (prompt.length + request.maxTokens > sequence.contextSize)
      throw new SottoError('model/too-long', 'The desk has more flows than the language model can be told.', {
        remedy: 'Give the model a larger context.',
      });
    const last = prompt.slice(-1);
    await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
    const reusedTokens = sequence.nextTokenIndex;
    for (let at = reusedTokens; at < prompt.length - 1; at += GO) {
      signal.throwIfAborted();
      await sequence.evaluateWithoutGeneratingNewTokens(
        prompt.slice(at, Math.min(at + GO, prompt.length - 1)),
      );
    }
    const grammar = await llama.createGrammar({ grammar: request.grammar });
    const grammarEvaluationState = new LlamaGrammarEvaluationState({ model, grammar });
    const written: Token[] = [];
    let firstTokenMs = 0;
    signal.throwIfAborted();
    for await (const token of sequence.evaluate(last, { temperature: 0, grammarEvaluationState })) {
      signal.throwIfAborted();
      if (written.length === 0) firstTokenMs = performance.now() - startedAt;
      written.push(token);
      if (written.length >= request.maxTokens) break;
    }
    return {
      text: model.detokenize(written),
      firstTokenMs,
      tookMs: performance.now() - startedAt,
      tokens: written.length,
      promptTokens: prompt.length,
      reusedTokens,
    };
  }

  /** In the model's own chat form. Only its marks become special tokens: the same letters in a text stay letters. */
  #tokens({ system, prompt }: GenerateRequest): Token[] {
    const { wrapper, model } = this.#engine;
    const { contextText } = wrapper.generateContextState({
      chatHistory: [
        { type: 'system', text: system },
        { type: 'user', text: prompt },
        { type: 'model', response: [] },
      ],
    });
    return contextText.tokenize(model.tokenizer);
  }
}
