import { z } from 'zod';
import { call, done, nothing, text } from './declare.ts';
import { memberSchema } from './members.ts';

export const checkSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['ok', 'warn', 'fail']),
  message: z.string(),
  remedy: z.string().nullable(),
});
export type Check = z.infer<typeof checkSchema>;

export const deskSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  agentName: z.string(),
  handOffTo: z.string(),
  disclosures: z.array(z.object({ id: z.string(), show: z.string() })),
  abilities: z.array(z.string()),
});
export type DeskSummary = z.infer<typeof deskSummarySchema>;

export const statusSchema = z.object({
  version: z.string(),
  /** `setup`: no vault yet; `locked`: a vault that needs its passphrase; `ready`. */
  phase: z.enum(['setup', 'locked', 'ready']),
  siteName: z.string().nullable(),
  desk: deskSummarySchema.nullable(),
  keychain: z.object({ available: z.boolean(), label: z.string() }),
  host: z.enum(['electron', 'headless']),
});
export type Status = z.infer<typeof statusSchema>;

/** The appliance itself: its state, its set-up, its vault. */
export const systemContract = {
  'system.status': call({
    input: nothing,
    output: statusSchema,
    access: 'public',
    perMinute: 240,
    audit: null,
  }),
  'system.doctor': call({
    input: nothing,
    output: z.array(checkSchema),
    access: ['admin'],
    perMinute: 12,
    audit: null,
  }),

  /** Only while the phase is `setup`; afterwards refused. Checks keychain and engines for the set-up screen. */
  'setup.checks': call({
    input: nothing,
    output: z.array(checkSchema),
    access: 'public',
    perMinute: 12,
    audit: null,
  }),
  'setup.desks': call({
    input: nothing,
    output: z.array(deskSummarySchema),
    access: 'public',
    perMinute: 60,
    audit: null,
  }),
  'setup.complete': call({
    input: z.strictObject({
      siteName: text(120),
      admin: z.strictObject({
        username: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/),
        displayName: text(80),
        passphrase: z.string().min(12).max(256),
      }),
      deskId: z.string(),
      /** Where the vault's key lives. `passphrase` is the vault's own, asked for at each start. */
      key: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('keychain') }),
        z.strictObject({ kind: z.literal('passphrase'), passphrase: z.string().min(12).max(256) }),
      ]),
    }),
    output: z.object({ token: z.string(), member: memberSchema }),
    access: 'public',
    perMinute: 6,
    audit: null,
  }),
  'vault.unlock': call({
    input: z.strictObject({ passphrase: z.string().min(1).max(256) }),
    output: done,
    access: 'public',
    perMinute: 6,
    audit: null,
  }),
} as const;
