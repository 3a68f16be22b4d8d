import { z } from 'zod';
import { id } from './declare.ts';

const base = { at: z.number(), conversationId: id, turn: z.number().int() };
const outcome = z.enum(['ok', 'refused', 'failed', 'unknown']);
const slots = z.record(z.string(), z.string());

/** See main/conversation/events.ts, which these mirror; the compiler holds the two together in api/handlers. */
export const conversationEventSchema = z.discriminatedUnion('type', [
  z.object({
    ...base,
    type: z.literal('state'),
    state: z.enum(['listening', 'hearing', 'thinking', 'speaking', 'paused', 'ended']),
  }),
  z.object({
    ...base,
    type: z.literal('level'),
    rmsDb: z.number(),
    peakDb: z.number(),
    clipped: z.boolean(),
  }),
  z.object({ ...base, type: z.literal('partial'), text: z.string() }),
  z.object({
    ...base,
    type: z.literal('final'),
    text: z.string(),
    via: z.enum(['voice', 'typed']),
    confidence: z.number(),
    inGrammar: z.boolean(),
  }),
  z.object({
    ...base,
    type: z.literal('understood'),
    inScope: z.boolean(),
    flow: z.string().nullable(),
    slots,
    confidence: z.number(),
  }),
  z.object({ ...base, type: z.literal('flow'), flow: z.string().nullable(), slots }),
  z.object({
    ...base,
    type: z.literal('toolProposed'),
    proposalId: z.string(),
    tool: z.string(),
    risk: z.string(),
    text: z.string(),
    needs: z.enum(['none', 'spoken', 'screen']),
    /** What a yes alone does not suffice for. */
    stepUp: z.enum(['none', 'code', 'secondPerson']).optional(),
  }),
  z.object({ ...base, type: z.literal('toolWithdrawn'), proposalId: z.string(), tool: z.string() }),
  z.object({
    ...base,
    type: z.literal('toolCalled'),
    proposalId: z.string(),
    tool: z.string(),
    risk: z.string(),
  }),
  z.object({
    ...base,
    type: z.literal('toolAnswered'),
    proposalId: z.string(),
    tool: z.string(),
    outcome,
    code: z.string().nullable(),
    tookMs: z.number(),
  }),
  z.object({
    ...base,
    type: z.literal('reply'),
    kind: z.string(),
    text: z.string(),
    source: z
      .object({
        title: z.string(),
        file: z.string(),
        heading: z.string().optional(),
        page: z.number().int().optional(),
      })
      .nullable(),
  }),
  z.object({ ...base, type: z.literal('heard'), text: z.string(), interrupted: z.boolean() }),
  z.object({ ...base, type: z.literal('handOff'), reason: z.string(), to: z.string(), urgent: z.boolean() }),
  z.object({ ...base, type: z.literal('notice'), code: z.string(), message: z.string() }),
  z.object({
    ...base,
    type: z.literal('timing'),
    endpointMs: z.number().nullable(),
    finalMs: z.number().nullable(),
    replyMs: z.number(),
    firstAudioMs: z.number().nullable(),
  }),
  z.object({ ...base, type: z.literal('ended'), reason: z.string() }),
]);
export type ConversationEvent = z.infer<typeof conversationEventSchema>;
