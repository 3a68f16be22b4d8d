import { z } from 'zod';

/** What the worker is asked for: one text, and what it is, since models read the two differently. */
export const embedSchema = z.strictObject({
  text: z.string().max(8_000),
  as: z.enum(['question', 'passage']),
});
export const embeddedSchema = z.strictObject({ vector: z.array(z.number()).max(16_384) });
