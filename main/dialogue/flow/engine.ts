import type { Clock } from '../../base/index.ts';
import type { ActResult, DialogueAct, LastFlow } from '../acts.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import type { FlowDeclaration } from '../pack/schema.ts';
import { collect, reject } from './asking.ts';
import { holds } from './condition.ts';
import { fillWording } from './fill.ts';
import { Frame } from './frame.ts';
import type { CallOp, Op, StepPlace } from './program.ts';
import type { Memory } from './slots.ts';
import { call, confirm } from './tool-calls.ts';
import { type Acts, Voice } from './voice.ts';
import { answer, end, handOff, offerPerson } from './ways-out.ts';
import { BETWEEN } from './wordings.ts';

/** What an answer is awaited for. */
export type Waiting =
  | { readonly for: 'open' }
  /** "Is there anything else?" was asked. */
  | { readonly for: 'more' }
  /** "Do you want … or …?" was asked. */
  | { readonly for: 'which'; readonly flows: readonly string[] }
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
  /** What a yes alone does not suffice for. */
  readonly stepUp: 'none' | 'code' | 'secondPerson';
  /** The further check was made on the screen. */
  readonly proven: boolean;
  /** The yes that waits for it; times by `Clock.monotonicMs`. */
  readonly agreed: {
    readonly by: 'voice' | 'typed' | 'screen';
    readonly confidence: number;
    readonly atMs: number;
    readonly remindedMs: number;
  } | null;
}

/** A step that was gone through, and how it came out: which branch, whether a value passed its check. */
export type StepTaken = {
  readonly place: StepPlace;
  readonly outcome: 'done' | 'then' | 'else' | 'rejected';
};

export interface EngineParts {
  readonly desk: CompiledDesk;
  readonly knowledge: Knowledge;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly choose: (wordings: readonly string[]) => string;
  readonly onStep: (step: StepTaken) => void;
}

const MAX_STACK = 5;
/** Steps in one turn. Flows go forward only, but may start one another in a ring. */
const MAX_STEPS = 300;

/** The machine under the dialogue: the stack of flows, run step by step until something must be asked. */
export class FlowEngine {
  readonly desk: CompiledDesk;
  readonly stack: Frame[] = [];
  readonly memory: Memory;
  readonly knowledge: Knowledge;
  readonly clock: Clock;
  readonly voice: Voice;
  readonly #onStep: (step: StepTaken) => void;
  waiting: Waiting = { for: 'open' };
  /** When the present question was asked for the first time, `Clock.monotonicMs`. */
  waitingSinceMs = 0;
  pending: Pending | null = null;
  /** A tool that was told to act and has not answered yet: set still when the turn was broken off. */
  inFlight: { readonly frame: Frame; readonly call: CallOp } | null = null;
  /** What was carried to its end last. */
  last: LastFlow | null = null;
  turn = 0;
  ended = false;
  /** A person was called; the agent does not press on. */
  handedOver = false;
  /** Answers to the present question that did not help. */
  failures = 0;

  constructor({ desk, knowledge, memory, clock, choose, onStep }: EngineParts) {
    this.desk = desk;
    this.memory = memory;
    this.knowledge = knowledge;
    this.clock = clock;
    this.#onStep = onStep;
    this.voice = new Voice(desk, choose, () => this.top);
  }

  get top(): Frame | null {
    return this.stack.at(-1) ?? null;
  }

  flow(name: string): FlowDeclaration | undefined {
    const { flows } = this.desk.pack;
    return Object.hasOwn(flows, name) ? flows[name] : undefined;
  }

  // The stack

