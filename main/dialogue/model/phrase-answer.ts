import { codeOf, type Log, logId } from '../../base/index.ts';
import { groundedIn } from '../knowledge/grounded.ts';
import type { FoundPassage } from '../knowledge/knowledge.ts';
import type { DeskPack } from '../pack/pack.ts';
import type { LanguageModel } from './language-model.ts';
import { answerPrompt, newCanary, questionPrompt } from './prompt.ts';

const MOST_TOKENS = 120;
const DEADLINE_MS = 3_000;
const LONGEST_ANSWER = 400;
const NO_ANSWER = /^no answer\.?$/i;

/** Phrases answers from passages. */
export interface AnswerPhraser {
  readonly canary: string;
  /**
   * An answer in the model's words that says only what the passages say; null where there is none, where it cannot be
   * held against them, or where the model is slow or fails: then the passage is quoted. Throws only the signal's reason.
   */
  phrase(question: string, passages: readonly FoundPassage[], signal: AbortSignal): Promise<string | null>;
}

export function createAnswerPhraser(
  pack: DeskPack,
  model: LanguageModel,
  log: Log,
  deadlineMs = DEADLINE_MS,
): AnswerPhraser {
  const canary = newCanary();
  const system = answerPrompt(pack, canary);
  return {
    canary,
    phrase: async (question, passages, signal) => {
      if (passages.length === 0) return null;
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
        const prompt = questionPrompt(question, passages);
        const request = { system, prompt, schema: null, maxTokens: MOST_TOKENS, signal: limit };
        const answer = (await model.generate(request)).text.replaceAll(/\s+/g, ' ').trim();
        if (answer === '' || answer.length > LONGEST_ANSWER || NO_ANSWER.test(answer)) return null;
        return groundedIn(answer, passages).grounded ? answer : null;
      } catch (error) {
        signal.throwIfAborted();
        log.warn('model.answerFellBack', { code: logId(codeOf(error)) });
        return null;
      }
    },
  };
}
