/**
 * The contract: all that a renderer can ever ask of the appliance, one file a subject under `contract/`.
 *
 * Each entry declares its input, its output, who may call it, how often, and the audit action it leaves. What is
 * not here cannot be called. The renderer imports this file and client.ts and nothing else of main/; it holds schemas
 * and nothing else.
 */
import type { z } from 'zod';
import { auditContract } from './contract/audit.ts';
import { conversationContract } from './contract/conversation.ts';
import type { Declaration } from './contract/declare.ts';
import { guardContract } from './contract/guard.ts';
import { incidentsContract } from './contract/incidents.ts';
import { membersContract } from './contract/members.ts';
import { packsContract } from './contract/packs.ts';
import { recordsContract } from './contract/records.ts';
import { retentionContract } from './contract/retention.ts';
import { safetyContract } from './contract/safety.ts';
import { sessionContract } from './contract/session.ts';
import { soundContract } from './contract/sound.ts';
import { systemContract } from './contract/system.ts';

export { type ConversationEvent, conversationEventSchema } from './contract/conversation-events.ts';
export { type Access, type Role, roleSchema } from './contract/declare.ts';
export { type Member, memberSchema } from './contract/members.ts';
export {
  type Check,
  checkSchema,
  type DeskSummary,
  deskSummarySchema,
  type Status,
  statusSchema,
} from './contract/system.ts';
export * from './contract/wire.ts';

export const contract = {
  ...systemContract,
  ...sessionContract,
  ...soundContract,
  ...conversationContract,
  ...recordsContract,
  ...retentionContract,
  ...auditContract,
  ...membersContract,
  ...safetyContract,
  ...incidentsContract,
  ...guardContract,
  ...packsContract,
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
