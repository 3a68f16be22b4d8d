import type { CallOutcome, Proposal } from '../../tools/index.ts';
import type { ActResult, DialogueAct } from '../acts.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import type { FlowDeclaration } from '../pack/schema.ts';
import { holds } from './condition.ts';
import { fillArguments, fillWording } from './fill.ts';
import { Frame } from './frame.ts';
import type { CallOp, Op } from './program.ts';
import { type Memory, needsReadBack } from './slots.ts';
import { type Acts, Voice } from './voice.ts';
import { BETWEEN, hintFor } from './wordings.ts';

/** What an answer is awaited for. */
export type Waiting =
  | { readonly for: 'open' }
  /** "Is there anything else?" was asked. */
  | { readonly for: 'more' }
  | { readonly for: 'slot'; readonly slot: string }
  | { readonly for: 'readBack'; readonly slot: string }
  | { readonly for: 'confirm' }
  /** A proposal was refused; what should be different? */
  | { readonly for: 'change'; readonly slot: string }
  /** "Shall I get a teller?" */
  | { readonly for: 'offer'; readonly reason: string };

/** A proposal that waits for a yes or no. */
export interface Pending {
  readonly proposalId: string;
  readonly text: string;
  readonly onScreenOnly: boolean;
  /** The turn it was made in; only a later one can approve it. */
  readonly turn: number;
  readonly tool: string;
}

const MAX_STACK = 5;
/** Steps in one turn. Flows go forward only, but may start one another in a ring. */
const MAX_STEPS = 300;

/** The machine under the dialogue: the stack of flows, run step by step until something must be asked. */
export class FlowEngine {
  readonly desk: CompiledDesk;
  readonly stack: Frame[] = [];
  readonly memory: Memory;
  readonly #knowledge: Knowledge;
  readonly voice: Voice;
  waiting: Waiting = { for: 'open' };
  pending: Pending | null = null;
  turn = 0;
  ended = false;
  /** A person was called; the agent does not press on. */
  handedOver = false;
  /** Answers to the present question that did not help. */
  failures = 0;
  /** A tool that was told to act and has not answered yet: set still when the turn was broken off. */
  #inFlight: { readonly frame: Frame; readonly call: CallOp } | null = null;

  constructor(
    desk: CompiledDesk,
    knowledge: Knowledge,
    memory: Memory,
    choose: (wordings: readonly string[]) => string,
  ) {
    this.desk = desk;
    this.memory = memory;
    this.#knowledge = knowledge;
    this.voice = new Voice(desk, choose, () => this.top);
  }

  get top(): Frame | null {
    return this.stack.at(-1) ?? null;
  }

  // The stack

  /** Puts a flow on top; one that is already on the stack comes up instead. */
  *enter(name: string, question: string): Acts {
    const flow = Object.hasOwn(this.desk.pack.flows, name) ? this.desk.pack.flows[name] : undefined;
    if (!flow) return;
    const there = this.stack.findIndex((frame) => frame.flow.flow === name);
    if (there >= 0 && there === this.stack.length - 1) return;
    yield* this.withdraw();
    if (there >= 0) {
      this.stack.length = there + 1;
      return;
    }
    const below = this.top;
    if (below) below.interrupted = true;
    if (this.stack.length >= MAX_STACK) this.stack.shift();
    this.stack.push(new Frame(flow, question));
    this.failures = 0;
  }

  *withdraw(): Acts {
    const { pending } = this;
    this.pending = null;
    if (this.waiting.for === 'confirm') this.waiting = { for: 'open' };
    if (pending) yield { act: 'withdraw', proposalId: pending.proposalId };
  }

  *leaveAll(): Acts {
    yield* this.withdraw();
    this.stack.length = 0;
    this.waiting = { for: 'open' };
    this.failures = 0;
  }

  // Running

  /** Goes on until something must be asked, or nothing is left to do. */
  *run(): Acts {
    for (let steps = 0; !this.ended; steps++) {
      const frame = this.top;
      if (!frame) break;
      if (steps >= MAX_STEPS) {
        yield* this.leaveAll();
        yield* this.offerPerson('fault', this.voice.reply('fault'));
        return;
      }
      const { op } = frame;
      const asks = op ? yield* this.#step(frame, op) : yield* this.#finish();
      if (asks) return;
    }
    yield* this.voice.flush();
  }

  /** Takes one step; true when the person must answer before the next. */
  *#step(frame: Frame, op: Op): Generator<DialogueAct, boolean, ActResult> {
    switch (op.op) {
      case 'collect':
        if (yield* this.#collect(frame, op.slots, true)) return true;
        frame.next();
        return false;
      case 'call':
        return yield* this.#call(frame, op);
      case 'unless':
        frame.goTo(holds(op.condition, (path) => frame.lookup(path)) ? frame.at + 1 : op.to);
        return false;
      case 'jump':
        frame.goTo(op.to);
        return false;
      case 'forget':
        for (const slot of op.slots) this.forget(frame, slot);
        frame.next();
        return false;
      case 'start':
        this.#continueWith(frame, op.flow);
        return false;
      default:
        // Before the words, so that an interruption does not say them twice.
        frame.next();
        yield* this.#speak(frame, op);
        return false;
    }
  }

