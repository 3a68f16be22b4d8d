import type { Clock } from '../../base/index.ts';
import type { ActResult, Command, Dialogue, DialogueAct, DialogueTurn, Expectation, Heard } from '../acts.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import { FlowEngine } from './engine.ts';
import { listed } from './fill.ts';
import type { Frame, SlotValue } from './frame.ts';
import { Memory, slotForCorrection } from './slots.ts';
import type { Acts } from './voice.ts';
import { BETWEEN, rotating } from './wordings.ts';

export interface DialogueParts {
  readonly desk: CompiledDesk;
  readonly knowledge: Knowledge;
  readonly clock: Clock;
  /** Picks one of several wordings; default: one after the other, so that a conversation can be replayed. */
  readonly choose?: (wordings: readonly string[]) => string;
}

/** Failed answers to one question before a person is offered. */
const PATIENCE = 3;

/** Starts the dialogue of one conversation over a compiled desk pack. */
export function createDialogue(parts: DialogueParts): Dialogue {
  return new FlowDialogue(parts);
}

type Named<Name extends Command['command']> = Extract<Command, { command: Name }>;

class FlowDialogue implements Dialogue {
  readonly #engine: FlowEngine;
  #silences = 0;

  constructor({ desk, knowledge, clock, choose }: DialogueParts) {
    this.#engine = new FlowEngine(desk, knowledge, new Memory(desk.pack, clock), choose ?? rotating());
  }

  get expectation(): Expectation {
    const { waiting, top } = this.#engine;
    const flow = top?.flow.flow ?? '';
    switch (waiting.for) {
      case 'slot':
      case 'change':
        return top ? { kind: 'slot', flow, slot: waiting.slot } : { kind: 'open' };
      case 'readBack':
      case 'confirm':
      case 'offer':
        return { kind: 'yesNo', flow };
      default:
        return { kind: 'open' };
    }
  }

  get pendingProposal(): string | null {
    return this.#engine.pending?.proposalId ?? null;
  }

  snapshot(): { readonly flow: string | null; readonly slots: Readonly<Record<string, string>> } {
    const { top } = this.#engine;
    const shown = [...(top?.slots ?? [])].filter(([slot]) => top?.declaration(slot)?.sensitive === false);
    return {
      flow: top?.flow.flow ?? null,
      slots: Object.fromEntries(shown.map(([slot, { value }]) => [slot, value])),
    };
  }

