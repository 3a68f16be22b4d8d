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
  /** Whom it is about, where that became known. */
  readonly subjectId: string | null;
}

/** What a subject is known by at the site: a customer number, a date of birth with a telephone number. */
export interface SubjectReference {
  /** What it is, as the pack names it: `customer`. */
  readonly kind: string;
  readonly value: string;
}

/** A turn that a search found. */
export interface SearchHit {
  readonly conversation: ConversationRecord;
  readonly turn: TurnRecord;
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
  /** `own`: the conversations that this member held, and no others. Absent: all. */
  readonly sees?: 'own' | 'all';
}

/** Writes one conversation while it is held. Every write is durable when the call returns. */
export interface ConversationWriter {
  readonly id: string;
  disclosed(disclosureId: string, wordingHash: string, at: number): void;
  turn(turn: TurnRecord): void;
  toolCall(call: ToolCallRecord): void;
  /**
   * The conversation is about this subject: its key goes under theirs, so that it is forgotten with them.
   * Returns the subject's id.
   */
  about(reference: SubjectReference): string;
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
  /** @throws SottoError `records/not-found`: there is none, or not for this reader. */
  read(
    reader: Reader,
    conversationId: string,
  ): {
    readonly conversation: ConversationRecord;
    readonly turns: readonly TurnRecord[];
    readonly toolCalls: readonly ToolCallRecord[];
  };
  /**
   * Turns that hold all of these words (or their other forms), the newest first; the search is itself recorded.
   * @throws SottoError `records/empty-search`.
   */
  search(reader: Reader, words: string, options?: { readonly limit?: number }): readonly SearchHit[];
  /** Makes the search index again from what is kept; returns how many turns are in it. */
  rebuildIndex(): number;
  /** Conversations that a crash left open: closes them, saying so. Returns how many. */
  closeAbandoned(at: number): number;
}