  *#speak(frame: Frame, op: Extract<Op, { op: 'say' | 'answer' | 'handOff' | 'end' }>): Acts {
    if (op.op === 'say') yield* this.voice.say('answer', this.voice.words(op.wordings));
    else if (op.op === 'answer') yield* this.answer(fillWording(this.desk, frame, op.question));
    else if (op.op === 'handOff')
      yield* this.handOff(fillWording(this.desk, frame, op.reason), frame.flow.takesOver);
    else yield* this.end(fillWording(this.desk, frame, op.reason));
  }

  #continueWith(frame: Frame, name: string): void {
    const flow = Object.hasOwn(this.desk.pack.flows, name) ? this.desk.pack.flows[name] : undefined;
    this.stack.pop();
    if (!flow) return;
    const next = new Frame(flow, frame.question);
    for (const [slot, value] of frame.slots)
      if (next.declaration(slot)?.type === frame.declaration(slot)?.type) next.slots.set(slot, value);
    this.stack.push(next);
  }

  /** A flow is over: back to the one below, or ask for more. Always goes on, or has asked. */
  *#finish(): Generator<DialogueAct, boolean, ActResult> {
    this.stack.pop();
    this.failures = 0;
    const below = this.top;
    if (below) {
      const what = below.flow.description;
      this.voice.lead(this.voice.words(below.interrupted ? BETWEEN.back : BETWEEN.next, { what }));
      below.interrupted = false;
      return false;
    }
    this.waiting = { for: 'more' };
    yield* this.voice.say('question', this.voice.reply('anythingElse'));
    return true;
  }

  // Slots

  /** Asks for the first slot that is not known, or not sure; true when it asked. */
  *#collect(
    frame: Frame,
    slots: readonly string[],
    ask: boolean,
  ): Generator<DialogueAct, boolean, ActResult> {
    for (const slot of slots) {
      const declaration = frame.declaration(slot);
      if (!declaration) continue;
      if (!frame.slots.has(slot)) {
        const remembered = this.memory.recall(frame.flow, slot);
        if (remembered) frame.slots.set(slot, remembered);
      }
      const value = frame.slots.get(slot);
      if (value && needsReadBack(declaration, value, this.desk.pack.desk.confirmBelow)) {
        yield* this.#makeSure(frame, slot, value.value, declaration.sensitive);
        return true;
      }
      if (!value && ask && !declaration.optional) {
        yield* this.askFor(frame, slot);
        return true;
      }
    }
    return false;
  }

  *#makeSure(frame: Frame, slot: string, value: string, sensitive: boolean): Acts {
    if (sensitive) {
      // It cannot be read back aloud, so it is asked for twice.
      frame.saidOnce.set(slot, value);
      frame.slots.delete(slot);
      this.waiting = { for: 'slot', slot };
      yield* this.voice.say('question', this.voice.words(BETWEEN.sayAgain));
      return;
    }
    this.waiting = { for: 'readBack', slot };
    const what = this.desk.readBack(frame.flow.flow, slot, value);
    yield* this.voice.say('confirmation', this.voice.words(BETWEEN.readBack, { what }));
  }

  *askFor(frame: Frame, slot: string): Acts {
    this.waiting = { for: 'slot', slot };
    const declaration = frame.declaration(slot);
    if (!declaration) return;
    const ask = declaration.ask ?? slot;
    const wordings = typeof ask === 'string' ? [ask] : ask;
    const hint = this.failures > 1 ? hintFor(declaration, optionWords(frame, slot)) : '';
    yield* this.voice.say(
      'question',
      [this.voice.words(wordings), hint].filter((part) => part !== '').join(' '),
    );
  }

  forget(frame: Frame, slot: string): void {
    frame.slots.delete(slot);
    frame.saidOnce.delete(slot);
    this.memory.forget(slot);
  }

  // Tools

  *#call(frame: Frame, call: CallOp): Generator<DialogueAct, boolean, ActResult> {
    const used = Object.values(call.arguments).flatMap((value) =>
      typeof value === 'string' ? [...value.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '') : [],
    );
    if (yield* this.#collect(frame, used, false)) return true;
    const outcome = asProposal(
      yield { act: 'propose', tool: call.tool, arguments: fillArguments(this.desk, frame, call) },
      this.voice.reply('fault'),
    );
    if (outcome.kind === 'refused') {
      yield* this.#settle(frame, call, outcome);
      return false;
    }
    if (outcome.kind === 'ready') {
      yield* this.#execute(frame, call, outcome.proposalId, 'none');
      return false;
    }
    this.pending = { ...outcome, turn: this.turn, tool: call.tool };
    yield* this.confirm();
    return true;
  }

  /** Says what is about to be done and waits for a yes. */
  *confirm(): Acts {
    if (!this.pending) return;
    this.waiting = { for: 'confirm' };
    const { text, onScreenOnly } = this.pending;
    yield* this.voice.say(
      'confirmation',
      onScreenOnly ? `${text} ${this.voice.words(BETWEEN.onScreen)}` : text,
    );
  }

  /** The person said yes, in a later turn than the proposal. */
  *approve(by: 'voice' | 'typed' | 'screen'): Acts {
    const { pending, top } = this;
    const op = top?.op;
    if (!pending || pending.turn >= this.turn || op?.op !== 'call' || !top) return;
    this.pending = null;
    this.waiting = { for: 'open' };
    this.failures = 0;
    yield* this.#execute(top, op, pending.proposalId, by);
    yield* this.run();
  }

  *#execute(
    frame: Frame,
    call: CallOp,
    proposalId: string,
    approvedBy: 'none' | 'voice' | 'typed' | 'screen',
  ): Acts {
    this.#inFlight = { frame, call };
    const outcome = asOutcome(
      yield { act: 'execute', proposalId, approvedBy },
      this.voice.words(BETWEEN.unknownOutcome),
    );
    this.#inFlight = null;
    yield* this.#settle(frame, call, outcome);
  }

  *#settle(frame: Frame, call: CallOp, outcome: CallOutcome): Acts {
    if (outcome.kind === 'ok') {
      if (call.save !== null) frame.saves.set(call.save, outcome.result);
      frame.next();
      if (this.#risk(call) !== 'read') frame.seal();
      return;
    }
    frame.goTo(call.otherwise);
    if (outcome.kind === 'unknown') frame.seal();
    yield* this.voice.say('apology', outcome.say);
  }

  /** The turn was broken off while a tool was at work: whether it acted is not known, and it is not called again. */
  *recover(): Acts {
    const lost = this.#inFlight;
    this.#inFlight = null;
    if (!lost || !this.stack.includes(lost.frame) || this.#risk(lost.call) === 'read') return;
    yield* this.#settle(lost.frame, lost.call, {
      kind: 'unknown',
      code: 'dialogue/broken-off',
      say: this.voice.words(BETWEEN.unknownOutcome),
    });
  }

  #risk(call: CallOp): string {
    const { tools } = this.desk.pack;
    return (Object.hasOwn(tools, call.tool) ? tools[call.tool]?.risk : undefined) ?? 'write';
  }

  // Other ways to go on

  *answer(question: string): Generator<DialogueAct, boolean, ActResult> {
    const found = this.#knowledge.ask(question);
    if (found) yield* this.voice.say('answer', found.text, found.source);
    else yield* this.voice.say('answer', this.voice.reply('unknownAnswer'));
    return found !== null;
  }

  /** Calls a person and leaves everything to them: no flow goes on behind their back. */
  *handOff(reason: string, urgent: boolean): Acts {
    const words = this.#handOffWords();
    yield* this.leaveAll();
    this.handedOver = true;
    // Where seconds count, the person is called before a word is said.
    if (urgent) yield { act: 'handOff', reason, urgent };
    yield* this.voice.say('handOff', words);
    if (!urgent) yield { act: 'handOff', reason, urgent };
  }

  *offerPerson(reason: string, lead = ''): Acts {
    this.waiting = { for: 'offer', reason };
    if (lead !== '') this.voice.lead(lead);
    yield* this.voice.say(
      'question',
      this.voice.words(reason === 'silence' ? BETWEEN.offerPersonAfterSilence : BETWEEN.offerPerson),
    );
  }

  *end(reason: string): Acts {
    this.ended = true;
    yield* this.withdraw();
    this.stack.length = 0;
    this.waiting = { for: 'open' };
    yield { act: 'end', reason };
  }

  /** Asks again what was asked, after something came in between. */
  *resume(): Acts {
    const { top, waiting } = this;
    if (this.pending) yield* this.confirm();
    else if (waiting.for === 'change')
      yield* this.voice.say('question', this.voice.words(BETWEEN.stillWhatToChange));
    else if (top) yield* this.run();
    else yield* this.voice.flush();
  }

  #handOffWords(): string {
    const { say } = this.desk.pack.desk.handOff;
    return this.voice.words(typeof say === 'string' ? [say] : say);
  }

  flow(name: string): FlowDeclaration | undefined {
    return Object.hasOwn(this.desk.pack.flows, name) ? this.desk.pack.flows[name] : undefined;
  }
}

function optionWords(frame: Frame, slot: string): readonly string[] {
  const options = Object.values(frame.declaration(slot)?.options ?? {});
  return options
    .map(([phrase]) => (phrase ?? '').replace(/\[[^\]]*\]/g, '').trim())
    .filter((words) => /^[\w' -]+$/.test(words));
}

function asProposal(result: ActResult, say: string): Proposal {
  if (result?.kind === 'ready' || result?.kind === 'confirm' || result?.kind === 'refused') return result;
  return { kind: 'refused', code: 'dialogue/no-answer', say };
}

function asOutcome(result: ActResult, say: string): CallOutcome {
  if (
    result &&
    (result.kind === 'ok' ||
      result.kind === 'refused' ||
      result.kind === 'failed' ||
      result.kind === 'unknown')
  )
    return result;
  return { kind: 'unknown', code: 'dialogue/no-answer', say };
}
