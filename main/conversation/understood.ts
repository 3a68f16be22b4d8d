import type { DeskPack, Dialogue, Expectation, Understanding } from '../dialogue/index.ts';

/** Stands on screens and in the record where a sensitive answer was given. */
export const WITHHELD = '[withheld]';

/** What the recogniser found better explained by something outside the grammar: nothing is guessed from it. */
export function outsideTheGrammar(text: string): Understanding {
  return {
    text,
    inScope: false,
    flow: null,
    slots: {},
    confidence: 0,
    commands: [{ command: 'outOfScope' }],
    complete: false,
  };
}

/** A value is no surer than the hearing of it was: what was hardly heard is read back before it is used. */
export function asSureAsHeard(understanding: Understanding, confidence: number): Understanding {
  return {
    ...understanding,
    commands: understanding.commands.map((command) =>
      command.command === 'setSlot' || command.command === 'correctSlot'
        ? { ...command, confidence: Math.min(command.confidence, confidence) }
        : command,
    ),
  };
}

/**
 * Whether an utterance carries what the pack declares sensitive: a slot that it fills, or the answer to one that
 * was asked for, understood or not. `shown` is what screens may show of its slots.
 */
export function touchesSensitive(
  pack: DeskPack,
  dialogue: Pick<Dialogue, 'expectation' | 'snapshot'>,
  understanding: Understanding,
): { readonly any: boolean; readonly shown: Readonly<Record<string, string>> } {
  const expected = dialogue.expectation;
  const flow = understanding.flow ?? dialogue.snapshot().flow;
  const isSensitive = (slot: string) => (flow ? pack.flows[flow]?.slots[slot]?.sensitive : false) === true;
  const slots = Object.entries(understanding.slots);
  return {
    any: asksSensitive(pack, expected) || slots.some(([slot]) => isSensitive(slot)),
    shown: Object.fromEntries(slots.filter(([slot]) => !isSensitive(slot))),
  };
}

/** Whether the answer that is waited for is one that nobody but the tool may see. */
export function asksSensitive(pack: DeskPack, expected: Expectation): boolean {
  return expected.kind === 'slot' && pack.flows[expected.flow]?.slots[expected.slot]?.sensitive === true;
}
