import type { Clock } from '../../base/index.ts';
import { stepOfCode } from '../../identity/index.ts';
import type { StepUpPort, StepUpProof } from '../gateway.ts';
import type { PendingCall } from '../proposals.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { ToolLedger } from '../state/ledger.ts';

/** A step-up is for the call that is being confirmed now, not for one later. */
const GOOD_FOR_MS = 2 * 60_000;
const MOST_MISSES = 3;
/** Wrong codes count against the member this long, over all proposals and restarts. */
const MISSES_COUNT_MS = 15 * 60_000;
const SHORTEST_KEY_BYTES = 16;

/** Who stepped a call up, and how. */
export interface SteppedUp {
  readonly by: 'code' | 'secondPerson';
  readonly memberId: string;
  readonly at: number;
}

/**
 * The further check before some calls: a one-time code of the member who is signed in, or the approval of another
 * member. Codes are compared here and forgotten: none is ever kept, journalled or logged.
 */
export class StepUps {
  readonly #port: StepUpPort | null;
  readonly #ledger: ToolLedger;
  readonly #clock: Clock;
  readonly #given = new WeakMap<PendingCall, SteppedUp>();

  constructor(port: StepUpPort | null, ledger: ToolLedger, clock: Clock) {
    this.#port = port;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Why a tool with a step-up cannot be proposed at all, or null. */
  impossible(memberId: string | null): Refusal | null {
    if (this.#port === null)
      return refusal('step-up', 'That needs a further check that this desk cannot make.');
    if (memberId === null) return refusal('step-up', 'That needs somebody who is signed in at this desk.');
    return null;
  }

  /** Takes a proof for a call, or says why it proves nothing. */
  prove(call: PendingCall, proof: StepUpProof): SteppedUp | Refusal {
    const no = this.impossible(call.memberId);
    if (no || this.#port === null || call.memberId === null) return no ?? wrongKind();
    if (call.stepUp !== proof.kind) return wrongKind();
    const refused =
      proof.kind === 'code'
        ? this.#refuseCode(this.#port, call.memberId, proof)
        : this.#refusePerson(this.#port, call, proof.memberId);
    if (refused) return refused;
    const given = { by: proof.kind, memberId: proof.memberId, at: this.#ledger.now() };
    this.#given.set(call, given);
    return given;
  }

  /** The step-up that stands for a call now; a refusal when it needs one and has none. */
  of(call: PendingCall): SteppedUp | Refusal | null {
    if (call.stepUp === 'none') return null;
    const given = this.#given.get(call);
    if (!given)
      return refusal(
        'step-up-needed',
        call.stepUp === 'code'
          ? 'I need your one-time code on the screen before I do that.'
          : 'I need a second person to approve that on the screen.',
      );
    if (this.#ledger.now() - given.at > GOOD_FOR_MS)
      return refusal('step-up-old', 'The further check was too long ago. Please make it again.');
    // Roles can be taken away between the approval and the call.
    const no =
      given.by === 'secondPerson' && this.#port ? this.#refusePerson(this.#port, call, given.memberId) : null;
    return no ?? given;
  }

  #refuseCode(
    port: StepUpPort,
    memberId: string,
    proof: Extract<StepUpProof, { kind: 'code' }>,
  ): Refusal | null {
    if (proof.memberId !== memberId)
      return refusal('step-up-member', 'The code must be that of the person signed in at this desk.');
    const key = port.codeKey(memberId);
    if (key === null || key.length < SHORTEST_KEY_BYTES)
      return refusal('step-up-not-enrolled', 'There is no one-time code set up for you yet.');
    return this.#ledger.store.transaction(() => this.#judgeCode(memberId, key, proof.code));
  }

  #judgeCode(memberId: string, key: Uint8Array, code: string): Refusal | null {
    const { db } = this.#ledger.store;
    const now = this.#ledger.now();
    db.prepare('DELETE FROM tool_code_misses WHERE at <= ?').run(now - MISSES_COUNT_MS);
    if (this.#misses(memberId) >= MOST_MISSES) return locked();
    const step = stepOfCode(key, code, this.#clock.now());
    const used =
      db
        .prepare<[string], number>('SELECT used_step FROM tool_codes WHERE member_id = ?')
        .pluck()
        .get(memberId) ?? -1;
    if (step !== null && step > used) {
      db.prepare(
        `INSERT INTO tool_codes VALUES (?, ?) ON CONFLICT (member_id) DO UPDATE SET used_step = excluded.used_step`,
      ).run(memberId, step);
      db.prepare('DELETE FROM tool_code_misses WHERE member_id = ?').run(memberId);
      return null;
    }
    db.prepare('INSERT INTO tool_code_misses VALUES (?, ?)').run(memberId, now);
    if (this.#misses(memberId) >= MOST_MISSES) return locked();
    return step === null
      ? refusal('step-up-wrong', 'That code is not right.')
      : refusal('step-up-replayed', 'That code was used before. Please wait for the next one.');
  }

  #misses(memberId: string): number {
    return (
      this.#ledger.store.db
        .prepare<[string], number>('SELECT count(*) FROM tool_code_misses WHERE member_id = ?')
        .pluck()
        .get(memberId) ?? 0
    );
  }

  #refusePerson(port: StepUpPort, call: PendingCall, memberId: string): Refusal | null {
    if (memberId === call.memberId)
      return refusal('step-up-same-person', 'A second person has to approve that, not the same one.');
    const roles = port.rolesOf(memberId);
    if (!call.stepUpRoles.some((role) => roles.includes(role)))
      return refusal('step-up-role', 'That person may not approve this.');
    return null;
  }
}

function locked(): Refusal {
  return refusal('step-up-locked', 'Too many codes were wrong. Please try again later.');
}

function wrongKind(): Refusal {
  return refusal('step-up-kind', 'That is not the further check that this needs.');
}
