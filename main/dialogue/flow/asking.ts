/** How a flow gets to know its slots: asking, making sure, checking, and not asking for ever. */
import type { ActResult, DialogueAct } from '../acts.ts';
import type { FlowEngine } from './engine.ts';
import { listed } from './fill.ts';
import type { Frame } from './frame.ts';
import type { CheckOp } from './program.ts';
import { needsReadBack } from './slots.ts';
import type { Acts } from './voice.ts';
import { handOff, offerPerson } from './ways-out.ts';
import { BETWEEN, hintFor } from './wordings.ts';

type Asks = Generator<DialogueAct, boolean, ActResult>;

/** Asks for the first slot that is not known, or not sure; true when it asked. */
export function* collect(engine: FlowEngine, frame: Frame, slots: readonly string[], ask: boolean): Asks {
  for (const slot of slots) {
    const declaration = frame.declaration(slot);
    if (!declaration) continue;
    if (!frame.slots.has(slot)) {
      const remembered = engine.memory.recall(frame.flow, slot);
      if (remembered) frame.slots.set(slot, remembered);
    }
    const value = frame.slots.get(slot);
    if (value && needsReadBack(declaration, value, engine.desk.pack.desk.confirmBelow)) {
      yield* makeSure(engine, frame, slot, value.value, declaration.sensitive);
      return true;
    }
    if (!value && ask && !declaration.optional) {
      yield* askFor(engine, frame, slot);
      return true;
    }
  }
  return false;
}

/** A value did not pass its check: says why, and asks again as often as the slot allows; true when it asked. */
export function* reject(engine: FlowEngine, frame: Frame, check: CheckOp): Asks {
  engine.voice.lead(engine.voice.words(check.wordings));
  engine.forget(frame, check.slot);
  frame.goTo(check.again);
  const times = (frame.rejected.get(check.slot) ?? 0) + 1;
  frame.rejected.set(check.slot, times);
  if (times < triesFor(engine, frame, check.slot)) return false;
  frame.rejected.delete(check.slot);
  engine.waiting = { for: 'slot', slot: check.slot };
  yield* giveUp(engine, 'no value that can be used');
  return true;
}

/** How often the present question may be answered without avail. */
export function patience(engine: FlowEngine): number {
  const { waiting, top } = engine;
  return waiting.for === 'slot' && top ? triesFor(engine, top, waiting.slot) : engine.desk.pack.desk.tries;
}

/** The present question has waited for longer than the desk wants anybody to be asked. */
export function questionIsOld(engine: FlowEngine): boolean {
  if (engine.waiting.for !== 'slot' && engine.waiting.for !== 'readBack') return false;
  const { questionSeconds } = engine.desk.pack.desk.timeLimits;
  return engine.clock.monotonicMs() - engine.waitingSinceMs > questionSeconds * 1000;
}

/** Asking on is of no use: a person is offered, or called, as the slot says. */
export function* giveUp(engine: FlowEngine, reason: string): Acts {
  const { waiting, top } = engine;
  engine.failures = 0;
  engine.waitingSinceMs = engine.clock.monotonicMs();
  const slot = waiting.for === 'slot' ? top?.declaration(waiting.slot) : undefined;
  if (slot?.afterTries === 'handOff') yield* handOff(engine, reason, false);
  else yield* offerPerson(engine, reason);
}

/** Says which requests of a sentence wait for this one to be done, once. */
export function announceQueued(engine: FlowEngine): void {
  const queued = engine.stack
    .slice(0, -1)
    .filter((frame) => frame.comesBack === 'queued' && !frame.announced);
  if (queued.length === 0) return;
  for (const frame of queued) frame.announced = true;
  const what = listed(
    queued.toReversed().map((frame) => frame.flow.description),
    'and',
  );
  engine.voice.lead(engine.voice.words(BETWEEN.after, { what }));
}

function* askFor(engine: FlowEngine, frame: Frame, slot: string): Acts {
  const declaration = frame.declaration(slot);
  if (!declaration) return;
  announceQueued(engine);
  engine.waitFor({ for: 'slot', slot });
  if (takesLong(engine, frame)) {
    // Once; whoever declines has as long again.
    frame.begin(engine.clock.monotonicMs());
    yield* offerPerson(engine, 'a flow took too long', engine.voice.reply('takesLong'));
    return;
  }
  const ask = declaration.ask ?? slot;
  const wordings = typeof ask === 'string' ? [ask] : ask;
  const hint = engine.failures > 1 ? hintFor(declaration, optionWords(frame, slot)) : '';
  yield* engine.voice.say(
    'question',
    [engine.voice.words(wordings), hint].filter((part) => part !== '').join(' '),
  );
}

function* makeSure(engine: FlowEngine, frame: Frame, slot: string, value: string, sensitive: boolean): Acts {
  announceQueued(engine);
  if (sensitive) {
    // It cannot be read back aloud, so it is asked for twice.
    frame.saidOnce.set(slot, value);
    frame.slots.delete(slot);
    engine.waitFor({ for: 'slot', slot });
    yield* engine.voice.say('question', engine.voice.words(BETWEEN.sayAgain));
    return;
  }
  engine.waitFor({ for: 'readBack', slot });
  const what = engine.desk.readBack(frame.flow.flow, slot, value);
  yield* engine.voice.say('confirmation', engine.voice.words(BETWEEN.readBack, { what }));
}

function triesFor(engine: FlowEngine, frame: Frame, slot: string): number {
  return frame.declaration(slot)?.tries ?? engine.desk.pack.desk.tries;
}

function takesLong(engine: FlowEngine, frame: Frame): boolean {
  const seconds = frame.flow.timeLimitSeconds ?? engine.desk.pack.desk.timeLimits.flowSeconds;
  return engine.clock.monotonicMs() - frame.begunMs > seconds * 1000;
}

function optionWords(frame: Frame, slot: string): readonly string[] {
  const options = Object.values(frame.declaration(slot)?.options ?? {});
  return options
    .map(([phrase]) => (phrase ?? '').replace(/\[[^\]]*\]/g, '').trim())
    .filter((words) => /^[\w' -]+$/.test(words));
}
