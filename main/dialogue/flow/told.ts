/** Values that a sentence gives: put into the slots of the flow at work, and what is said about a change. */
import type { Command } from '../acts.ts';
import type { FlowEngine } from './engine.ts';
import type { Frame, SlotValue } from './frame.ts';
import { slotForCorrection } from './slots.ts';
import { BETWEEN } from './wordings.ts';

/**
 * Puts values into the slots of the flow on top. `changes` has an entry for every slot that is not as it was, with
 * what to say about it; `used` is true when any value had a place.
 */
export function fill(
  engine: FlowEngine,
  commands: readonly Command[],
): { readonly changes: readonly string[]; readonly used: boolean } {
  return engine.top ? fillFrame(engine, engine.top, commands) : { changes: [], used: false };
}

export function fillFrame(
  engine: FlowEngine,
  frame: Frame,
  commands: readonly Command[],
): { readonly changes: readonly string[]; readonly used: boolean } {
  const withYes = commands.some(({ command }) => command === 'affirm');
  const changes: string[] = [];
  let used = false;
  for (const command of commands) {
    if (command.command !== 'setSlot' && command.command !== 'correctSlot') continue;
    const slot = command.slot || slotForCorrection(frame, command.value, asked(engine));
    if (slot === null || !frame.declares(slot)) continue;
    used = true;
    const change = put(engine, frame, slot, command.value, command.confidence, withYes);
    if (change !== null) changes.push(change);
  }
  return { changes, used };
}

/** Null when the value was already there; else what to say about the change. */
export function put(
  engine: FlowEngine,
  frame: Frame,
  slot: string,
  value: string,
  confidence: number,
  withYes: boolean,
): string | null {
  const old = frame.slots.get(slot);
  const saidBefore = frame.saidOnce.get(slot);
  const isReadBack =
    engine.waiting.for === 'readBack' && engine.waiting.slot === slot && engine.top === frame;
  frame.saidOnce.delete(slot);
  if (old?.value === value) {
    // The same again is a confirmation, and so is "yes, fifty".
    const sure: SlotValue = {
      ...old,
      confidence: Math.max(old.confidence, confidence),
      confirmed: old.confirmed || isReadBack,
    };
    keep(engine, frame, slot, sure);
    return isReadBack ? '' : null;
  }
  if (saidBefore !== undefined && saidBefore !== value) {
    engine.voice.lead(engine.voice.words(BETWEEN.notTheSame));
    return '';
  }
  const confirmed = saidBefore === value || (isReadBack && withYes);
  keep(engine, frame, slot, { value, confidence, confirmed });
  if (!old) return '';
  frame.rewindTo(slot);
  return isReadBack && !frame.declaration(slot)?.sensitive
    ? ''
    : changeInWords(engine, frame, slot, value, old);
}

export function keep(engine: FlowEngine, frame: Frame, slot: string, value: SlotValue): void {
  // Anew, so that the order of the map is the order in which they were given.
  frame.slots.delete(slot);
  frame.slots.set(slot, value);
  engine.memory.remember(frame.flow, slot, value);
}

function changeInWords(
  engine: FlowEngine,
  frame: Frame,
  slot: string,
  value: string,
  old: SlotValue,
): string {
  if (frame.declaration(slot)?.sensitive) return engine.voice.words(BETWEEN.changedSensitive);
  const flow = frame.flow.flow;
  return engine.voice.words(BETWEEN.changed, {
    new: engine.desk.readBack(flow, slot, value),
    old: engine.desk.readBack(flow, slot, old.value),
  });
}

function asked({ waiting }: FlowEngine): string | null {
  return waiting.for === 'slot' || waiting.for === 'readBack' || waiting.for === 'change'
    ? waiting.slot
    : null;
}
