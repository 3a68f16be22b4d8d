import { z } from 'zod';

export const roleSchema = z.enum(['staff', 'supervisor', 'admin', 'auditor', 'privacy']);
export type Role = z.infer<typeof roleSchema>;

/** `public`: before anyone signed in. `signedIn`: any member. Else one of these roles. */
export type Access = 'public' | 'signedIn' | readonly Role[];

export interface Declaration<Kind extends 'call' | 'stream', In extends z.ZodType, Out extends z.ZodType> {
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
  /** Opens what is kept of people: counted as a read of records. */
  readonly reads?: true;
}

/** `Action` keeps the literal, so that main/api can hold every action to those that the audit log knows. */
export function call<In extends z.ZodType, Out extends z.ZodType, const Action extends string | null>(
  entry: Omit<Declaration<'call', In, Out>, 'kind' | 'audit'> & { readonly audit: Action },
) {
  return { kind: 'call', ...entry } as const;
}
export function stream<In extends z.ZodType, Out extends z.ZodType, const Action extends string | null>(
  entry: Omit<Declaration<'stream', In, Out>, 'kind' | 'audit'> & { readonly audit: Action },
) {
  return { kind: 'stream', ...entry } as const;
}

/** Who works at a desk. */
export const DESK_ROLES = ['staff', 'supervisor', 'admin'] as const;

/** A file of several, a block at a time: first what it is, then its bytes. */
export const archiveSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('made'), name: z.string(), bytes: z.number() }),
  z.object({ type: z.literal('block'), base64: z.base64() }),
]);

export const id = z.uuid();
export const text = (max: number) => z.string().trim().min(1).max(max);
export const nothing = z.strictObject({});
export const done = z.strictObject({});
export const conversationId = z.strictObject({ conversationId: id });
