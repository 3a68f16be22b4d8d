import { z } from 'zod';

/** What a parent asks of a worker. `call` is answered, `cast` is not. Bodies are checked by each operation. */
export const requestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: z.int().positive(), op: z.string(), body: z.unknown() }),
  z.strictObject({ kind: z.literal('cast'), op: z.string(), body: z.unknown() }),
]);
export type Request = z.infer<typeof requestSchema>;

const failure = { code: z.string(), message: z.string(), remedy: z.string().optional() };

/** What a worker says. */
export const responseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  /** The engine cannot be loaded: a library or a model is missing. The worker ends. */
  z.strictObject({ kind: z.literal('failed'), ...failure }),
  z.strictObject({ kind: z.literal('reply'), id: z.int(), body: z.unknown() }),
  z.strictObject({ kind: z.literal('error'), id: z.int(), ...failure }),
  /** Something on a stream that nobody waits for: a partial, a block of sound. */
  z.strictObject({ kind: z.literal('event'), stream: z.string(), body: z.unknown() }),
]);
export type Response = z.infer<typeof responseSchema>;

/** Answered by every worker; how a supervisor sees that it is not stuck, and how much memory it holds. */
export const PING = 'ping';
/** Bytes that the operating system holds for the process, files mapped into it counted in. */
export const pongSchema = z.strictObject({ residentBytes: z.number().nonnegative() });
