import { z } from 'zod';

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
