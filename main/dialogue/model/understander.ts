import { type Clock, codeOf, type Log, logId, SottoError } from '../../base/index.ts';
import type { Command, Expectation, Understanding } from '../acts.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import { tokenise } from '../language/words.ts';
import { commandSchema, type ModelCommand, parseCommands, vocabularyOf } from './commands.ts';
import type { LanguageModel } from './language-model.ts';
import { commandPrompt, newCanary, turnPrompt } from './prompt.ts';

/** The built-in understanding is left alone where it is at least so sure. */
const SURE = 0.6;
/** A model's choice is no better than a guess that fits: below what may act without being read back as a value. */
const CHOSEN = 0.55;
const VALUE = 0.3;
const MOST_TOKENS = 160;
/** A person waits no longer for a better answer; then the built-in one stands. */
const DEADLINE_MS = 1_500;
/** After so many failures in a row the model is not asked for a while: nobody waits for what does not come. */
const FAILURES = 3;
const REST_MS = 30_000;

export interface UnderstanderParts {
  readonly desk: CompiledDesk;
  readonly model: LanguageModel;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlineMs?: number;
}

/** Understanding with a language model beside the built-in one. */
export interface Understander {
  /** Stands in the model's prompt and may stand nowhere else: the screen of replies looks for it. */
  readonly canary: string;
  /**
   * What was said, understood better where the built-in understanding was not sure; as it was otherwise, and whenever the
   * model is slow, fails, or says what it may not. Never throws, but for the signal's reason.
   */
  improve(builtIn: Understanding, expectation: Expectation, signal: AbortSignal): Promise<Understanding>;
}

/**
 * Lets a model choose among the desk's own commands. What it chooses passes the same checks as a phrase does: flows of the
 * desk, values that were said and that the slot's own grammar reads. It never answers a yes-or-no: an approval is only
 * ever a person's own plain word.
 */
export function createUnderstander(parts: UnderstanderParts): Understander {
  const { desk, model, clock, log, deadlineMs = DEADLINE_MS } = parts;
  const canary = newCanary();
  const system = commandPrompt(desk.pack, vocabularyOf(desk.pack, { kind: 'open' }), canary);
  let failures = 0;
  let restUntil = 0;

  async function choose(text: string, expectation: Expectation, signal: AbortSignal) {
    const vocabulary = vocabularyOf(desk.pack, expectation);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    const { text: answer } = await model.generate({
      system,
      prompt: turnPrompt(text, expectation),
      schema: commandSchema(vocabulary),
      maxTokens: MOST_TOKENS,
      signal: limit,
    });
    return parseCommands(answer, vocabulary);
  }

  return {
    canary,
    improve: async (builtIn, expectation, signal) => {
      if (!wantsHelp(builtIn, expectation) || clock.monotonicMs() < restUntil) return builtIn;
      try {
        const commands = await choose(builtIn.text, expectation, signal);
        failures = 0;
        return understandingOf(desk, builtIn, commands, expectation, clock.now());
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        if (failures >= FAILURES) restUntil = clock.monotonicMs() + REST_MS;
        log.warn('model.fellBack', {
          code: logId(error instanceof SottoError ? codeOf(error) : 'model/slow'),
        });
        return builtIn;
      }
    },
  };
}

function wantsHelp({ text, commands, confidence, then }: Understanding, expectation: Expectation): boolean {
  if (expectation.kind === 'yesNo' || then !== undefined || text.trim() === '') return false;
  const [first] = commands;
  if (first === undefined || first.command === 'outOfScope' || first.command === 'clarify') return true;
  return first.command === 'startFlow' && confidence < SURE;
}

/** The model's commands as an understanding: what does not pass is dropped, and if nothing is left, nothing has changed. */
function understandingOf(
  desk: CompiledDesk,
  builtIn: Understanding,
  chosen: readonly ModelCommand[],
  expectation: Expectation,
  now: number,
): Understanding {
  const commands = chosen.flatMap((command) => checked(desk, builtIn.text, command, expectation, now));
  const [first] = commands;
  if (first === undefined || first.command === 'outOfScope') return builtIn;
  const slots = Object.fromEntries(
    commands.flatMap((command) => ('value' in command ? [[command.slot, command.value] as const] : [])),
  );
  const started = commands.find((command) => command.command === 'startFlow');
  const asked = expectation.kind === 'slot' && Object.keys(slots).length > 0 ? expectation.flow : null;
  return {
    text: builtIn.text,
    inScope: true,
    flow: started?.flow ?? asked,
    slots,
    confidence: CHOSEN,
    commands,
    complete: false,
  };
}

function checked(
  desk: CompiledDesk,
  text: string,
  command: ModelCommand,
  expectation: Expectation,
  now: number,
): readonly Command[] {
  switch (command.command) {
    case 'setSlot':
    case 'correctSlot': {
      const value = valueIn(desk, text, command, expectation, now);
      const { command: name, slot } = command;
      return value === null ? [] : [{ command: name, slot, value, confidence: VALUE }];
    }
    case 'askKnowledge':
      return [{ command: 'askKnowledge', question: text }];
    case 'startFlow':
    case 'clarify':
      return [command];
    default:
      return [{ command: command.command }];
  }
}

/** The value as the slot's own grammar reads it, if every word of it was really said. */
function valueIn(
  desk: CompiledDesk,
  text: string,
  { slot, value }: { readonly slot: string; readonly value: string },
  expectation: Expectation,
  now: number,
): string | null {
  if (expectation.kind !== 'slot') return null;
  const said = new Set(tokenise(text).map(({ text: word }) => word));
  if (!tokenise(value).every(({ text: word }) => said.has(word))) return null;
  const read = desk.understand(value, { kind: 'slot', flow: expectation.flow, slot }, now);
  return read.slots[slot] ?? null;
}
