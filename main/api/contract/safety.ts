import { z } from 'zod';
import { call, done, id, nothing, text } from './declare.ts';

const STOP_REASONS = ['intrusion', 'misbehaviour', 'limit', 'incident', 'drill', 'other'] as const;
const standstillTarget = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('all') }),
  z.strictObject({ scope: z.enum(['desk', 'tool']), name: text(80) }),
]);
const toolTarget = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('all') }),
  z.strictObject({ scope: z.enum(['risk', 'tool']), name: text(80) }),
]);

/** Stopping, and what follows from it. The rooms log each act themselves. */
export const safetyContract = {
  /** All that stands still, as everybody may know. */
  'standstill.list': call({
    input: nothing,
    output: z.array(
      z.object({
        target: standstillTarget,
        at: z.number(),
        by: z.string(),
        reason: z.string(),
        liftAskedBy: z.array(z.string()),
      }),
    ),
    access: 'signedIn',
    perMinute: 120,
    audit: null,
  }),
  /** Stopping is easy: any member, at once. */
  'standstill.stop': call({
    input: z.strictObject({ target: standstillTarget, reason: z.enum(STOP_REASONS) }),
    output: done,
    access: 'signedIn',
    perMinute: 30,
    audit: null,
  }),
  /** Going on takes two: one member's word, then another's. */
  'standstill.lift': call({
    input: z.strictObject({ target: standstillTarget }),
    output: z.object({ lifted: z.boolean(), askedBy: z.array(z.string()) }),
    access: ['supervisor', 'admin'],
    perMinute: 30,
    audit: null,
  }),

  'tools.list': call({
    input: nothing,
    output: z.object({
      tools: z.array(z.object({ name: z.string(), risk: z.string() })),
      stops: z.array(z.object({ target: toolTarget, at: z.number(), by: z.string() })),
    }),
    access: ['supervisor', 'admin', 'auditor'],
    perMinute: 60,
    audit: null,
  }),
  'tools.stop': call({
    input: z.strictObject({ target: toolTarget }),
    output: done,
    access: ['supervisor', 'admin'],
    perMinute: 30,
    audit: null,
  }),
  'tools.allow': call({
    input: z.strictObject({ target: toolTarget }),
    output: done,
    access: ['supervisor', 'admin'],
    perMinute: 30,
    audit: null,
  }),
  /** Calls that went out and of which nobody can say whether they were carried out. */
  'tools.unresolved': call({
    input: nothing,
    output: z.array(
      z.object({
        proposalId: id,
        conversationId: id,
        tool: z.string(),
        risk: z.string(),
        calledAt: z.number(),
        code: z.string(),
      }),
    ),
    access: ['supervisor', 'admin', 'auditor'],
    perMinute: 60,
    audit: null,
  }),
  /** Somebody looked, in the system behind the tool. */
  'tools.resolve': call({
    input: z.strictObject({ proposalId: id, happened: z.boolean() }),
    output: done,
    access: ['supervisor', 'admin'],
    perMinute: 30,
    audit: null,
  }),

  /** How the vault's keys are kept, and when it was last backed up. */
  'vault.state': call({
    input: nothing,
    output: z.object({
      keySource: z.string(),
      recoveryKey: z.string().nullable(),
      lastBackupAt: z.number().nullable(),
    }),
    access: ['admin', 'auditor'],
    perMinute: 60,
    audit: null,
  }),
} as const;
