import { z } from 'zod';
import { type Clock, codeOf, type Log, logId } from '../../base/index.ts';
import { screenReply } from '../../guard/index.ts';
import { groundedIn } from '../knowledge/grounded.ts';
import type { FoundPassage } from '../knowledge/knowledge.ts';
import type { DeskPack } from '../pack/pack.ts';
import type { AnswerForm, LanguageModel } from './language-model.ts';
import { Patience } from './patience.ts';
import { answerPrompt, newCanary, questionPrompt } from './prompt.ts';

const LONGEST_ANSWER = 320;
const MOST_TOKENS = 160;
const DEADLINE_MS = 3_000;
const MOST_PASSAGES = 4;

const answerSchema = z.strictObject({ answer: z.string().max(LONGEST_ANSWER) });
const { $schema: _, ...jsonSchema } = z.toJSONSchema(answerSchema);
/** Text that can be spoken, and nothing that would have to be escaped. */
const ANSWER: AnswerForm = {
  name: 'answer',
  schema: jsonSchema,
  grammar: `root ::= "{\\"answer\\":\\"" [^"\\\\\\x00-\\x1F<>{}|]{0,${LONGEST_ANSWER}} "\\"}"`,
};

/** Phrases answers from passages, for one conversation. */
export interface AnswerPhraser {
  readonly canary: string;
  readonly prompt: string;
  /**
   * An answer in the model's words that says only what the passages say; null where there is none, where it cannot be
   * held against them, or where the model is slow or fails: then the passage is quoted. Throws only the signal's reason.
   */
  phrase(question: string, passages: readonly FoundPassage[], signal: AbortSignal): Promise<string | null>;
}

export interface PhraserParts {
  readonly pack: DeskPack;
  readonly model: LanguageModel;
  readonly clock: Clock;
  readonly log: Log;
  readonly patience?: Patience;
}

export function createAnswerPhraser(parts: PhraserParts): AnswerPhraser {
  const { pack, model, clock, log, patience = new Patience(clock, { mostMs: DEADLINE_MS }) } = parts;
  const canary = newCanary();
  const system = answerPrompt(pack, canary);
  return {
    canary,
    prompt: system,
    phrase: async (question, found, signal) => {
      const passages = found.slice(0, MOST_PASSAGES);
      if (passages.length === 0 || patience.isResting) return null;
      const prompt = questionPrompt(question, passages);
      const request = { lane: 'phrasing' as const, system, prompt, form: ANSWER, maxTokens: MOST_TOKENS };
      try {
        const { text } = await patience.wait(
          (limit) => model.generate({ ...request, signal: limit }),
          signal,
        );
        const answer = answerSchema.parse(JSON.parse(text)).answer.replaceAll(/\s+/g, ' ').trim();
        if (answer === '' || !groundedIn(answer, passages).grounded) return null;
        // What it promises on its own is not said; the page itself is.
        const promises = { allowed: pack.desk.mayPromise, quoted: passages.map(({ text: words }) => words) };
        return screenReply(answer, { canary, prompt: system, promises }).verdict === 'pass' ? answer : null;
      } catch (error) {
        signal.throwIfAborted();
        log.warn('model.answerFellBack', { code: logId(codeOf(error)) });
        return null;
      }
    },
  };
}
