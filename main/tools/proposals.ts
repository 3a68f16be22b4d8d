import type { Json } from '../base/index.ts';
import type { CallContext, StepUpKind } from './gateway.ts';

/** A call that was put to the gateway and waits to be carried out. Its arguments can no longer change. */
export interface PendingCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, Json>>;
  readonly conversationId: string;
  /** Who was signed in when it was proposed. */
  readonly memberId: string | null;
  readonly risk: string;
  readonly stepUp: StepUpKind;
  readonly stepUpRoles: readonly string[];
  readonly turn: number;
  readonly needs: 'none' | 'spoken' | 'screen';
  readonly at: number;
  /** Of the conversation that proposed it: a withdrawal has no other. */
  readonly journal: CallContext['journal'];
}

/** What was proposed so long ago is no longer what the person has in mind. */
const LIFE_MS = 5 * 60_000;
/** In one conversation; the oldest gives way. */
const MAX_PENDING = 4;

/** The calls that wait, by id. Each can be taken once. */
export class Proposals {
  readonly #pending = new Map<string, PendingCall>();

  /**
   * Keeps a proposal and returns those that it makes void: an earlier one for the same tool, one that waits for a
   * yes when this one does too (a yes must have one meaning), and what is too old or too much.
   */
  add(call: PendingCall): readonly PendingCall[] {
    const others = [...this.#pending.values()].filter((one) => one.conversationId === call.conversationId);
    const replaced = others.filter(
      (one) => one.name === call.name || (one.needs !== 'none' && call.needs !== 'none'),
    );
    const rest = others.filter((one) => !replaced.includes(one));
    const crowded = rest.slice(0, Math.max(0, rest.length - MAX_PENDING + 1));
    const old = [...this.#pending.values()].filter((one) => call.at - one.at > LIFE_MS);
    const voided = [...new Set([...replaced, ...crowded, ...old])];
    for (const one of voided) this.#pending.delete(one.id);
    this.#pending.set(call.id, call);
    return voided;
  }

  find(id: string): PendingCall | undefined {
    return this.#pending.get(id);
  }

  /** Takes it out: from here on the id means nothing. */
  take(id: string): PendingCall | undefined {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    return call;
  }

  /** Takes out all that `which` names. */
  takeAll(which: (call: PendingCall) => boolean): readonly PendingCall[] {
    const taken = [...this.#pending.values()].filter(which);
    for (const { id } of taken) this.#pending.delete(id);
    return taken;
  }

  isOld(call: PendingCall, now: number): boolean {
    return now - call.at > LIFE_MS;
  }

  clear(): void {
    this.#pending.clear();
  }
}
