import { type Clock, codeOf, type Log, logId, SottoError } from '../../base/index.ts';
import type { Understanding } from '../acts.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import { commandForm, MOST_ANSWER_TOKENS } from './command-form.ts';
import { harmlessWords } from './harmless.ts';
import type { LanguageModel } from './language-model.ts';
import { Patience } from './patience.ts';
import { commandPrompt, newCanary, turnPrompt } from './prompt.ts';
import { readCommands } from './read-commands.ts';
import { flowsOf, type Situation, vocabularyOf } from './vocabulary.ts';

/** The built-in understanding is left alone where it is at least so sure. */
const SURE = 0.6;
/** Words of one sentence that a model is shown. */
const MOST_WORDS = 60;

export interface UnderstanderParts {
  readonly desk: CompiledDesk;
  readonly model: LanguageModel;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the model, over all its conversations. */
  readonly patience?: Patience;
}

/** Understanding with a language model beside the built-in one, for one conversation. */
export interface Understander {
  /** Stands in the model's prompt and may stand nowhere else: the screen of replies looks for it. */
  readonly canary: string;
  /** The model's instructions: no run of their words may be said. */
  readonly prompt: string;
  /** Has the model read its instructions, so that the first turn does not wait for it. Never throws. */
  prepare(signal: AbortSignal): Promise<void>;
  /**
   * What was said, understood better where the built-in understanding was not sure; as it was otherwise, and whenever
   * the model is slow, fails, says what it may not, or is not waited for any more. Never throws.
   */
  improve(builtIn: Understanding, situation: Situation, signal: AbortSignal): Promise<Understanding>;
}

/**
 * Lets a model choose among the desk's own commands. What it chooses passes the same checks as a phrase does: flows of
 * the desk, values that were said and that the slot itself reads. It never answers a yes-or-no: an approval is only ever
 * a person's own plain word. What the pack calls sensitive is not shown to it.
 */
export function createUnderstander(parts: UnderstanderParts): Understander {
  const { desk, model, clock, log, patience = new Patience(clock) } = parts;
  const canary = newCanary();
  const system = commandPrompt(desk.pack, canary);
  const flows = flowsOf(desk.pack);

  async function choose(text: string, situation: Situation, signal: AbortSignal) {
    const words = harmlessWords(text, MOST_WORDS);
    const vocabulary = vocabularyOf(flows, situation, words);
    const form = commandForm(vocabulary);
    const prompt = turnPrompt(words, situation);
    const request = { lane: 'commands' as const, system, prompt, form, maxTokens: MOST_ANSWER_TOKENS };
    const { text: answer } = await patience.wait(
      (limit) => model.generate({ ...request, signal: limit }),
      signal,
    );
    return readCommands(answer, { flows, situation, vocabulary, form, text, now: clock.now() });
  }

  return {
    canary,
    prompt: system,
    prepare: async (signal) => {
      const words = ['hello'];
      const situation: Situation = { expectation: { kind: 'open' }, flow: null, given: [] };
      const form = commandForm(vocabularyOf(flows, situation, words));
      const prompt = turnPrompt(words, situation);
      try {
        await model.generate({ lane: 'commands', system, prompt, form, maxTokens: 1, signal });
      } catch (error) {
        if (!signal.aborted) log.warn('model.notReady', { code: logId(codeOf(error)) });
      }
    },
    improve: async (builtIn, situation, signal) => {
      if (!wantsHelp(desk, builtIn, situation) || patience.isResting) return builtIn;
      try {
        const read = await choose(builtIn.text, situation, signal);
        if ('understanding' in read) return read.understanding;
        if (read.refused !== 'nothing') log.warn('model.refused', { why: logId(read.refused) });
        return builtIn;
      } catch (error) {
        const code = error instanceof SottoError ? codeOf(error) : 'model/engine-failed';
        if (!signal.aborted) log.warn('model.fellBack', { code: logId(code) });
        return builtIn;
      }
    },
  };
}

function wantsHelp(desk: CompiledDesk, builtIn: Understanding, { expectation }: Situation): boolean {
  const { text, commands, confidence, then } = builtIn;
  if (expectation.kind === 'yesNo' || then !== undefined || text.trim() === '') return false;
  if (expectation.kind === 'slot') {
    const { flow, slot } = expectation;
    if (desk.pack.flows[flow]?.slots[slot]?.sensitive) return false;
  }
  const [first] = commands;
  if (first === undefined) return false;
  if (first.command === 'outOfScope' || first.command === 'clarify') return true;
  return first.command === 'startFlow' && confidence < SURE;
}
