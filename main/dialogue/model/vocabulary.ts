import type { Expectation } from '../acts.ts';
import { type CompiledFlow, compileFlow } from '../language/compiled-flow.ts';
import type { DeskPack } from '../pack/pack.ts';

/** Where a conversation stands, as far as a model may know: names, and no value that anybody told. */
export interface Situation {
  readonly expectation: Expectation;
  /** The flow under way. */
  readonly flow: string | null;
  /** Its slots that hold a value. */
  readonly given: readonly string[];
}

/** How a slot's value is written in a command. */
export interface SlotForm {
  readonly slot: string;
  /** Names of values to choose from; null: words of the person, quoted. */
  readonly values: readonly string[] | null;
}

/** Everything that can be commanded now. What is not in it cannot be written, and is not taken when it is. */
export interface Vocabulary {
  /** Flows that can be started, each with the slots that may come along. */
  readonly flows: ReadonlyMap<string, readonly SlotForm[]>;
  /** The flow under way: slots that may be set, and those that may be replaced. */
  readonly settable: readonly SlotForm[];
  readonly correctable: readonly SlotForm[];
  /** The person's words, harmless: what may be quoted. */
  readonly words: readonly string[];
}

export type Flows = ReadonlyMap<string, CompiledFlow>;

export function flowsOf(pack: DeskPack): Flows {
  return new Map(Object.values(pack.flows).map((flow) => [flow.flow, compileFlow(pack, flow)]));
}

/**
 * The vocabulary of a state. There is no yes and no in it: a model confirms nothing. What the pack calls sensitive it
 * cannot set.
 */
export function vocabularyOf(flows: Flows, situation: Situation, words: readonly string[]): Vocabulary {
  const { expectation } = situation;
  const current = flows.get(expectation.kind === 'open' ? (situation.flow ?? '') : expectation.flow);
  const settable = current ? formsOf(current) : [];
  return {
    flows: new Map([...flows].filter(isAskedFor).map(([name, flow]) => [name, formsOf(flow)])),
    settable,
    correctable: settable.filter(({ slot }) => situation.given.includes(slot)),
    words,
  };
}

/** Not flows that only other flows do, nor those that the desk's safety alone starts. */
function isAskedFor([, { declaration }]: readonly [string, CompiledFlow]): boolean {
  return declaration.phrases.length + declaration.examples.length > 0;
}

function formsOf(flow: CompiledFlow): readonly SlotForm[] {
  return Object.entries(flow.declaration.slots)
    .filter(([, { sensitive }]) => !sensitive)
    .map(([slot, { type, options }]) => {
      if (type === 'choice') return { slot, values: Object.keys(options ?? {}) };
      return { slot, values: type === 'yesNo' ? ['yes', 'no'] : null };
    });
}
