import type { ConsentDecision, ConsentReceipt } from './consent/receipt.ts';
import type { KeptReceipt } from './consent/receipts.ts';

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
  /** The further check before a call, and the member who made it: for the log. */
  readonly stepUp?: { readonly kind: 'code' | 'secondPerson'; readonly by: string };
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

/** A stretch of time from the beginning of a conversation. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Records one channel of a conversation. What it keeps is shown to nobody until it is screened. */
export interface SoundRecorder {
  /** Where the recording stands: milliseconds from the beginning of the conversation. */
  readonly positionMs: number;
  /** Mono, in [-1, 1], at the recorder's rate. Each full second is durable when the call returns. */
  write(samples: Float32Array): void;
  /** Keeps silence in the place of the sound until `resume`: on a step of the flow where payment data is said. */
  pause(): void;
  resume(): void;
  /** What was said until then has been understood: `mute` (with 250 ms on either side) becomes silence, the rest is kept. */
  screen(untilMs: number, mute: readonly Span[]): void;
  /** What was said since then (and before `untilMs`, where that is known) cannot be told apart: it is not kept at all. */
  dropFrom(sinceMs: number, untilMs?: number): void;
  /** Ends it. What was not screened by then is never shown. */
  close(): void;
}

/** A recording as it is heard again: the segments that were screened, 16-bit little-endian PCM. */
export interface RecordedChannel {
  readonly channel: 'person' | 'agent';
  readonly sampleRate: number;
  readonly segments: readonly {
    readonly startedMs: number;
    readonly durationMs: number;
    readonly sound: Buffer;
  }[];
}

/** Writes one conversation while it is held. Every write is durable when the call returns. */
export interface ConversationWriter {
  readonly id: string;
  /** `receipt`: the policy it was told under; then it leaves a receipt. */
  disclosed(disclosureId: string, wordingHash: string, at: number, receipt?: ConsentDecision): void;
  /** The person gave, refused or withdrew consent: one transaction with its receipt and its entry in the log. */
  decide(decision: ConsentDecision): ConsentReceipt;
  /**
   * Takes away what consent no longer covers, in every copy: the sound, or the words with it. The receipts stay. A legal
   * hold keeps it, which is in the log.
   */
  forget(what: 'sound' | 'words'): 'forgotten' | 'held';
  /** The guard found something in this conversation: codes and counts, no words. */
  finding(code: string, detail?: Readonly<Record<string, number | string>>): void;
  turn(turn: TurnRecord): void;
  toolCall(call: ToolCallRecord): void;
  /**
   * The conversation is about this subject: its key goes under theirs, so that it is forgotten with them.
   * Returns the subject's id.
   */
  about(reference: SubjectReference): string;
  /** Records a channel, where policy and consent allow it: the caller has made sure of both. */
  record(channel: 'person' | 'agent', sampleRate: number, startedMs?: number): SoundRecorder;
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
  /**
   * The recording of a conversation, for somebody who says why.
   * @throws SottoError `records/reason-missing`, `records/not-found`.
   */
  listen(reader: Reader, conversationId: string): readonly RecordedChannel[];
  /** Consent receipts in order: of one conversation, of a subject, or all. The look is itself recorded. */
  receipts(
    reader: Reader,
    of?: { readonly conversationId?: string; readonly subjectId?: string },
  ): readonly KeptReceipt[];
  /** Puts a conversation under a subject that became known later. Returns the subject's id. */
  putUnder(conversationId: string, reference: SubjectReference): string;
  /** Takes away all sound of a conversation, in every copy: consent was withdrawn. Returns how many segments. */
  forgetSound(conversationId: string): number;
  /** Makes the search index again from what is kept; returns how many turns are in it. */
  rebuildIndex(): number;
  /** Conversations that a crash left open: closes them, saying so. Returns how many. */
  closeAbandoned(at: number): number;
}
