/**
 * The contract: all that a renderer can ever ask of the appliance.
 *
 * Each entry declares its input, its output, who may call it, how often, and the audit action it leaves. What is
 * not here cannot be called. The renderer imports this file and client.ts and
 * nothing else of main/; it holds schemas and nothing else.
 */
import { z } from 'zod';

export const roleSchema = z.enum(['staff', 'supervisor', 'admin', 'auditor', 'privacy']);
export type Role = z.infer<typeof roleSchema>;

const id = z.uuid();
const text = (max: number) => z.string().trim().min(1).max(max);
const nothing = z.strictObject({});
const done = z.strictObject({});

export const memberSchema = z.object({
  id,
  username: z.string(),
  displayName: z.string(),
  roles: z.array(roleSchema),
});
export type Member = z.infer<typeof memberSchema>;

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

const base = { at: z.number(), conversationId: id, turn: z.number().int() };
const outcome = z.enum(['ok', 'refused', 'failed', 'unknown']);
const slots = z.record(z.string(), z.string());

/** See main/conversation/events.ts, which these mirror; the compiler holds the two together in api/handlers. */
export const conversationEventSchema = z.discriminatedUnion('type', [
  z.object({
    ...base,
    type: z.literal('state'),
    state: z.enum(['listening', 'hearing', 'thinking', 'speaking', 'paused', 'ended']),
  }),
  z.object({
    ...base,
    type: z.literal('level'),
    rmsDb: z.number(),
    peakDb: z.number(),
    clipped: z.boolean(),
  }),
  z.object({ ...base, type: z.literal('partial'), text: z.string() }),
  z.object({
    ...base,
    type: z.literal('final'),
    text: z.string(),
    via: z.enum(['voice', 'typed']),
    confidence: z.number(),
    inGrammar: z.boolean(),
  }),
  z.object({
    ...base,
    type: z.literal('understood'),
    inScope: z.boolean(),
    flow: z.string().nullable(),
    slots,
    confidence: z.number(),
  }),
  z.object({ ...base, type: z.literal('flow'), flow: z.string().nullable(), slots }),
  z.object({
    ...base,
    type: z.literal('toolProposed'),
    proposalId: z.string(),
    tool: z.string(),
    risk: z.string(),
    text: z.string(),
    needs: z.enum(['none', 'spoken', 'screen']),
  }),
  z.object({ ...base, type: z.literal('toolWithdrawn'), proposalId: z.string(), tool: z.string() }),
  z.object({
    ...base,
    type: z.literal('toolCalled'),
    proposalId: z.string(),
    tool: z.string(),
    risk: z.string(),
  }),
  z.object({
    ...base,
    type: z.literal('toolAnswered'),
    proposalId: z.string(),
    tool: z.string(),
    outcome,
    code: z.string().nullable(),
    tookMs: z.number(),
  }),
  z.object({
    ...base,
    type: z.literal('reply'),
    kind: z.string(),
    text: z.string(),
    source: z.object({ title: z.string(), file: z.string() }).nullable(),
  }),
  z.object({ ...base, type: z.literal('heard'), text: z.string(), interrupted: z.boolean() }),
  z.object({ ...base, type: z.literal('handOff'), reason: z.string(), to: z.string(), urgent: z.boolean() }),
  z.object({ ...base, type: z.literal('notice'), code: z.string(), message: z.string() }),
  z.object({
    ...base,
    type: z.literal('timing'),
    endpointMs: z.number().nullable(),
    finalMs: z.number().nullable(),
    replyMs: z.number(),
    firstAudioMs: z.number().nullable(),
  }),
  z.object({ ...base, type: z.literal('ended'), reason: z.string() }),
]);
export type ConversationEvent = z.infer<typeof conversationEventSchema>;

/** `public`: before anyone signed in. `signedIn`: any member. Else one of these roles. */
export type Access = 'public' | 'signedIn' | readonly Role[];

interface Declaration<Kind extends 'call' | 'stream', In extends z.ZodType, Out extends z.ZodType> {
  readonly kind: Kind;
  /** Schema of the input. */
  readonly input: In;
  /** Schema of the answer, or of each event of a stream. */
  readonly output: Out;
  readonly access: Access;
  /** Calls a minute from one connection. */
  readonly perMinute: number;
  /** The audit action that a call leaves, success or not; null where the handler's room logs it with more detail. */
  readonly audit: string | null;
}

/** `Action` keeps the literal, so that main/api can hold every action to those that the audit log knows. */
function call<In extends z.ZodType, Out extends z.ZodType, const Action extends string | null>(
  entry: Omit<Declaration<'call', In, Out>, 'kind' | 'audit'> & { readonly audit: Action },
) {
  return { kind: 'call', ...entry } as const;
}
function stream<In extends z.ZodType, Out extends z.ZodType, const Action extends string | null>(
  entry: Omit<Declaration<'stream', In, Out>, 'kind' | 'audit'> & { readonly audit: Action },
) {
  return { kind: 'stream', ...entry } as const;
}

