import { z } from 'zod';
import { call, done, nothing, text } from './declare.ts';
import { memberSchema } from './members.ts';

/** True when another person chose the passphrase: nothing else may be called until the member has chosen one. */
const mustChangePassphrase = z.literal(true).optional();

/** Signing in and out. */
export const sessionContract = {
  'session.signIn': call({
    input: z.strictObject({ username: text(64), passphrase: z.string().min(1).max(256) }),
    output: z.object({ token: z.string(), member: memberSchema, mustChangePassphrase }),
    access: 'public',
    perMinute: 20,
    audit: null,
  }),
  'session.resume': call({
    input: z.strictObject({ token: text(128) }),
    output: z.object({ member: memberSchema, mustChangePassphrase }),
    access: 'public',
    perMinute: 60,
    audit: null,
  }),
  'session.signOut': call({ input: nothing, output: done, access: 'signedIn', perMinute: 20, audit: null }),
} as const;
