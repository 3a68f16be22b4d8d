import { z } from 'zod';
import { call, id } from './declare.ts';

/** What is kept of conversations. */
export const recordsContract = {
  'records.list': call({
    input: z.strictObject({ limit: z.number().int().min(1).max(200), before: z.number().nullable() }),
    output: z.array(
      z.object({
        id,
        deskId: z.string(),
        carrier: z.string(),
        startedAt: z.number(),
        endedAt: z.number().nullable(),
        endReason: z.string().nullable(),
        turns: z.number(),
      }),
    ),
    access: ['supervisor', 'admin', 'privacy', 'auditor'],
    perMinute: 60,
    audit: null,
  }),
} as const;