const DESK_ROLES = ['staff', 'supervisor', 'admin'] as const;
const auditProblem = z.object({ seq: z.number().nullable(), code: z.string(), message: z.string() });
const conversationId = z.strictObject({ conversationId: id });

export const contract = {
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
  /** Speaks a test sentence and listens; WebRTC as in a conversation. Only in `setup` or for an admin. */
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

  'session.signIn': call({
    input: z.strictObject({ username: text(64), passphrase: z.string().min(1).max(256) }),
    output: z.object({ token: z.string(), member: memberSchema }),
    access: 'public',
    perMinute: 20,
    audit: null,
  }),
  'session.resume': call({
    input: z.strictObject({ token: text(128) }),
    output: z.object({ member: memberSchema }),
    access: 'public',
    perMinute: 60,
    audit: null,
  }),
  'session.signOut': call({ input: nothing, output: done, access: 'signedIn', perMinute: 20, audit: null }),

  /** A loop without understanding: meters the microphone and plays a test sentence, to set up sound. */
  'sound.check': call({
    input: z.strictObject({ sdp: z.string().max(20_000) }),
    output: z.object({ checkId: id, sdp: z.string() }),
    access: 'public',
    perMinute: 12,
    audit: null,
  }),
  'sound.levels': stream({
    input: z.strictObject({ checkId: id }),
    output: z.object({ rmsDb: z.number(), peakDb: z.number(), clipped: z.boolean(), speech: z.boolean() }),
    access: 'public',
    perMinute: 12,
    audit: null,
  }),
  'sound.end': call({
    input: z.strictObject({ checkId: id }),
    output: done,
    access: 'public',
    perMinute: 30,
    audit: null,
  }),

  /** Without `sdp` the conversation is typed only. With it, the answer connects the renderer's microphone and speaker. */
  'conversation.start': call({
    input: z.strictObject({
      sdp: z.string().max(20_000).nullable(),
      mode: z.enum(['handsFree', 'pushToTalk']),
    }),
    output: z.object({ conversationId: id, sdp: z.string().nullable() }),
    access: DESK_ROLES,
    perMinute: 20,
    audit: null,
  }),
  'conversation.events': stream({
    input: conversationId,
    output: conversationEventSchema,
    access: DESK_ROLES,
    perMinute: 30,
    audit: null,
  }),
  'conversation.type': call({
    input: z.strictObject({ conversationId: id, text: text(500) }),
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),
  'conversation.setMode': call({
    input: z.strictObject({ conversationId: id, mode: z.enum(['handsFree', 'pushToTalk']) }),
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),
  'conversation.pushToTalk': call({
    input: z.strictObject({ conversationId: id, down: z.boolean() }),
    output: done,
    access: DESK_ROLES,
    perMinute: 240,
    audit: null,
  }),
  'conversation.decide': call({
    input: z.strictObject({ conversationId: id, proposalId: id, decision: z.enum(['approve', 'refuse']) }),
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),
  'conversation.stopSpeaking': call({
    input: conversationId,
    output: done,
    access: DESK_ROLES,
    perMinute: 120,
    audit: null,
  }),
  'conversation.end': call({
    input: conversationId,
    output: done,
    access: DESK_ROLES,
    perMinute: 60,
    audit: null,
  }),

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
  'audit.verify': call({
    input: nothing,
    output: z.object({
      ok: z.boolean(),
      entries: z.number(),
      checkpoints: z.number(),
      root: z.string(),
      problems: z.array(auditProblem),
      /** What to look at though the log is whole. */
      notices: z.array(auditProblem),
    }),
    access: ['admin', 'auditor', 'privacy'],
    perMinute: 12,
    audit: 'audit.verify',
  }),
} as const satisfies Record<string, Declaration<'call' | 'stream', z.ZodType, z.ZodType>>;

export type Contract = typeof contract;
export type ProcedureName = keyof Contract;
export type CallName = {
  [K in ProcedureName]: Contract[K]['kind'] extends 'call' ? K : never;
}[ProcedureName];
export type StreamName = {
  [K in ProcedureName]: Contract[K]['kind'] extends 'stream' ? K : never;
}[ProcedureName];
export type InputOf<K extends ProcedureName> = z.input<Contract[K]['input']>;
export type OutputOf<K extends ProcedureName> = z.output<Contract[K]['output']>;

/** What a refused or failed call answers. Safe to show. */
export const wireErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string().nullable(),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** Renderer to appliance; the same on the WebSocket, the pipe and in process. */
export const clientMessageSchema = z.union([
  z.strictObject({ id: z.number().int().nonnegative(), call: z.string().max(64), input: z.unknown() }),
  z.strictObject({ id: z.number().int().nonnegative(), listen: z.string().max(64), input: z.unknown() }),
  z.strictObject({ id: z.number().int().nonnegative(), cancel: z.literal(true) }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** Appliance to renderer. */
export const serverMessageSchema = z.union([
  z.strictObject({ id: z.number().int(), ok: z.unknown() }),
  z.strictObject({ id: z.number().int(), event: z.unknown() }),
  z.strictObject({ id: z.number().int(), done: z.literal(true) }),
  z.strictObject({ id: z.number().int(), error: wireErrorSchema }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;
