import { z } from 'zod';

/** What the worker is asked for. */
export const generateSchema = z.strictObject({
  id: z.string(),
  lane: z.enum(['commands', 'phrasing']),
  system: z.string().max(200_000),
  prompt: z.string().max(60_000),
  grammar: z.string().max(500_000),
  maxTokens: z.int().min(1).max(2048),
});
export type GenerateRequest = z.infer<typeof generateSchema>;
export const cancelSchema = z.strictObject({ id: z.string() });
export const generatedSchema = z.strictObject({
  text: z.string(),
  firstTokenMs: z.number(),
  tookMs: z.number(),
  tokens: z.int(),
  promptTokens: z.int(),
  reusedTokens: z.int(),
});
/** Environment of the worker. */
export const SETTINGS = 'SOTTO_MODEL';
export const settingsSchema = z.strictObject({
  file: z.string(),
  threads: z.int().min(1).max(64),
  contextTokens: z.int().min(256).max(131_072),
});
