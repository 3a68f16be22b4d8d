/**
 * Conversation: one live conversation, from the microphone to the speaker: turn taking, barge-in, the way of a
 * sentence and its timings. It asks speech to hear and speak, dialogue what to do, tools to do it, and guard to
 * screen; it keeps the record and the log.
 */
export type { Phrase } from './carry-out.ts';
export { replayLogOf, startConversation } from './conversation.ts';
export type { AgentState, ConversationEvent } from './events.ts';
export type { LiveConversation, TalkMode } from './live.ts';
export type { ConversationParts } from './parts.ts';
export { deskVoice, promptSentences } from './prompts.ts';
export type { FreshDialogue } from './rehearsal.ts';
export { compareReplays, parseReplayLog, type ReplayDifference, type ReplayLog, replay } from './replay.ts';
export { replyReview } from './reply-review.ts';
