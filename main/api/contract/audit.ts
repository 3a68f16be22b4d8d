import { z } from 'zod';
import { call, nothing } from './declare.ts';

const auditProblem = z.object({ seq: z.number().nullable(), code: z.string(), message: z.string() });

/** The audit log. */
export const auditContract = {
  'audit.verify': call({
    input: nothing,
    output: z.object({
      ok: z.boolean(),
      entries: z.number(),
      checkpoints: z.number(),
      root: z.string(),
      problems: z.array(auditProblem),
      /** What to look at though the log is whole. */
      notices: z.array(auditProblem),
    }),
    access: ['admin', 'auditor', 'privacy'],
    perMinute: 12,
    audit: 'audit.verify',
  }),
} as const;
