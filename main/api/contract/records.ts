import { z } from 'zod';
import { call, id, stream } from './declare.ts';

/** Who may look into conversations that others held. */
export const RECORD_ROLES = ['supervisor', 'admin', 'privacy', 'auditor'] as const;
/** Who may look at all: whoever has none of those roles sees what they held themselves. */
const READERS = ['staff', ...RECORD_ROLES] as const;

/** Why somebody looks: it stands in the log beside the look, so that a look without a reason is none. */
export const lookReason = z.string().trim().min(5).max(200);

const conversation = z.object({
  id,
  deskId: z.string(),
  carrier: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  endReason: z.string().nullable(),
  turns: z.number(),
  memberId: z.string().nullable(),
  subjectId: z.string().nullable(),
});
const turn = z.object({
  turn: z.number(),
  speaker: z.enum(['person', 'agent']),
  at: z.number(),
  text: z.string(),
  flow: z.string().nullable(),
  interrupted: z.boolean(),
});
const toolCall = z.object({
  proposalId: id,
  turn: z.number(),
  at: z.number(),
  tool: z.string(),
  risk: z.string(),
  approvedBy: z.enum(['none', 'voice', 'typed', 'screen']).nullable(),
  outcome: z.enum(['proposed', 'withdrawn', 'called', 'ok', 'refused', 'failed', 'unknown']),
  code: z.string().nullable(),
});

/** What is kept of conversations. The room itself logs each look, with its reason. */
export const recordsContract = {
  'records.list': call({
    input: z.strictObject({ limit: z.number().int().min(1).max(200), before: z.number().nullable() }),
    output: z.array(conversation),
    access: READERS,
    perMinute: 60,
    audit: null,
  }),
  'records.search': call({
    input: z.strictObject({ words: z.string().trim().min(1).max(200), reason: lookReason }),
    output: z.array(z.object({ conversation, turn })),
    access: READERS,
    perMinute: 30,
    audit: null,
    reads: true,
  }),
  'records.read': call({
    input: z.strictObject({ conversationId: id, reason: lookReason }),
    output: z.object({
      conversation,
      turns: z.array(turn),
      toolCalls: z.array(toolCall),
    }),
    access: READERS,
    perMinute: 30,
    audit: null,
    reads: true,
  }),
  /** What the person was told, and what they agreed to, as receipts (ISO/IEC TS 27560). */
  'records.receipts': call({
    input: z.strictObject({ conversationId: id, reason: lookReason }),
    output: z.array(
      z.object({
        id,
        at: z.string(),
        purpose: z.string(),
        state: z.enum(['given', 'refused', 'withdrawn', 'notified']),
        expressedBy: z.string(),
        wording: z.string(),
        policy: z.string(),
        version: z.number(),
      }),
    ),
    access: READERS,
    perMinute: 30,
    audit: null,
  }),
  /** The sound that was kept, a second at a time; the window plays it from memory and keeps none of it. */
  'records.listen': stream({
    input: z.strictObject({ conversationId: id, reason: lookReason }),
    output: z.object({
      channel: z.enum(['person', 'agent']),
      sampleRate: z.number().int().positive(),
      startedMs: z.number(),
      durationMs: z.number(),
      /** 16-bit little-endian PCM, base64. */
      sound: z.base64(),
    }),
    access: ['supervisor', 'admin', 'privacy'],
    perMinute: 12,
    audit: null,
    reads: true,
  }),
} as const;
