import { z } from 'zod';
import { call, done, id, nothing, stream, text } from './declare.ts';
import { lookReason } from './records.ts';

/** Who decides how long things are kept, and who is forgotten. */
export const PRIVACY_ROLES = ['privacy', 'admin'] as const;
const MAY_SEE = ['privacy', 'admin', 'auditor'] as const;

const dataClass = z.enum(['recording', 'transcript', 'conversation']);
const rule = z.strictObject({
  dataClass,
  purpose: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  keepDays: z.int().min(0).max(3_650),
});
const hold = z.object({
  id,
  scope: z.enum(['everything', 'subject', 'conversation']),
  targetId: z.string(),
  matter: z.string(),
  placedAt: z.number(),
  placedBy: z.string(),
  liftedAt: z.number().nullable(),
  liftedBy: z.string().nullable(),
});
const review = z.object({
  subjectId: id,
  conversations: z.number(),
  turns: z.number(),
  toolCalls: z.number(),
  recordedSeconds: z.number(),
  first: z.number().nullable(),
  last: z.number().nullable(),
  held: z.boolean(),
});
const erasure = z.object({
  id,
  subjectId: id,
  requestedAt: z.number(),
  requestedBy: z.string(),
  state: z.enum(['requested', 'withdrawn', 'done']),
  decidedAt: z.number().nullable(),
  decidedBy: z.string().nullable(),
  certificate: z.string().nullable(),
});
const byId = z.strictObject({ id });

/** How long things are kept, what must not go, and who is forgotten. The room logs each act itself. */
export const retentionContract = {
  'retention.rules': call({
    input: nothing,
    output: z.array(rule),
    access: MAY_SEE,
    perMinute: 60,
    audit: null,
  }),
  'retention.setRules': call({
    input: z.strictObject({ rules: z.array(rule).min(1).max(50) }),
    output: done,
    access: PRIVACY_ROLES,
    perMinute: 12,
    audit: null,
  }),
  /** What a sweep would let go now, by class, and why. */
  'retention.preview': call({
    input: nothing,
    output: z.array(
      z.object({
        dataClass,
        rule,
        due: z.number(),
        held: z.number(),
        oldest: z.number().nullable(),
      }),
    ),
    access: MAY_SEE,
    perMinute: 30,
    audit: null,
  }),
  'retention.sweep': call({
    input: nothing,
    output: z.object({ recordings: z.number(), transcripts: z.number(), conversations: z.number() }),
    access: PRIVACY_ROLES,
    perMinute: 6,
    audit: null,
  }),

  'hold.list': call({ input: nothing, output: z.array(hold), access: MAY_SEE, perMinute: 60, audit: null }),
  'hold.place': call({
    input: z.strictObject({
      target: z.discriminatedUnion('scope', [
        z.strictObject({ scope: z.literal('everything') }),
        z.strictObject({ scope: z.enum(['subject', 'conversation']), id }),
      ]),
      matter: text(60),
    }),
    output: hold,
    access: PRIVACY_ROLES,
    perMinute: 12,
    audit: null,
  }),
  'hold.lift': call({ input: byId, output: done, access: PRIVACY_ROLES, perMinute: 12, audit: null }),

  /** Finds whoever is known by this; null when nobody is. */
  'erasure.find': call({
    input: z.strictObject({ kind: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/), value: text(200) }),
    output: z.object({ review: review.nullable() }),
    access: PRIVACY_ROLES,
    perMinute: 20,
    audit: null,
  }),
  /** All that is kept about a subject, in clear, as one tar archive for whoever asks what is known of them. */
  'erasure.access': stream({
    input: z.strictObject({
      kind: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/),
      value: text(200),
      reason: lookReason,
    }),
    output: z.discriminatedUnion('type', [
      z.object({ type: z.literal('made'), name: z.string(), bytes: z.number(), conversations: z.number() }),
      z.object({ type: z.literal('block'), base64: z.base64() }),
    ]),
    access: PRIVACY_ROLES,
    perMinute: 6,
    audit: null,
    reads: true,
  }),
  'erasure.review': call({
    input: z.strictObject({ subjectId: id }),
    output: review,
    access: PRIVACY_ROLES,
    perMinute: 30,
    audit: null,
  }),
  'erasure.request': call({
    input: z.strictObject({ subjectId: id }),
    output: erasure,
    access: PRIVACY_ROLES,
    perMinute: 12,
    audit: null,
  }),
  /** By another member than the one who asked. */
  'erasure.confirm': call({
    input: byId,
    output: erasure,
    access: PRIVACY_ROLES,
    perMinute: 12,
    audit: null,
  }),
  'erasure.withdraw': call({ input: byId, output: done, access: PRIVACY_ROLES, perMinute: 12, audit: null }),
  'erasure.list': call({
    input: nothing,
    output: z.array(erasure),
    access: MAY_SEE,
    perMinute: 60,
    audit: null,
  }),
} as const;
