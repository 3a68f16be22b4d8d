import { z } from 'zod';
import { conversationEventSchema } from './conversation-events.ts';
import { call, conversationId, DESK_ROLES, done, id, stream, text } from './declare.ts';

const decibels = z.number().min(-300).max(300);
/** Mirrors the guard's own schema; the compiler holds the two together in api/handlers. */
const clientTrace = z.strictObject({
  ms: z.number().min(0).max(60_000),
  follows: z.number().min(0).max(1),
  lowDb: decibels,
  aboveDb: decibels.nullable(),
  voiceDb: decibels,
});

/** Holding a conversation. */
export const conversationContract = {
  /** Without `sdp` the conversation is typed only. With it, the answer connects the renderer's microphone and speaker. */
  'conversation.start': call({
    input: z.strictObject({
      sdp: z.string().max(20_000).nullable(),
      mode: z.enum(['handsFree', 'pushToTalk']),
    }),
    output: z.object({ conversationId: id, sdp: z.string().nullable() }),
    access: DESK_ROLES,
    perMinute: 20,
    audit: null,
  }),
  'conversation.events': stream({
    input: conversationId,
    output: conversationEventSchema,
    access: DESK_ROLES,
    perMinute: 30,
    audit: null,
  }),
  'conversation.type': call({
    input: z.strictObject({ conversationId: id, text: text(500) }),
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),
  'conversation.setMode': call({
    input: z.strictObject({ conversationId: id, mode: z.enum(['handsFree', 'pushToTalk']) }),
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),
  'conversation.pushToTalk': call({
    input: z.strictObject({ conversationId: id, down: z.boolean() }),
    output: done,
    access: DESK_ROLES,
    perMinute: 240,
    audit: null,
  }),
  'conversation.decide': call({
    input: z.strictObject({ conversationId: id, proposalId: id, decision: z.enum(['approve', 'refuse']) }),
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),
  /**
   * The further check that a proposal asks for, before it is approved: the member's own one-time code, or another
   * member who signs in for this one proposal.
   */
  'conversation.stepUp': call({
    input: z.strictObject({
      conversationId: id,
      proposalId: id,
      proof: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('code'), code: z.string().trim().min(6).max(10) }),
        z.strictObject({
          kind: z.literal('secondPerson'),
          username: text(64),
          passphrase: z.string().min(1).max(256),
        }),
      ]),
    }),
    output: done,
    access: DESK_ROLES,
    perMinute: 12,
    audit: null,
  }),
  /** What the client measured of its microphone before its codec (see main/guard/sound/trace.ts); adds to the evidence. */
  'conversation.soundTrace': call({
    input: z.strictObject({ conversationId: id, trace: clientTrace }),
    output: done,
    access: DESK_ROLES,
    perMinute: 90,
    audit: null,
  }),
  /**
   * The window heard its microphone stir while the agent spoke, and has silenced it for a moment: the agent is held, and
   * goes on where it was unless somebody speaks.
   */
  'conversation.silenced': call({
    input: conversationId,
    output: done,
    access: DESK_ROLES,
    perMinute: 240,
    audit: null,
  }),
  /** How long the window holds the agent's sound before it is heard: the record keeps what was heard. */
  'conversation.playout': call({
    input: z.strictObject({ conversationId: id, bufferMs: z.number().min(0).max(1_000) }),
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),
  'conversation.stopSpeaking': call({
    input: conversationId,
    output: done,
    access: DESK_ROLES,
    perMinute: 120,
    audit: null,
  }),
  /** The person withdraws consent by the button: it reaches back to what was kept of this conversation. */
  'conversation.withdraw': call({
    input: z.strictObject({ conversationId: id, purpose: z.enum(['recording', 'processing']) }),
    output: done,
    access: DESK_ROLES,
    perMinute: 12,
    audit: null,
  }),
  'conversation.end': call({
    input: conversationId,
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),
} as const;
