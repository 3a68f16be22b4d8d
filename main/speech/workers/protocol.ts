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

/** Answered by every worker; how a supervisor sees that it is not stuck. */
export const PING = 'ping';

/** A block of sound in a message: an instance check instead of a schema, so that audio stays cheap. */
export function samplesSchema(most: number) {
  return z.custom<Float32Array>((value) => value instanceof Float32Array && value.length <= most);
}
