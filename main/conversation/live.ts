import type { ClientTrace } from '../guard/index.ts';
import type { ConversationEvent } from './events.ts';

/** How the person's turn is delimited: by the ears alone, or by a key held down. */
export type TalkMode = 'handsFree' | 'pushToTalk';

/** A conversation that is being held. */
export interface LiveConversation {
  readonly id: string;
  /** All events so far (the last few hundred) and then those that come; ends after `ended`. Many consumers. */
  events(): AsyncIterable<ConversationEvent>;
  onEvent(listener: (event: ConversationEvent) => void): () => void;
  /** A typed utterance: an equal way in. Interrupts the agent as speech does. */
  type(text: string): void;
  setMode(mode: TalkMode): void;
  /** Push to talk: key down opens the ear (and stops the agent), key up ends the turn. */
  pushToTalk(down: boolean): void;
  /** The answer on the screen to a proposal. Ignored when it is no longer pending. */
  decide(proposalId: string, decision: 'approve' | 'refuse'): void;
  /** What the client measured of its microphone before its codec took it away; every four seconds while there is sound. */
  soundTrace(trace: ClientTrace): void;
  /**
   * The window heard its microphone stir and plays nothing any more: the agent is held at once. What follows tells
   * whether it was speech; when it was not, the agent goes on where the window fell silent.
   */
  silenced(): void;
  /** How long the window holds the agent's sound before it is heard, milliseconds: what counts as heard follows it. */
  reportPlayout(bufferMs: number): void;
  /** Stops the agent's speech, as barge-in does. */
  stopSpeaking(): void;
  /**
   * Consent is withdrawn on the screen, and reaches back to what was kept. `processing` ends the conversation and calls a
   * person.
   */
  withdraw(purpose: 'processing' | 'recording'): void;
  end(reason: string): Promise<void>;
  /** Ends it politely: nothing more is done in it, `farewell` is said, and then it ends. */
  dismiss(reason: string, farewell: string): void;
  /** Resolves with the reason once all is written and released. */
  readonly ended: Promise<string>;
}
