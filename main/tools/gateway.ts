import type { Json } from '../base/index.ts';

/** Who stands behind a call: a conversation at a desk, with the member signed in there. */
export interface CallContext {
  readonly conversationId: string;
  /** Counts the person's utterances, from 1. */
  readonly turn: number;
  readonly memberId: string | null;
  readonly roles: readonly string[];
  /** Aborts what only reads; what changes the world is seen to its end. */
  readonly signal: AbortSignal;
  /**
   * Writes each step of a call to the record and the log, before anything comes of it. Throws when it cannot be
   * written: then the proposal is refused and the call does not go out. (An answer is given all the same: what
   * happened has happened.)
   */
  readonly journal: (step: GatewayEvent) => void;
}

/** How a proposal was approved. Voice and typed answers come from a later turn than the proposal. */
export interface Approval {
  readonly by: 'voice' | 'typed' | 'screen';
  readonly turn: number;
  /** 0..1; below the gateway's floor a spoken yes is not enough. */
  readonly confidence: number;
}

/** The further check that a tool asks for: a one-time code of the member signed in, or a second member. */
export type StepUpKind = 'none' | 'code' | 'secondPerson';

/** A proof as the window took it in. `memberId` is who is signed in there: the same member for a code, another else. */
export type StepUpProof =
  | { readonly kind: 'code'; readonly memberId: string; readonly code: string }
  | { readonly kind: 'secondPerson'; readonly memberId: string };

/** What the gateway needs to know of members to check a step-up. Without it every tool that asks for one is refused. */
export interface StepUpPort {
  /** The key of a member's one-time codes (RFC 6238, 16 bytes or more), from the vault; null when none is set up. */
  codeKey(memberId: string): Uint8Array | null;
  /** The roles that a member has now; none when there is no such member or it is locked. */
  rolesOf(memberId: string): readonly string[];
}

/** A call that went out and of which nobody can say whether it was carried out. */
export interface UnresolvedCall {
  readonly proposalId: string;
  readonly deskId: string;
  readonly conversationId: string;
  readonly tool: string;
  readonly risk: 'read' | 'write' | 'money' | 'clinical';
  readonly calledAt: number;
  readonly code: string;
  /** Fit for the person. */
  readonly say: string;
}

export type Proposal =
  /** Needs no confirmation: execute at once. */
  | { readonly kind: 'ready'; readonly proposalId: string }
  /** Say `text`, expect yes or no. */
  | {
      readonly kind: 'confirm';
      readonly proposalId: string;
      readonly text: string;
      readonly onScreenOnly: boolean;
      /** What the yes alone does not suffice for: `stepUp` takes the proof, then `execute`. */
      readonly stepUp?: StepUpKind;
    }
  /** The gateway will not do it; `say` is fit for the person. */
  | { readonly kind: 'refused'; readonly code: string; readonly say: string };

export type CallOutcome =
  | { readonly kind: 'ok'; readonly result: Json }
  | { readonly kind: 'refused'; readonly code: string; readonly say: string }
  /** Nothing happened. */
  | { readonly kind: 'failed'; readonly code: string; readonly say: string }
  /** It may or may not have happened; say so. */
  | { readonly kind: 'unknown'; readonly code: string; readonly say: string };

/** One step of a call, for the record, the log and the screen. Arguments are masked where declared sensitive. */
export type GatewayEvent =
  | {
      readonly event: 'proposed';
      readonly proposalId: string;
      readonly tool: string;
      readonly risk: string;
      readonly text: string;
      readonly needs: 'none' | 'spoken' | 'screen';
      readonly stepUp?: StepUpKind;
    }
  /** `proposalId` null: it was refused before there was a proposal. */
  | {
      readonly event: 'refused';
      readonly proposalId: string | null;
      readonly tool: string;
      readonly code: string;
    }
  | { readonly event: 'withdrawn'; readonly proposalId: string; readonly tool: string }
  /** The further check was made: with a yes it can be carried out. */
  | { readonly event: 'steppedUp'; readonly proposalId: string; readonly tool: string }
  | {
      readonly event: 'called';
      readonly proposalId: string;
      readonly tool: string;
      readonly risk: string;
      /** Who said yes; `none` where none was needed. */
      readonly approvedBy: 'none' | Approval['by'];
      readonly stepUp?: StepUpKind;
      /** The member who made the step-up; null where none was needed. */
      readonly stepUpBy?: string | null;
      readonly argumentsHash: string;
    }
  | {
      readonly event: 'answered';
      readonly proposalId: string;
      readonly tool: string;
      readonly outcome: 'ok' | 'refused' | 'failed' | 'unknown';
      readonly code: string | null;
      readonly tookMs: number;
    };

/**
 * The one door to every tool. A call is proposed, approved where the pack asks for it, and executed with a
 * capability minted for exactly these arguments. What the pack does not declare does not exist.
 */
export interface ToolGateway {
  propose(tool: string, callArguments: Readonly<Record<string, Json>>, context: CallContext): Proposal;
  /** `approval` is null for what is `ready` without one. */
  execute(proposalId: string, approval: Approval | null, context: CallContext): Promise<CallOutcome>;
  withdraw(proposalId: string): void;
  /** Takes the proof for a proposal that waits for one; it is good for two minutes and for this proposal alone. */
  stepUp(
    proposalId: string,
    proof: StepUpProof,
  ): { readonly kind: 'ok' } | { readonly kind: 'refused'; readonly code: string; readonly say: string };
  /** The conversation is over: what it proposed is void, and nothing more is done for it. */
  endConversation(conversationId: string): void;
  /** Calls of this vault that nobody can vouch for, until somebody looked (`ToolLedger.resolve`). */
  unresolved(): readonly UnresolvedCall[];
  onEvent(
    listener: (event: GatewayEvent & { readonly conversationId: string; readonly at: number }) => void,
  ): () => void;
  /** Servers and whether they answer, for the doctor. */
  health(): Promise<
    readonly {
      readonly server: string;
      readonly ok: boolean;
      readonly message: string;
      readonly remedy?: string;
    }[]
  >;
  close(): Promise<void>;
}