  *begin(): DialogueTurn {
    const { desk } = this.#engine.desk.pack;
    this.#engine.voice.said = [];
    for (const { id, say } of desk.disclosures)
      for (const act of this.#engine.voice.say('disclosure', this.#engine.voice.words([say])))
        yield act.act === 'say' ? { ...act, disclosureId: id } : act;
    yield* this.#engine.voice.say('greeting', this.#engine.voice.words(asList(desk.greeting)));
  }

  *hear(heard: Heard): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended) return;
    const repeats = heard.understanding.commands.some(({ command }) => command === 'repeat');
    const before = engine.voice.said;
    yield* this.#opened();
    yield* engine.recover();
    if (repeats && heard.understanding.commands.every(({ command }) => command === 'repeat')) {
      for (const { kind, text } of before) yield* engine.voice.say(kind, text);
      return;
    }
    yield* this.#understood(heard);
  }

  *decide(decision: 'approve' | 'refuse'): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended || !engine.pending) return;
    yield* this.#opened();
    if (decision === 'approve') yield* engine.approve('screen');
    else yield* this.#refused();
  }

  *silence(): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended || engine.handedOver) return;
    const count = ++this.#silences;
    engine.turn += 1;
    engine.voice.said = [];
    yield* engine.recover();
    if (count === 1) {
      engine.voice.lead(engine.voice.reply('silence'));
      yield* engine.resume();
    } else if (count === 2) yield* engine.offerPerson('silence');
    else {
      yield* engine.voice.say('farewell', engine.voice.reply('farewell'));
      yield* engine.end('silence');
    }
  }

  *fault(_code: string): DialogueTurn {
    const engine = this.#engine;
    if (engine.ended) return;
    engine.turn += 1;
    engine.voice.said = [];
    yield* engine.voice.say('apology', engine.voice.reply('fault'));
    yield* engine.recover();
    yield* engine.resume();
  }

  // biome-ignore lint/correctness/useYield: a turn's beginning, kept a generator like the rest of it
  *#opened(): Acts {
    this.#silences = 0;
    this.#engine.turn += 1;
    this.#engine.voice.said = [];
    this.#engine.handedOver = false;
  }

  *#understood(heard: Heard): Acts {
    const engine = this.#engine;
    const { commands } = heard.understanding;
    const starts = all(commands, 'startFlow').filter(({ flow }) => engine.flow(flow));
    const urgent = starts.find(({ flow }) => engine.flow(flow)?.takesOver && engine.top?.flow.flow !== flow);
    if (urgent) yield* this.#takeOver(urgent.flow, heard);
    else if (has(commands, 'handOff')) yield* engine.handOff('asked for', false);
    else if (has(commands, 'cancel') && starts.length === 0) yield* this.#cancel();
    else if (starts.length > 0 || all(commands, 'setSlot').length + all(commands, 'correctSlot').length > 0)
      yield* this.#told(heard, starts);
    else yield* this.#answered(heard);
  }

  /** An emergency: whatever was going on is dropped. */
  *#takeOver(flow: string, heard: Heard): Acts {
    yield* this.#engine.leaveAll();
    yield* this.#engine.enter(flow, heard.text);
    this.#fill(heard.understanding.commands);
    yield* this.#engine.run();
  }

  *#cancel(): Acts {
    const engine = this.#engine;
    if (!engine.top) {
      yield* engine.voice.say('clarification', engine.voice.reply('nothingToCancel'));
      engine.waiting = { for: 'open' };
      return;
    }
    yield* engine.withdraw();
    engine.failures = 0;
    engine.voice.lead(engine.voice.reply('cancelled'));
    engine.top.goTo(engine.top.program.length);
    yield* engine.run();
  }

  /** Flows to start and values for slots: take them in, say what changed, go on. */
  *#told(heard: Heard, starts: readonly Named<'startFlow'>[]): Acts {
    const engine = this.#engine;
    const { commands } = heard.understanding;
    if (has(commands, 'cancel')) yield* engine.leaveAll();
    else if (engine.pending && has(commands, 'deny') && starts.length > 0) {
      // "No, check my balance": the flow that was refused is not come back to.
      yield* engine.withdraw();
      engine.stack.pop();
    }
    const before = engine.top;
    // The first flow named comes first, so it goes on top last.
    for (const { flow } of starts.toReversed()) yield* engine.enter(flow, questionOf(heard));
    const { changes, used } = this.#fill(commands);
    if (starts.length === 0 && !used) return yield* this.#answered(heard);
    if (changes.length === 0 && before === engine.top && (engine.pending || starts.length === 0))
      return yield* this.#toldNothingNew(heard);
    if (changes.length > 0 || before !== engine.top) {
      // What was proposed is no longer what was asked for.
      yield* engine.withdraw();
      engine.failures = 0;
    }
    if (before === engine.top) for (const change of changes) if (change !== '') engine.voice.lead(change);
    const question = all(commands, 'askKnowledge')[0];
    if (question) yield* engine.answer(question.question);
    yield* engine.run();
  }

  *#toldNothingNew(heard: Heard): Acts {
    const engine = this.#engine;
    const { commands } = heard.understanding;
    if (has(commands, 'affirm') || has(commands, 'deny')) yield* this.#answered(heard);
    else if (engine.pending || engine.waiting.for === 'change') {
      if (!engine.pending) engine.waiting = { for: 'open' };
      yield* engine.resume();
    } else yield* this.#failed();
  }

  /**
   * Puts values into the slots of the flow on top. `changes` has an entry for every slot that is not as it was, with
   * what to say about it; `used` is true when any value had a place.
   */
  #fill(commands: readonly Command[]): { readonly changes: readonly string[]; readonly used: boolean } {
    const frame = this.#engine.top;
    const changes: string[] = [];
    let used = false;
    for (const command of commands) {
      if (!frame || (command.command !== 'setSlot' && command.command !== 'correctSlot')) continue;
      const slot = command.slot || slotForCorrection(frame, command.value, this.#asked());
      if (slot === null || !frame.declares(slot)) continue;
      used = true;
      const change = this.#put(frame, slot, command.value, command.confidence, has(commands, 'affirm'));
      if (change !== null) changes.push(change);
    }
    return { changes, used };
  }

  /** Null when the value was already there; else what to say about the change. */
  #put(frame: Frame, slot: string, value: string, confidence: number, withYes: boolean): string | null {
    const engine = this.#engine;
    const old = frame.slots.get(slot);
    const saidBefore = frame.saidOnce.get(slot);
    const isReadBack = engine.waiting.for === 'readBack' && engine.waiting.slot === slot;
    frame.saidOnce.delete(slot);
    if (old?.value === value) {
      // The same again is a confirmation, and so is "yes, fifty".
      const sure: SlotValue = {
        ...old,
        confidence: Math.max(old.confidence, confidence),
        confirmed: old.confirmed || isReadBack,
      };
      this.#keep(frame, slot, sure);
      return isReadBack ? '' : null;
    }
    if (saidBefore !== undefined && saidBefore !== value) {
      engine.voice.lead(engine.voice.words(BETWEEN.notTheSame));
      return '';
    }
    const confirmed = saidBefore === value || (isReadBack && withYes);
    this.#keep(frame, slot, { value, confidence, confirmed });
    if (!old) return '';
    frame.rewindTo(slot);
    const declaration = frame.declaration(slot);
    if (declaration?.sensitive) return engine.voice.words(BETWEEN.changedSensitive);
    const flow = frame.flow.flow;
    const words = {
      new: engine.desk.readBack(flow, slot, value),
      old: engine.desk.readBack(flow, slot, old.value),
    };
    return isReadBack ? '' : engine.voice.words(BETWEEN.changed, words);
  }

  #keep(frame: Frame, slot: string, value: SlotValue): void {
    // Anew, so that the order of the map is the order in which they were given.
    frame.slots.delete(slot);
    frame.slots.set(slot, value);
    this.#engine.memory.remember(frame.flow, slot, value);
  }

  #asked(): string | null {
    const { waiting } = this.#engine;
    return waiting.for === 'slot' || waiting.for === 'readBack' || waiting.for === 'change'
      ? waiting.slot
      : null;
  }

  /** Everything that is neither a flow nor a value. */
  *#answered(heard: Heard): Acts {
    const { commands } = heard.understanding;
    const question = all(commands, 'askKnowledge')[0];
    const clarify = all(commands, 'clarify')[0];
    if (has(commands, 'deny')) yield* this.#denied(heard);
    else if (has(commands, 'affirm')) yield* this.#affirmed(heard);
    else if (question) yield* this.#asksKnowledge(question.question);
    else if (has(commands, 'help')) yield* this.#help();
    else if (clarify) yield* this.#clarify(clarify.flows);
    else yield* this.#failed();
  }

  *#affirmed(heard: Heard): Acts {
    const engine = this.#engine;
    const { waiting, top } = engine;
    if (waiting.for === 'confirm' && engine.pending)
      yield* this.#approved(heard, engine.pending.onScreenOnly);
    else if (waiting.for === 'offer') yield* engine.handOff(waiting.reason, false);
    else if (waiting.for === 'more') {
      engine.waiting = { for: 'open' };
      yield* engine.voice.say('question', engine.voice.words(BETWEEN.goAhead));
    } else if (waiting.for === 'readBack' && top) {
      const value = top.slots.get(waiting.slot);
      if (value) this.#keep(top, waiting.slot, { ...value, confirmed: true });
      engine.failures = 0;
      yield* engine.run();
    } else if (waiting.for === 'change') yield* engine.run();
    else if (!(yield* this.#yesNoSlot('yes', heard.confidence))) yield* this.#failed();
  }

  *#approved(heard: Heard, onScreenOnly: boolean): Acts {
    const engine = this.#engine;
    if (onScreenOnly) yield* engine.voice.say('confirmation', engine.voice.words(BETWEEN.onScreen));
    else if (heard.via === 'voice' && heard.confidence < engine.desk.pack.desk.confirmBelow)
      yield* this.#failed(engine.voice.words(BETWEEN.unsureYes));
    else yield* engine.approve(heard.via);
  }

  *#denied(heard: Heard): Acts {
    const engine = this.#engine;
    const { waiting, top } = engine;
    if (waiting.for === 'offer') {
      engine.failures = 0;
      engine.waiting = { for: 'open' };
      if (top) yield* engine.resume();
      else yield* engine.voice.say('question', engine.voice.words(BETWEEN.goAhead));
    } else if (engine.pending) yield* this.#refused();
    else if (waiting.for === 'change') yield* this.#cancel();
    else if (waiting.for === 'readBack' && top) {
      engine.forget(top, waiting.slot);
      top.rewindTo(waiting.slot);
      if (!top.declaration(waiting.slot)?.optional) yield* this.#failed(engine.voice.words(BETWEEN.sorry));
      else yield* engine.run();
    } else if (waiting.for === 'more') {
      yield* engine.voice.say('farewell', engine.voice.reply('farewell'));
      yield* engine.end('done');
    } else if (!(yield* this.#yesNoSlot('no', heard.confidence))) yield* this.#failed();
  }

  /** "No" to a proposal: it is off the table; ask what should be different. */
  *#refused(): Acts {
    const engine = this.#engine;
    const { top } = engine;
    yield* engine.withdraw();
    engine.failures = 0;
    const slot = top?.lastCollected ?? null;
    if (slot === null) return yield* this.#cancel();
    engine.waiting = { for: 'change', slot };
    yield* engine.voice.say('question', engine.voice.words(BETWEEN.whatToChange));
  }

  /** A yes or no may be the answer to the slot that was asked for. */
  *#yesNoSlot(value: 'yes' | 'no', confidence: number): Generator<DialogueAct, boolean, ActResult> {
    const engine = this.#engine;
    const { waiting, top } = engine;
    if (waiting.for !== 'slot' || top?.declaration(waiting.slot)?.type !== 'yesNo') return false;
    this.#put(top, waiting.slot, value, confidence, false);
    engine.failures = 0;
    yield* engine.run();
    return true;
  }

  *#asksKnowledge(question: string): Acts {
    const engine = this.#engine;
    const known = yield* engine.answer(question);
    if (engine.top || engine.pending) {
      if (engine.top)
        engine.voice.lead(engine.voice.words(BETWEEN.back, { what: engine.top.flow.description }));
      yield* engine.resume();
    } else if (!known) yield* this.#countFailure();
    else {
      engine.failures = 0;
      engine.waiting = { for: 'more' };
    }
  }

  *#help(): Acts {
    const engine = this.#engine;
    yield* engine.voice.say('answer', engine.voice.reply('help'));
    if (!engine.top) return;
    engine.voice.lead(engine.voice.words(BETWEEN.back, { what: engine.top.flow.description }));
    yield* engine.resume();
  }

  *#clarify(flows: readonly string[]): Acts {
    const engine = this.#engine;
    const known = flows.flatMap((flow) => engine.flow(flow)?.description ?? []);
    if (known.length === 0) return yield* this.#failed();
    yield* engine.voice.say(
      'clarification',
      engine.voice.words(BETWEEN.clarify, { what: listed(known, 'or') }),
    );
  }

  /** Nothing came of it: say so, ask in other words, and after the third time offer a person. */
  *#failed(why?: string): Acts {
    const engine = this.#engine;
    engine.failures += 1;
    if (engine.failures >= PATIENCE) {
      engine.failures = 0;
      return yield* engine.offerPerson('not understood');
    }
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

  *#countFailure(): Acts {
    const engine = this.#engine;
    engine.failures += 1;
    if (engine.failures < PATIENCE) return;
    engine.failures = 0;
    yield* engine.offerPerson('not understood');
  }
}

function has(commands: readonly Command[], name: Command['command']): boolean {
  return commands.some(({ command }) => command === name);
}

function all<Name extends Command['command']>(
  commands: readonly Command[],
  name: Name,
): readonly Named<Name>[] {
  return commands.filter((command): command is Named<Name> => command.command === name);
}

/** What a flow's `{question}` stands for: the question in the sentence that started it, or the sentence. */
function questionOf(heard: Heard): string {
  return all(heard.understanding.commands, 'askKnowledge')[0]?.question ?? heard.text;
}

function asList(wording: string | readonly string[]): readonly string[] {
  return typeof wording === 'string' ? [wording] : wording;
}
