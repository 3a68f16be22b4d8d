/** What a parse of a sentence means here: commands, by the pattern that it fits and what was asked. */
import type { Command, Expectation } from '../acts.ts';
import type { CompiledFlow } from './compiled-flow.ts';
import { otherValue } from './follow-ups.ts';
import type { Capture, Parse } from './parser.ts';
import type { Meaning } from './patterns.ts';
import { type Meant, type Reader, setSlots } from './reader.ts';
import type { Sentence } from './slots/slot-type.ts';
import type { StandingMeaning } from './standing.ts';

const COMMANDS: Readonly<Record<StandingMeaning, readonly Command[]>> = {
  cancel: [{ command: 'cancel' }],
  help: [{ command: 'help' }],
  repeat: [{ command: 'repeat' }],
  handOff: [{ command: 'handOff' }],
  courtesy: [],
  farewell: [{ command: 'deny' }],
  yes: [{ command: 'affirm' }],
  no: [{ command: 'deny' }],
};

export function meaningOf(
  reader: Reader,
  sentence: Sentence,
  parse: Parse,
  expectation: Expectation,
  confidence: number,
): Meant {
  const { meaning } = parse;
  const slots = valuesOf(parse.captures);
  if (meaning.kind === 'standing') {
    const flow = expectation.kind === 'open' ? null : expectation.flow;
    const complete = parse.complete || (meaning.means === 'yes' && expectation.kind !== 'open');
    const commands = answersNothing(meaning.means, expectation) ? [] : COMMANDS[meaning.means];
    return { inScope: true, flow, slots, confidence, commands, complete };
  }
  const base = { inScope: true, flow: meaning.flow, confidence };
  if (meaning.kind === 'correction')
    return { ...base, complete: !parse.open, ...corrected(reader, sentence, parse, expectation, confidence) };
  if (meaning.kind === 'flow' && meaning.again)
    return {
      ...base,
      complete: parse.complete,
      further: parse.further,
      ...onceMore(reader, meaning, slots, expectation, confidence),
    };
  const sets = setSlots(slots, confidence);
  const answered = meaning.kind === 'answer';
  const goesOn =
    answered || (expectation.kind !== 'open' && expectation.flow === meaning.flow && sets.length > 0);
  const commands: Command[] = goesOn ? sets : [{ command: 'startFlow', flow: meaning.flow }, ...sets];
  // More slots may always follow an answer; that they may must not keep people waiting.
  const complete = answered ? !parse.open : parse.complete;
  return { ...base, slots, commands, complete, further: complete ? 0 : parse.further };
}

/** A yes or a no where nothing was asked: people say them to each other, and noise is heard as them. */
function answersNothing(means: StandingMeaning, expectation: Expectation): boolean {
  if (means !== 'yes' && means !== 'no') return false;
  return expectation.kind === 'open' && !expectation.more && !expectation.between;
}

/** The last flow with what it was told, but for what is told anew; what "the other" is, where it cannot be known, is asked. */
function onceMore(
  reader: Reader,
  meaning: Extract<Meaning, { kind: 'flow' }>,
  told: Readonly<Record<string, string>>,
  expectation: Expectation,
  confidence: number,
): Pick<Meant, 'slots' | 'commands'> {
  const last = (expectation.kind === 'open' && expectation.last?.slots) || {};
  const flow = reader.flows.get(meaning.flow);
  const { other } = meaning;
  const value = flow && other !== undefined ? otherValue(flow, other, last[other]) : null;
  const anew = { ...told, ...(other !== undefined && value !== null ? { [other]: value } : {}) };
  const kept = Object.fromEntries(
    Object.entries(last).filter(([name]) => !(name in anew) && name !== other && flow?.slots.has(name)),
  );
  return {
    slots: { ...kept, ...anew },
    commands: [
      { command: 'startFlow', flow: meaning.flow },
      ...setSlots(kept, 1),
      ...setSlots(anew, confidence),
    ],
  };
}

function corrected(
  reader: Reader,
  sentence: Sentence,
  parse: Parse,
  expectation: Expectation,
  confidence: number,
): Pick<Meant, 'slots' | 'commands'> {
  const found = parse.captures.map((capture) => ({
    slot: correctedSlot(reader, sentence, capture, expectation),
    value: capture.value,
  }));
  const named = found.filter(({ slot }) => slot !== '').map(({ slot, value }) => [slot, value]);
  return {
    slots: Object.fromEntries(named),
    commands: found.map(({ slot, value }) => ({ command: 'correctSlot', slot, value, confidence })),
  };
}

/** The slot that a correction is for; empty when several of its kind could be meant and no word says which. */
function correctedSlot(
  reader: Reader,
  sentence: Sentence,
  capture: Capture,
  expectation: Expectation,
): string {
  const { slot, from } = capture;
  const flow = reader.flows.get(slot.flow);
  const alike = [...(flow?.slots.values() ?? [])].filter((other) => sameKind(other, slot.name, flow));
  if (alike.length <= 1) return slot.name;
  const before = sentence.words.slice(0, from).findLast((word) => word !== 'my' && word !== 'the') ?? '';
  const cued = alike.filter(({ name }) => flow?.cues.get(name)?.includes(before));
  if (cued.length === 1 && cued[0]) return cued[0].name;
  const asked = expectation.kind === 'slot' ? alike.find(({ name }) => name === expectation.slot) : undefined;
  return asked?.name ?? '';
}

function sameKind(
  other: { name: string; kind: string },
  name: string,
  flow: CompiledFlow | undefined,
): boolean {
  const mine = flow?.declaration.slots[name];
  const theirs = flow?.declaration.slots[other.name];
  return (
    mine !== undefined &&
    theirs !== undefined &&
    mine.type === theirs.type &&
    JSON.stringify(mine.options) === JSON.stringify(theirs.options)
  );
}

function valuesOf(captures: readonly Capture[]): Record<string, string> {
  return Object.fromEntries(captures.map(({ slot, value }) => [slot.name, value]));
}
