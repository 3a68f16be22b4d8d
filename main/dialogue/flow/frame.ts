import type { Json } from '../../base/index.ts';
import type { FlowDeclaration, SlotDeclaration } from '../pack/schema.ts';
import type { Flows } from '../pack/sub-flows.ts';
import { type Op, programOf, slotsReadBy } from './program.ts';

/** A slot's value, as heard. */
export interface SlotValue {
  readonly value: string;
  /** 0..1. */
  readonly confidence: number;
  /** The person said yes to it, or said it twice. */
  readonly confirmed: boolean;
}

/** One flow under way: where it stands, what it was told and what its tools answered. */
export class Frame {
  readonly flow: FlowDeclaration;
  /** What was said to start it. */
  readonly question: string;
  readonly program: readonly Op[];
  readonly slots = new Map<string, SlotValue>();
  readonly saves = new Map<string, Json>();
  /** A sensitive value said once, waiting to be said again. */
  readonly saidOnce = new Map<string, string>();
  at = 0;
  /** How often a value for a slot did not pass its check. */
  readonly rejected = new Map<string, number>();
  /** Why it lies under another flow; coming to it is worth a word. */
  comesBack: 'interrupted' | 'queued' | null = null;
  /** Queued, and the person was told. */
  announced = false;
  dropped = false;
  /** When it began or was come back to, `Clock.monotonicMs`. */
  begunMs = 0;
  /** Steps gone through, in order; those that changed the world are never gone through again. */
  #trace: number[] = [];

  constructor(flow: FlowDeclaration, question: string, flows: Flows) {
    this.flow = flow;
    this.question = question;
    this.program = programOf(flow, flows);
  }

  get op(): Op | undefined {
    return this.program[this.at];
  }

  declares(slot: string): boolean {
    return Object.hasOwn(this.flow.slots, slot);
  }

  declaration(slot: string): SlotDeclaration | undefined {
    return this.declares(slot) ? this.flow.slots[slot] : undefined;
  }

  /** The slots of the steps gone through, the last first. */
  get lastCollected(): string | null {
    for (const at of [this.at, ...this.#trace.toReversed()]) {
      const op = this.program[at];
      const slot = op?.op === 'collect' ? op.slots.findLast((name) => this.slots.has(name)) : undefined;
      if (slot !== undefined) return slot;
    }
    return null;
  }

  /** It comes to the top of the stack. */
  begin(nowMs: number): void {
    this.begunMs = nowMs;
    this.comesBack = null;
  }

  /** The person gave it up: it goes to its end at once, and nothing follows on from it. */
  drop(): void {
    this.dropped = true;
    this.goTo(this.program.length);
  }

  /** Its values by slot, without those that are never shown. */
  shown(): Readonly<Record<string, string>> {
    const slots = [...this.slots].filter(([slot]) => this.declaration(slot)?.sensitive === false);
    return Object.fromEntries(slots.map(([slot, { value }]) => [slot, value]));
  }

  goTo(at: number): void {
    this.#trace.push(this.at);
    this.at = at;
  }

  next(): void {
    this.goTo(this.at + 1);
  }

  /** A step changed the world: corrections do not go back before it. */
  seal(): void {
    this.#trace = [];
  }

  /** Back to the first step that read the slot, so that everything that hung on the old value is done anew. */
  rewindTo(slot: string): void {
    const index = this.#trace.findIndex((at) => {
      const op = this.program[at];
      return op !== undefined && slotsReadBy(op).includes(slot);
    });
    const at = this.#trace[index];
    if (at === undefined) return;
    this.#trace = this.#trace.slice(0, index);
    this.at = at;
  }

  /** The value of a path: a slot's text, or a part of a saved result. */
  lookup(path: readonly string[]): Json | undefined {
    const [head = '', ...rest] = path;
    const slot = this.slots.get(head);
    if (slot && rest.length === 0) return slot.value;
    let value: Json | undefined = this.saves.get(head);
    for (const step of rest) value = partOf(value, step);
    return value;
  }
}

function partOf(value: Json | undefined, step: string): Json | undefined {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<string, Json>>)[step];
}
