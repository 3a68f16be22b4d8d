import { z } from 'zod';
import { call, done, id, nothing, roleSchema, text } from './declare.ts';
import { RECORD_ROLES } from './records.ts';

export const memberSchema = z.object({
  id,
  username: z.string(),
  displayName: z.string(),
  roles: z.array(roleSchema),
});
export type Member = z.infer<typeof memberSchema>;

export const newUsername = z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/);
export const newPassphrase = z.string().min(12).max(256);
const memberId = z.strictObject({ memberId: id });
const roles = z.array(roleSchema).min(1).max(5);

const line = memberSchema.extend({
  createdAt: z.number(),
  locked: z.object({ at: z.number(), by: z.string(), reason: z.string() }).nullable(),
  mustChangePassphrase: z.boolean(),
  signedInAt: z.number().nullable(),
  codesSince: z.number().nullable(),
  reviewedAt: z.number().nullable(),
  remarks: z.array(z.string()),
});

const administer = { output: done, access: ['admin'], perMinute: 30, audit: null } as const;

/** The people who use Sotto. The room logs each act itself. */
export const membersContract = {
  /** Ids with names, for screens that tell who did what; staff get their own alone. */
  'members.names': call({
    input: nothing,
    output: z.array(z.object({ id, displayName: z.string() })),
    access: ['staff', ...RECORD_ROLES],
    perMinute: 60,
    audit: null,
  }),
  /** With what somebody who reviews access should look at, the most remarkable first. */
  'members.list': call({
    input: nothing,
    output: z.array(line),
    access: ['admin', 'auditor'],
    perMinute: 60,
    audit: null,
  }),
  'members.create': call({
    ...administer,
    input: z.strictObject({ username: newUsername, displayName: text(80), passphrase: newPassphrase, roles }),
    output: memberSchema,
  }),
  'members.setRoles': call({ ...administer, input: memberId.extend({ roles }) }),
  'members.lock': call({ ...administer, input: memberId.extend({ reason: text(200) }) }),
  'members.unlock': call({ ...administer, input: memberId }),
  'members.remove': call({ ...administer, input: memberId }),
  'members.resetPassphrase': call({ ...administer, input: memberId.extend({ passphrase: newPassphrase }) }),
  'members.removeCodes': call({ ...administer, input: memberId }),
  'members.confirmReview': call({
    ...administer,
    input: z.strictObject({ memberIds: z.array(id).min(1).max(500) }),
    access: ['admin', 'auditor'],
  }),

  /** What each member does for themselves. */
  'account.changePassphrase': call({
    input: z.strictObject({ present: z.string().min(1).max(256), next: newPassphrase }),
    output: z.object({ token: z.string(), member: memberSchema }),
    access: 'signedIn',
    perMinute: 6,
    audit: null,
  }),
  'account.beginCodes': call({
    input: nothing,
    output: z.object({ uri: z.string(), secret: z.string() }),
    access: 'signedIn',
    perMinute: 6,
    audit: null,
  }),
  'account.confirmCodes': call({
    input: z.strictObject({ code: z.string().trim().min(6).max(10) }),
    output: done,
    access: 'signedIn',
    perMinute: 12,
    audit: null,
  }),
} as const;
