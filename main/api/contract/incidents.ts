import { z } from 'zod';
import { archiveSchema, call, id, nothing, stream, text } from './declare.ts';

/** Who works on incidents. */
const HANDLE = ['supervisor', 'admin', 'privacy'] as const;
const SEE = ['supervisor', 'admin', 'auditor', 'privacy'] as const;

const severity = z.enum(['low', 'medium', 'high']);
const step = z.enum(['identify', 'contain', 'investigate', 'remediate', 'recover', 'document']);
const line = z.object({
  id,
  number: z.number(),
  kind: z.string(),
  severity,
  openedAt: z.number(),
  closedAt: z.number().nullable(),
  step: step.nullable(),
});
const evidence = z.object({ id: z.string(), at: z.number(), by: z.string() });
const incident = line.extend({
  openedBy: z.string(),
  summary: z.string(),
  steps: z.array(
    z.object({
      step,
      owner: z.string().nullable(),
      signedAt: z.number().nullable(),
      signedBy: z.string().nullable(),
      checks: z.array(
        z.object({
          item: z.string(),
          text: z.string(),
          outcome: z.enum(['done', 'notNeeded']).nullable(),
          by: z.string().nullable(),
        }),
      ),
    }),
  ),
  evidence: z.array(
    z.discriminatedUnion('kind', [
      evidence.extend({ kind: z.literal('conversation'), conversationId: z.string() }),
      evidence.extend({ kind: z.literal('finding'), seq: z.number(), code: z.string() }),
      evidence.extend({ kind: z.literal('log'), first: z.number(), end: z.number() }),
      evidence.extend({ kind: z.literal('containment'), what: z.string() }),
      evidence.extend({ kind: z.literal('note'), text: z.string() }),
    ]),
  ),
});
const alert = z.object({
  id: z.string(),
  at: z.number(),
  about: z.enum(['incident', 'limit', 'standstill']),
  severity,
  code: z.string(),
  incident: z.number().nullable(),
});
const handle = { output: incident, access: HANDLE, perMinute: 60, audit: null } as const;

/** Incidents with their six steps, and what people should know of now. The room logs each act itself. */
export const incidentsContract = {
  'incidents.list': call({ input: nothing, output: z.array(line), access: SEE, perMinute: 60, audit: null }),
  'incidents.get': call({
    input: z.strictObject({ id }),
    output: incident,
    access: SEE,
    perMinute: 60,
    audit: null,
  }),
  'incidents.open': call({ ...handle, input: z.strictObject({ severity, summary: text(500) }) }),
  'incidents.note': call({ ...handle, input: z.strictObject({ id, text: text(2000) }) }),
  'incidents.own': call({ ...handle, input: z.strictObject({ id, step, memberId: id }) }),
  'incidents.check': call({
    ...handle,
    input: z.strictObject({ id, step, item: text(60), outcome: z.enum(['done', 'notNeeded']) }),
  }),
  'incidents.sign': call({ ...handle, input: z.strictObject({ id, step }) }),
  /** At once: everything, a desk or a tool stands still, or a member is locked. */
  'incidents.contain': call({
    ...handle,
    input: z.strictObject({
      id,
      what: z.union([
        z.strictObject({ stop: z.literal('all') }),
        z.strictObject({ stop: z.enum(['desk', 'tool']), name: text(80) }),
        z.strictObject({ lock: id }),
      ]),
    }),
  }),
  /** Who may own a step. */
  'incidents.people': call({
    input: nothing,
    output: z.array(z.object({ id, displayName: z.string() })),
    access: HANDLE,
    perMinute: 60,
    audit: null,
  }),
  /** All of it as one tar archive: the incident, its page, the proof, the log. */
  'incidents.export': stream({
    input: z.strictObject({ id }),
    output: archiveSchema,
    access: SEE,
    perMinute: 6,
    audit: null,
  }),

  'alerts.recent': call({ input: nothing, output: z.array(alert), access: SEE, perMinute: 60, audit: null }),
  /** Those that come, to every window that is open. */
  'alerts.stream': stream({ input: nothing, output: alert, access: SEE, perMinute: 30, audit: null }),
} as const;
