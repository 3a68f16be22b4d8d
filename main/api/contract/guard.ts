import { z } from 'zod';
import { call, done, nothing, text } from './declare.ts';

const SEE = ['supervisor', 'admin', 'auditor', 'privacy'] as const;

/** A rule as it travels; the room knows all that may stand in it, and refuses the rest. */
const rule = z.strictObject({
  id: text(60),
  enabled: z.boolean(),
  watch: z
    .object({ kind: text(40) })
    .catchall(z.union([z.string().max(60), z.number(), z.array(z.number()).max(7)]).optional()),
  does: z.array(text(40)).max(10),
});
const action = z.enum(['ignore', 'flag', 'challenge', 'refuse']);
const policy = z.record(
  text(40),
  z.array(z.strictObject({ from: z.number().min(0).max(1), act: action })).max(4),
);

const change = { output: done, access: ['admin'], perMinute: 20, audit: null } as const;

/** What the site is watched by: limits, and what is done about what the screen of sound finds. The rooms log changes. */
export const guardContract = {
  /** The rules in force, each with the usual one of its id, and how near somebody is to it now. */
  'limits.list': call({
    input: nothing,
    output: z.array(
      z.object({
        rule,
        usual: rule.nullable(),
        now: z.object({ measured: z.number(), per: z.string(), id: z.string().nullable() }).nullable(),
        learned: z.object({ have: z.number(), need: z.number() }).nullable(),
        fired: z.number(),
        lastAt: z.number().nullable(),
      }),
    ),
    access: SEE,
    perMinute: 60,
    audit: null,
  }),
  /** All of them; null for those that Sotto comes with. */
  'limits.set': call({ ...change, input: z.strictObject({ rules: z.array(rule).max(100).nullable() }) }),

  'soundPolicy.read': call({
    input: nothing,
    output: z.object({ policy, usual: policy }),
    access: SEE,
    perMinute: 60,
    audit: null,
  }),
  /** Null for the usual one. */
  'soundPolicy.set': call({ ...change, input: z.strictObject({ policy: policy.nullable() }) }),
} as const;
