import { z } from 'zod';
import { call, nothing, stream } from './declare.ts';

export const AUDIT_ROLES = ['admin', 'auditor', 'privacy'] as const;

const auditProblem = z.object({ seq: z.number().nullable(), code: z.string(), message: z.string() });
const entry = z.object({
  seq: z.number(),
  at: z.number(),
  action: z.string(),
  actor: z.string(),
  target: z.string().nullable(),
  outcome: z.enum(['success', 'failure']),
  /** The canonical JSON that was hashed. */
  json: z.string(),
});

const verification = z.object({
  ok: z.boolean(),
  entries: z.number(),
  checkpoints: z.number(),
  root: z.string(),
  problems: z.array(auditProblem),
  /** What to look at though the log is whole. */
  notices: z.array(auditProblem),
});

/** The audit log. */
export const auditContract = {
  /** As `audit.verify`, telling how far it is; conversations go on meanwhile. */
  'audit.verifying': stream({
    input: nothing,
    output: z.discriminatedUnion('type', [
      z.object({ type: z.literal('checked'), entries: z.number(), of: z.number() }),
      verification.extend({ type: z.literal('result') }),
    ]),
    access: AUDIT_ROLES,
    perMinute: 12,
    audit: 'audit.verify',
  }),
  'audit.verify': call({
    input: nothing,
    output: verification,
    access: AUDIT_ROLES,
    perMinute: 12,
    audit: 'audit.verify',
  }),
  /** The newest first. `next` goes on where this page, or the search for it, ended. */
  'audit.entries': call({
    input: z.strictObject({
      before: z.number().int().nonnegative().nullable(),
      limit: z.number().int().min(1).max(200),
      /** Begins so: `erasure.` or `member.lock`. */
      action: z.string().max(40).default(''),
      actor: z.string().max(64).default(''),
      outcome: z.enum(['success', 'failure']).nullable().default(null),
    }),
    output: z.object({ entries: z.array(entry), next: z.number().nullable() }),
    access: AUDIT_ROLES,
    perMinute: 60,
    audit: 'audit.read',
  }),
  /** The tree as it stands, signed: what a witness keeps. */
  'audit.checkpoint': call({
    input: nothing,
    output: z.object({ note: z.string(), origin: z.string(), verifierKey: z.string() }),
    access: AUDIT_ROLES,
    perMinute: 30,
    audit: 'audit.read',
  }),
  /** How far the site's collector is behind. */
  'audit.collector': call({
    input: nothing,
    output: z.object({
      collector: z.object({ host: z.string(), port: z.number(), format: z.string() }).nullable(),
      waiting: z.number(),
    }),
    access: AUDIT_ROLES,
    perMinute: 60,
    audit: null,
  }),
  /** The export as one tar archive, a block at a time. The room logs it. */
  'audit.export': stream({
    input: z.strictObject({ since: z.number().nullable(), until: z.number().nullable() }),
    output: z.discriminatedUnion('type', [
      z.object({
        type: z.literal('made'),
        name: z.string(),
        bytes: z.number(),
        size: z.number(),
        root: z.string(),
        signer: z.string(),
        ok: z.boolean(),
      }),
      z.object({ type: z.literal('block'), base64: z.base64() }),
    ]),
    access: AUDIT_ROLES,
    perMinute: 6,
    audit: null,
  }),
} as const;
