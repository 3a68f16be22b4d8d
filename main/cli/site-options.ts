import { z } from 'zod';

/** What every command that opens the vault of a site takes. */
export const siteOptions = z.object({
  json: z.boolean().default(false),
  data: z.string().optional(),
  credential: z.string().optional(),
});
export type SiteOptions = z.output<typeof siteOptions>;

/** Who acts, in the log, where a command asks for no member. */
export const OPERATOR = 'system';

/** Why exit code 3. */
export const CANNOT_OPEN = 'there is no vault, it is in use, or its key cannot be had';
/** The same, for commands that are run beside a site's daily work. */
export const CANNOT_OPEN_STOP_FIRST =
  'there is no vault, it is in use (stop Sotto first), or its key cannot be had';
