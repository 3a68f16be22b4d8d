import { z } from 'zod';
import { id, roleSchema } from './declare.ts';

export const memberSchema = z.object({
  id,
  username: z.string(),
  displayName: z.string(),
  roles: z.array(roleSchema),
});
export type Member = z.infer<typeof memberSchema>;
