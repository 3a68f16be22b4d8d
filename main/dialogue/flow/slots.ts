import type { Clock } from '../../base/index.ts';
import type { DeskPack } from '../pack/pack.ts';
import type { FlowDeclaration, SlotDeclaration } from '../pack/schema.ts';
import type { Frame, SlotValue } from './frame.ts';

/** Whether a value must be read back before it is used. */
export function needsReadBack(slot: SlotDeclaration, value: SlotValue, confirmBelow: number): boolean {
  return !value.confirmed && (slot.confirm || value.confidence < confirmBelow);
}

/** How long a sensitive value may be used again without being asked for, milliseconds. */
const SENSITIVE_FOR_MS = 10 * 60_000;

interface Remembered {
  readonly value: SlotValue;
  readonly from: string;
  readonly type: string;
  /** `Clock.monotonicMs` when it was told. */
  readonly toldMs: number;
}

/** What the conversation was told, for later flows that ask for the same thing. */
export class Memory {
  readonly #pack: DeskPack;
  readonly #clock: Clock;
  readonly #known = new Map<string, Remembered>();

  constructor(pack: DeskPack, clock: Clock) {
    this.#pack = pack;
    this.#clock = clock;
  }

  remember(flow: FlowDeclaration, slot: string, value: SlotValue): void {
    const declaration = flow.slots[slot];
    if (!declaration?.remember) return;
    const toldMs = this.#clock.monotonicMs();
    this.#known.set(slot, { value, from: flow.flow, type: declaration.type, toldMs });
  }

  forget(slot: string): void {
    this.#known.delete(slot);
  }

  /**
   * A value given to another flow under the same name and type. The same flow a second time asks again for what is
   * its own (a second transfer has another amount) and keeps only what other flows ask for too (who the person is).
   */
  recall(flow: FlowDeclaration, slot: string): SlotValue | null {
    const declaration = flow.slots[slot];
    const known = this.#known.get(slot);
    if (!declaration?.remember || !known || known.type !== declaration.type) return null;
    if (declaration.sensitive && this.#clock.monotonicMs() - known.toldMs > SENSITIVE_FOR_MS) {
      this.#known.delete(slot);
      return null;
    }
    if (declaration.options && !Object.hasOwn(declaration.options, known.value.value)) return null;
    return known.from === flow.flow && !this.#isShared(flow, slot) ? null : known.value;
  }

  #isShared(flow: FlowDeclaration, slot: string): boolean {
    return Object.values(this.#pack.flows).some(
      (other) => other.flow !== flow.flow && Object.hasOwn(other.slots, slot) && other.slots[slot]?.remember,
    );
  }
}

/** Which slot a correction without a name means: the one asked, else the one given last, that can hold the value. */
export function slotForCorrection(frame: Frame, value: string, asked: string | null): string | null {
  const given = [...frame.slots.keys()].reverse();
  const candidates = asked === null ? given : [asked, ...given];
  return candidates.find((slot) => canHold(frame.declaration(slot), value)) ?? null;
}

function canHold(slot: SlotDeclaration | undefined, value: string): boolean {
  if (!slot) return false;
  const [kind] = slot.type.split('(');
  switch (kind) {
    case 'amount':
      return /^\d+(\.\d+)?$/.test(value);
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value);
    case 'time':
      return /^\d\d:\d\d$/.test(value);
    case 'digits':
      return fitsDigits(slot.type, value);
    case 'phone':
      return /^\+?\d{5,}$/.test(value);
    case 'choice':
      return Object.hasOwn(slot.options ?? {}, value);
    case 'yesNo':
      return value === 'yes' || value === 'no';
    default:
      return !/^\d/.test(value);
  }
}

function fitsDigits(type: string, value: string): boolean {
  if (!/^\d+$/.test(value)) return false;
  const [least, most] = (/\((\d+)(?:-(\d+))?\)/.exec(type) ?? []).slice(1);
  if (least === undefined) return true;
  return value.length >= Number(least) && value.length <= Number(most ?? least);
}
