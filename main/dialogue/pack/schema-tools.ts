/** `tools.yaml` as its author writes it. */
import { z } from 'zod';
import { name, words } from './schema-words.ts';

const jsonSchemaObject = z.record(z.string(), z.unknown()).describe('A JSON Schema of type object');

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written 09:00');

export const toolSchema = z.strictObject({
  server: name,
  description: words,
  risk: z.enum(['read', 'write', 'money', 'clinical']),
  arguments: jsonSchemaObject,
  result: jsonSchemaObject.optional(),
  owner: z
    .strictObject({
      field: name.describe('The field of the result, or of each of its rows, that says whose data it is'),
      subject: name.describe('The kind of subject, as slots declare it, whom it must be'),
    })
    .optional()
    .describe('Rows on anybody but the subject of the conversation are never told'),
  roles: z
    .array(z.enum(['staff', 'supervisor', 'admin']))
    .min(1)
    .default(['staff', 'supervisor', 'admin']),
  confirm: z.enum(['none', 'spoken', 'screen']).default('none'),
  confirmText: words
    .optional()
    .describe('Read before it is done; {argument} stands for the value that will be sent'),
  stepUp: z.enum(['none', 'code', 'secondPerson']).default('none'),
  stepUpRoles: z
    .array(z.enum(['staff', 'supervisor', 'admin']))
    .min(1)
    .default(['supervisor', 'admin'])
    .describe('Who may be the second person'),
  limits: z
    .strictObject({
      perTurn: z.number().int().positive().default(3),
      perConversation: z.number().int().positive().default(20),
      perHour: z.number().int().positive().optional(),
      perDay: z.number().int().positive().optional(),
      most: z
        .record(z.string(), z.number().positive())
        .optional()
        .describe('Highest value of a numeric argument'),
      mostPerDay: z
        .record(z.string(), z.number().positive())
        .optional()
        .describe('Highest sum of a numeric argument over the last 24 hours'),
    })
    .prefault({}),
  hours: z
    .strictObject({ from: timeOfDay, to: timeOfDay })
    .optional()
    .describe('Local time of day in which it may be called'),
  timeoutMs: z.number().int().min(100).max(60000).default(5000),
  idempotent: z.boolean().default(false),
});
export type ToolDeclaration = z.infer<typeof toolSchema>;

const processSchema = z.strictObject({
  transport: z.literal('stdio').default('stdio'),
  command: words.describe('"node" is the Node that runs Sotto; else a program on the path'),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});
const lanSchema = z.strictObject({
  transport: z.literal('http').describe('A server on the LAN of the site, which has to allow it'),
  url: words.describe('https://host:port/path; plain http on loopback only'),
  ca: words.optional().describe('A PEM file of the pack: the authority that signed its certificate'),
  fingerprint: words.optional().describe('Or the SHA-256 of its certificate, 64 hex digits'),
  key: z.boolean().default(false).describe('It wants a bearer key, which the site keeps in the vault'),
});
export const serverSchema = z.union([processSchema, lanSchema]);
export type ServerDeclaration = z.infer<typeof serverSchema>;

export const toolsFileSchema = z.strictObject({
  servers: z.record(name, serverSchema).default({}),
  tools: z.record(name, toolSchema).default({}),
});
export type ToolsFile = z.infer<typeof toolsFileSchema>;
