/** Yes, no, cancel, and what helped nothing: each means something else after each question. */
import type { ActResult, DialogueAct, Heard } from '../acts.ts';
import { giveUp, patience, questionIsOld } from './asking.ts';
import type { FlowEngine } from './engine.ts';
import { keep, put } from './told.ts';
import { approve } from './tool-calls.ts';
import type { Acts } from './voice.ts';
import { end, handOff } from './ways-out.ts';
import { BETWEEN } from './wordings.ts';

export function* affirmed(engine: FlowEngine, heard: Heard): Acts {
  const { waiting, top } = engine;
  if (waiting.for === 'confirm' && engine.pending)
    yield* approved(engine, heard, engine.pending.onScreenOnly);
  else if (waiting.for === 'offer') yield* handOff(engine, waiting.reason, false);
  else if (waiting.for === 'more') {
    engine.waiting = { for: 'open' };
    yield* engine.voice.say('question', engine.voice.words(BETWEEN.goAhead));
  } else if (waiting.for === 'which' && waiting.flows.length === 1) {
    yield* engine.enter(waiting.flows[0] ?? '', heard.text);
    yield* engine.run();
  } else if (waiting.for === 'readBack' && top) {
    const value = top.slots.get(waiting.slot);
    if (value) keep(engine, top, waiting.slot, { ...value, confirmed: true });
    engine.failures = 0;
    yield* engine.run();
  } else if (waiting.for === 'change') yield* engine.run();
  else if (!(yield* yesNoSlot(engine, 'yes', heard.confidence))) yield* failed(engine);
}

export function* denied(engine: FlowEngine, heard: Heard): Acts {
  const { waiting, top } = engine;
  if (waiting.for === 'offer') yield* declined(engine);
  else if (engine.pending) yield* refused(engine);
  else if (waiting.for === 'change') yield* cancelled(engine);
  else if (waiting.for === 'which') {
    engine.waiting = { for: 'open' };
    yield* engine.voice.say('question', engine.voice.words(BETWEEN.goAhead));
  } else if (waiting.for === 'readBack' && top) {
    engine.forget(top, waiting.slot);
    top.rewindTo(waiting.slot);
    if (!top.declaration(waiting.slot)?.optional) yield* failed(engine, engine.voice.words(BETWEEN.sorry));
    else yield* engine.run();
  } else if (waiting.for === 'more') {
    yield* engine.voice.say('farewell', engine.voice.reply('farewell'));
    yield* end(engine, 'done');
  } else if (!(yield* yesNoSlot(engine, 'no', heard.confidence))) yield* failed(engine);
}

/** "No" to a proposal: it is off the table; ask what should be different. */
export function* refused(engine: FlowEngine): Acts {
  const { top } = engine;
  yield* engine.withdraw();
  engine.failures = 0;
  const slot = top?.lastCollected ?? null;
  if (slot === null) return yield* cancelled(engine);
  engine.waiting = { for: 'change', slot };
  yield* engine.voice.say('question', engine.voice.words(BETWEEN.whatToChange));
}

export function* cancelled(engine: FlowEngine): Acts {
  if (!engine.top) {
    yield* engine.voice.say('clarification', engine.voice.reply('nothingToCancel'));
    engine.waiting = { for: 'open' };
    return;
  }
  yield* engine.withdraw();
  engine.failures = 0;
  engine.voice.lead(engine.voice.reply('cancelled'));
  engine.top.drop();
  yield* engine.run();
}

/** Nothing came of it: say so, ask in other words, and when that was too often or too long, offer a person. */
export function* failed(engine: FlowEngine, why?: string): Acts {
  engine.failures += 1;
  if (engine.failures >= patience(engine) || questionIsOld(engine))
    return yield* giveUp(engine, 'not understood');
  if (!engine.top && engine.waiting.for !== 'offer') {
    yield* engine.voice.say('clarification', why ?? engine.voice.reply('outOfScope'));
    return;
  }
  engine.voice.lead(why ?? engine.voice.reply('notUnderstood'));
  if (engine.waiting.for === 'offer') {
    engine.voice.lead(engine.voice.words(BETWEEN.yesOrNo));
    yield* engine.voice.say('question', engine.voice.words(BETWEEN.offerPerson));
  } else yield* engine.resume();
}

function* approved(engine: FlowEngine, heard: Heard, onScreenOnly: boolean): Acts {
  if (engine.pending?.agreed) yield* engine.resume();
  else if (onScreenOnly) yield* engine.voice.say('confirmation', engine.voice.words(BETWEEN.onScreen));
  else if (heard.via === 'voice' && heard.confidence < engine.desk.pack.desk.confirmBelow)
    yield* failed(engine, engine.voice.words(BETWEEN.unsureYes));
  else yield* approve(engine, heard.via, heard.confidence);
}

/** No person is wanted: on with what was asked. */
function* declined(engine: FlowEngine): Acts {
  engine.failures = 0;
  engine.waiting = { for: 'open' };
  if (engine.top) yield* engine.resume();
  else yield* engine.voice.say('question', engine.voice.words(BETWEEN.goAhead));
}

/** A yes or no may be the answer to the slot that was asked for. */
function* yesNoSlot(
  engine: FlowEngine,
  value: 'yes' | 'no',
  confidence: number,
): Generator<DialogueAct, boolean, ActResult> {
  const { waiting, top } = engine;
  if (waiting.for !== 'slot' || top?.declaration(waiting.slot)?.type !== 'yesNo') return false;
  put(engine, top, waiting.slot, value, confidence, false);
  engine.failures = 0;
  yield* engine.run();
  return true;
}
