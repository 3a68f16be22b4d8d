/** A conversation as kept. */
export interface ConversationRecord {
  readonly id: string;
  readonly deskId: string;
  readonly packHash: string;
  readonly memberId: string | null;
  readonly carrier: 'wav' | 'device' | 'webrtc' | 'typed';
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly turns: number;
}

/** One utterance as kept: masked before it is written; of the agent's words, only what was heard. */
export interface TurnRecord {
  readonly turn: number;
  readonly speaker: 'person' | 'agent';
  readonly at: number;
  readonly text: string;
  readonly flow: string | null;
  readonly confidence: number | null;
  readonly interrupted: boolean;
}

export interface ToolCallRecord {
  readonly proposalId: string;
  readonly turn: number;
  readonly at: number;
  readonly tool: string;
  readonly risk: string;
  readonly approvedBy: 'none' | 'voice' | 'typed' | 'screen' | null;
  readonly outcome: 'proposed' | 'withdrawn' | 'called' | 'ok' | 'refused' | 'failed' | 'unknown';
  readonly code: string | null;
}

/** Who reads, and why: every read is itself recorded. */
export interface Reader {
  readonly memberId: string;
  readonly reason?: string;
}

/** Writes one conversation while it is held. Every write is durable when the call returns. */
export interface ConversationWriter {
  readonly id: string;
  disclosed(disclosureId: string, wordingHash: string, at: number): void;
  turn(turn: TurnRecord): void;
  toolCall(call: ToolCallRecord): void;
  /** Idempotent. */
  end(reason: string, at: number): void;
}

export interface Records {
  begin(
    conversation: Pick<
      ConversationRecord,
      'id' | 'deskId' | 'packHash' | 'memberId' | 'carrier' | 'startedAt'
    >,
  ): ConversationWriter;
  list(
    reader: Reader,
    options?: { readonly limit?: number; readonly before?: number },
  ): readonly ConversationRecord[];
  /** @throws SottoError `records/not-found`. */
  read(
    reader: Reader,
    conversationId: string,
  ): {
    readonly conversation: ConversationRecord;
    readonly turns: readonly TurnRecord[];
    readonly toolCalls: readonly ToolCallRecord[];
  };
  /** Conversations that a crash left open: closes them, saying so. Returns how many. */
  closeAbandoned(at: number): number;
}
