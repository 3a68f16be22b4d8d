/**
 * Everything that can be seen of a live conversation, in order, with its time. Screens, the command line and the
 * record are fed by these and by nothing else. `text` of finals and replies is
 * what was said, but for answers that the pack declares sensitive, which are withheld from every screen. The record
 * masks further before it is written.
 */
export type AgentState = 'listening' | 'hearing' | 'thinking' | 'speaking' | 'paused' | 'ended';

export type ConversationEvent = {
  readonly at: number;
  readonly conversationId: string;
  readonly turn: number;
} & (
  | { readonly type: 'state'; readonly state: AgentState }
  /** About ten a second while sound comes in. */
  | { readonly type: 'level'; readonly rmsDb: number; readonly peakDb: number; readonly clipped: boolean }
  | { readonly type: 'partial'; readonly text: string }
  | {
      readonly type: 'final';
      readonly text: string;
      readonly via: 'voice' | 'typed';
      readonly confidence: number;
      readonly inGrammar: boolean;
    }
  | {
      readonly type: 'understood';
      readonly inScope: boolean;
      readonly flow: string | null;
      readonly slots: Readonly<Record<string, string>>;
      readonly confidence: number;
    }
  /** The flow under way and what it has collected. */
  | { readonly type: 'flow'; readonly flow: string | null; readonly slots: Readonly<Record<string, string>> }
  | {
      readonly type: 'toolProposed';
      readonly proposalId: string;
      readonly tool: string;
      readonly risk: string;
      readonly text: string;
      readonly needs: 'none' | 'spoken' | 'screen';
      /** The further check without which a yes is not enough. */
      readonly stepUp?: 'none' | 'code' | 'secondPerson';
    }
  | { readonly type: 'toolWithdrawn'; readonly proposalId: string; readonly tool: string }
  | { readonly type: 'toolCalled'; readonly proposalId: string; readonly tool: string; readonly risk: string }
  | {
      readonly type: 'toolAnswered';
      readonly proposalId: string;
      readonly tool: string;
      readonly outcome: 'ok' | 'refused' | 'failed' | 'unknown';
      readonly code: string | null;
      readonly tookMs: number;
    }
  | {
      readonly type: 'reply';
      readonly kind: string;
      readonly text: string;
      readonly source: {
        readonly title: string;
        readonly file: string;
        readonly heading?: string;
        readonly page?: number;
      } | null;
    }
  /** The reply as far as the person heard it, when it ended or was interrupted. */
  | { readonly type: 'heard'; readonly text: string; readonly interrupted: boolean }
  | { readonly type: 'handOff'; readonly reason: string; readonly to: string; readonly urgent: boolean }
  /** Something the person should know: level too low, clipped, engine restarted, device lost. */
  | { readonly type: 'notice'; readonly code: string; readonly message: string }
  /** Where the time of the turn went, milliseconds from the end of speech (null for typed turns). */
  | {
      readonly type: 'timing';
      readonly endpointMs: number | null;
      readonly finalMs: number | null;
      readonly replyMs: number;
      readonly firstAudioMs: number | null;
    }
  | { readonly type: 'ended'; readonly reason: string }
);
