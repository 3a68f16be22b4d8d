import type { DeskPack, Dialogue, Expectation, Understanding } from '../dialogue/index.ts';
import type { Words } from './mind.ts';

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

/**
 * A value is no surer than the hearing of it was: what was hardly heard is read back before it is used. It is as sure as
 * the least sure of the words that said it, where it is known which they were; else as the sentence.
 */
export function asSureAsHeard(
  understanding: Understanding,
  { confidence, wordConfidences }: Pick<Words, 'confidence' | 'wordConfidences'>,
): Understanding {
  const { text, said } = understanding;
  const words = [...text.matchAll(/\S+/g)];
  const known = words.length === wordConfidences?.length;
  const heard = (slot: string): number => {
    const place = said?.[slot];
    if (!known || !place) return confidence;
    const own = words.flatMap(({ 0: word, index }, at) =>
      index < place.end && index + word.length > place.start ? (wordConfidences[at] ?? []) : [],
    );
    return own.length === 0 ? confidence : Math.min(...own);
  };
  const further = understanding.then?.map((part) => asSureAsHeard(part, { confidence }));
  return {
    ...understanding,
    commands: understanding.commands.map((command) =>
      command.command === 'setSlot' || command.command === 'correctSlot'
        ? { ...command, confidence: Math.min(command.confidence, heard(command.slot)) }
        : command,
    ),
    // Places are counted within a part: what else was asked for is as sure as the sentence.
    // biome-ignore lint/suspicious/noThenProperty: a list, which no await takes for a promise
    ...(further ? { then: further } : {}),
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
  const further = (understanding.then ?? []).some((part) =>
    Object.keys(part.slots).some((slot) => part.flow && pack.flows[part.flow]?.slots[slot]?.sensitive),
  );
  return {
    any: asksSensitive(pack, expected) || slots.some(([slot]) => isSensitive(slot)) || further,
    shown: Object.fromEntries(slots.filter(([slot]) => !isSensitive(slot))),
  };
}

/** Whether the answer that is waited for is one that nobody but the tool may see. */
export function asksSensitive(pack: DeskPack, expected: Expectation): boolean {
  return expected.kind === 'slot' && pack.flows[expected.flow]?.slots[expected.slot]?.sensitive === true;
}