  /** Puts a flow on top; one that is already on the stack comes up instead. */
  *enter(name: string, question: string): Acts {
    const flow = this.flow(name);
    if (!flow) return;
    const there = this.stack.findIndex((frame) => frame.flow.flow === name);
    if (there >= 0 && there === this.stack.length - 1) return;
    yield* this.withdraw();
    if (there >= 0) {
      this.stack.length = there + 1;
      return;
    }
    const below = this.top;
    if (below) below.comesBack = 'interrupted';
    if (this.stack.length >= MAX_STACK) this.stack.shift();
    this.stack.push(this.#frame(flow, question));
    this.failures = 0;
  }

  /** Puts a flow right under the one on top, to come after it. Null when it is there already, or there is no room. */
  queue(name: string, question: string): Frame | null {
    const flow = this.flow(name);
    const full = this.stack.length === 0 || this.stack.length >= MAX_STACK;
    if (!flow || full || this.stack.some((frame) => frame.flow.flow === name)) return null;
    const frame = this.#frame(flow, question);
    frame.comesBack = 'queued';
    this.stack.splice(-1, 0, frame);
    return frame;
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

  /** Something is asked: the clock of the question runs on where it is the same as before. */
  waitFor(waiting: Waiting): void {
    if (JSON.stringify(waiting) !== JSON.stringify(this.waiting))
      this.waitingSinceMs = this.clock.monotonicMs();
    this.waiting = waiting;
  }

  // Running

  /** Goes on until something must be asked, or nothing is left to do. */
  *run(): Acts {
    for (let steps = 0; !this.ended; steps++) {
      const frame = this.top;
      if (!frame) break;
      if (steps >= MAX_STEPS) {
        yield* this.leaveAll();
        yield* offerPerson(this, 'fault', this.voice.reply('fault'));
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
        this.#taken(op, 'done');
        if (yield* collect(this, frame, op.slots, true)) return true;
        frame.next();
        return false;
      case 'call':
        this.#taken(op, 'done');
        return yield* call(this, frame, op);
      case 'check': {
        const passed = holds(op.condition, (path) => frame.lookup(path));
        this.#taken(op, passed ? 'done' : 'rejected');
        if (!passed) return yield* reject(this, frame, op);
        frame.next();
        return false;
      }
      case 'unless': {
        const yes = holds(op.condition, (path) => frame.lookup(path));
        this.#taken(op, yes ? 'then' : 'else');
        frame.goTo(yes ? frame.at + 1 : op.to);
        return false;
      }
      case 'jump':
        frame.goTo(op.to);
        return false;
      case 'forget':
        this.#taken(op, 'done');
        for (const slot of op.slots) this.forget(frame, slot);
        frame.next();
        return false;
      case 'start':
        this.#taken(op, 'done');
        this.#continueWith(frame, op.flow);
        return false;
      default:
        this.#taken(op, 'done');
        // Before the words, so that an interruption does not say them twice.
        frame.next();
        yield* this.#speak(frame, op);
        return false;
    }
  }

  *#speak(frame: Frame, op: Extract<Op, { op: 'say' | 'answer' | 'handOff' | 'end' }>): Acts {
    if (op.op === 'say') yield* this.voice.say('answer', this.voice.words(op.wordings));
    else if (op.op === 'answer') yield* answer(this, fillWording(this.desk, frame, op.question));
    else if (op.op === 'handOff')
      yield* handOff(this, fillWording(this.desk, frame, op.reason), op.urgent ?? frame.flow.takesOver);
    else yield* end(this, fillWording(this.desk, frame, op.reason));
  }

  #continueWith(frame: Frame, name: string): void {
    const flow = this.flow(name);
    this.stack.pop();
    if (!flow) return;
    const next = this.#frame(flow, frame.question);
    for (const [slot, value] of frame.slots)
      if (next.declaration(slot)?.type === frame.declaration(slot)?.type) next.slots.set(slot, value);
    this.stack.push(next);
  }

  /** A flow is over: back to the one below, or ask for more. Always goes on, or has asked. */
  *#finish(): Generator<DialogueAct, boolean, ActResult> {
    const done = this.stack.pop();
    if (done) this.last = done.dropped ? null : { flow: done.flow.flow, slots: done.shown() };
    this.failures = 0;
    const below = this.top;
    if (below) {
      const what = below.flow.description;
      this.voice.lead(
        this.voice.words(below.comesBack === 'interrupted' ? BETWEEN.back : BETWEEN.next, { what }),
      );
      below.begin(this.clock.monotonicMs());
      return false;
    }
    this.waiting = { for: 'more' };
    yield* this.voice.say('question', this.voice.reply('anythingElse'));
    return true;
  }

  #frame(flow: FlowDeclaration, question: string): Frame {
    const frame = new Frame(flow, question, this.desk.pack.flows);
    frame.begin(this.clock.monotonicMs());
    return frame;
  }

  #taken({ place }: Op, outcome: StepTaken['outcome']): void {
    if (place) this.#onStep({ place, outcome });
  }

  forget(frame: Frame, slot: string): void {
    frame.slots.delete(slot);
    frame.saidOnce.delete(slot);
    this.memory.forget(slot);
  }

  /** Asks again what was asked, after something came in between. */
  *resume(): Acts {
    const { top, waiting } = this;
    if (this.pending) yield* confirm(this);
    else if (waiting.for === 'change')
      yield* this.voice.say('question', this.voice.words(BETWEEN.stillWhatToChange));
    else if (top) yield* this.run();
    else yield* this.voice.flush();
  }
}
