import type { DeskPack, Dialogue, Understanding } from '../dialogue/index.ts';

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

/**
 * Whether an utterance carries what the pack declares sensitive: a slot that it fills, or the answer to one that
 * was asked for, understood or not. `shown` is what screens may show of its slots.
 */
export function touchesSensitive(
  pack: DeskPack,
  dialogue: Dialogue,
  understanding: Understanding,
): { readonly any: boolean; readonly shown: Readonly<Record<string, string>> } {
  const expected = dialogue.expectation;
  const flow = understanding.flow ?? dialogue.snapshot().flow;
  const isSensitive = (slot: string) => (flow ? pack.flows[flow]?.slots[slot]?.sensitive : false) === true;
  const asked =
    expected.kind === 'slot' && pack.flows[expected.flow]?.slots[expected.slot]?.sensitive === true;
  const slots = Object.entries(understanding.slots);
  return {
    any: asked || slots.some(([slot]) => isSensitive(slot)),
    shown: Object.fromEntries(slots.filter(([slot]) => !isSensitive(slot))),
  };
}
