/**
 * The desk pack as its author writes it: `desk.yaml`, `tools.yaml` and one file a flow under `flows/`.
 * These schemas are the format's only definition; the JSON Schema for editors is generated from them.
 */
import { z } from 'zod';

const name = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]*$/, 'a name starts with a small letter and has letters, digits and _ only');
const folderName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'an id has small letters, digits and hyphens only');
const words = z.string().trim().min(1);
/** One wording, or several of which one is chosen. `{slot}` and `{result.field}` are filled in. */
const wording = z.union([words, z.array(words).min(1)]);
/** Words, `[optional]`, `(one|another)`, `<list>`, `{slot}`, `(…)*`, `(…)+`. */
const phrase = words;

export const slotSchema = z.strictObject({
  type: z
    .string()
    .regex(
      /^(amount|date|time|phone|digits(\(\d+(-\d+)?\))?|spelled|choice|yesNo|text)$/,
      'unknown slot type',
    )
    .describe('amount, date, time, phone, digits(n), digits(n-m), spelled, choice, yesNo or text'),
  ask: wording.optional().describe('The question that asks for it'),
  options: z
    .record(z.string(), z.array(phrase).min(1))
    .optional()
    .describe('For choice: each value with the words for it'),
  optional: z.boolean().default(false).describe('Not asked for when it was not said'),
  sensitive: z
    .boolean()
    .default(false)
    .describe('Never shown, logged or recorded; kept in memory for the tool call'),
  confirm: z.boolean().default(false).describe('Always read back before it is used'),
  remember: z
    .boolean()
    .default(true)
    .describe('Later flows of the conversation that ask for a slot of this name use it again'),
});
export type SlotDeclaration = z.infer<typeof slotSchema>;

/** `path op literal`, joined by `and`/`or`: `result.found = true and amount > 100`. */
const condition = words;
const callArguments = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export type Step =
  | { collect: string[] }
  | { say: string | string[] }
  | {
      call: string;
      with?: Record<string, string | number | boolean> | undefined;
      save?: string | undefined;
      otherwise?: Step[] | undefined;
    }
  | { if: string; then: Step[]; else?: Step[] | undefined }
  | { answer: string }
  | { forget: string[] }
  | { handOff: string }
  | { end: string }
  | { start: string };

export const stepSchema: z.ZodType<Step> = z.lazy(() =>
  z.union([
    z.strictObject({
      collect: z.array(name).min(1).describe('Ask for these slots, in this order, where not yet known'),
    }),
    z.strictObject({ say: wording }),
    z.strictObject({
      call: name.describe('A tool declared in tools.yaml'),
      with: callArguments.optional().describe('Arguments; "{slot}" stands for the value of a slot'),
      save: name.optional().describe('Name under which steps below read the result'),
      otherwise: z
        .array(stepSchema)
        .min(1)
        .optional()
        .describe(
          'Steps when it is refused or fails, after saying so; then, and without them, the flow ends',
        ),
    }),
    z.strictObject({
      if: condition,
      // biome-ignore lint/suspicious/noThenProperty: the word that authors read; never awaited
      then: z.array(stepSchema).min(1),
      else: z.array(stepSchema).min(1).optional(),
    }),
    z.strictObject({
      answer: words.describe('Answer this question from the knowledge pages; "{question}" is what was said'),
    }),
    z.strictObject({
      forget: z.array(name).min(1).describe('Forget these slots, so that a later collect asks again'),
    }),
    z.strictObject({ handOff: words.describe('Hand over to a person, for this reason; the flow ends here') }),
    z.strictObject({ end: words.describe('End the conversation, for this reason') }),
    z.strictObject({ start: name.describe('Continue with this flow') }),
  ]),
);

export const flowSchema = z.strictObject({
  flow: name,
  description: words.describe('What it does for the person, as help says it: "block a lost card"'),
  phrases: z.array(phrase).describe('What people say to start it'),
  examples: z
    .array(words)
    .default([])
    .describe('Whole sentences, for understanding only (not decoded by the grammar)'),
  lists: z.record(name, z.array(phrase).min(1)).default({}),
  slots: z.record(name, slotSchema).default({}),
  takesOver: z
    .boolean()
    .default(false)
    .describe('Interrupts any other flow (emergencies, fraud in progress)'),
  inHelp: z.boolean().default(true),
  steps: z.array(stepSchema).min(1),
});
export type FlowDeclaration = z.infer<typeof flowSchema>;

export const deskSchema = z.strictObject({
  format: z.literal(1),
  id: folderName,
  name: words,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version is three numbers: 1.0.0'),
  language: z.literal('en-US').default('en-US'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD'),
  agent: z.strictObject({
    name: words,
    voice: z
      .strictObject({ name: words.default('en-us'), rate: z.number().int().min(80).max(300).default(165) })
      .prefault({}),
  }),
  disclosures: z
    .array(z.strictObject({ id: folderName, say: words, show: words.optional() }))
    .min(1)
    .describe('Said and shown before anything else; one of them says that this is an automated assistant'),
  greeting: wording,
  replies: z
    .strictObject({
      help: wording,
      outOfScope: wording,
      notUnderstood: wording,
      cancelled: wording,
      nothingToCancel: wording,
      anythingElse: wording,
      unknownAnswer: wording,
      fault: wording,
      silence: wording,
      farewell: wording,
    })
    .partial()
    .prefault({})
    .describe('Wordings that differ from the built-in ones; {abilities} in help lists the flows'),
  handOff: z.strictObject({
    to: words.describe('"a teller"'),
    say: wording,
    phrases: z.array(phrase).default([]),
  }),
  lists: z
    .record(name, z.array(phrase).min(1))
    .default({})
    .describe('Named alternatives, used in phrases as <list>'),
  pronunciations: z
    .record(words, z.union([words, z.array(words)]))
    .default({})
    .describe('ARPAbet, for words the dictionary lacks'),
  turnTaking: z
    .strictObject({
      completeMs: z
        .number()
        .int()
        .min(100)
        .max(3000)
        .default(350)
        .describe('Pause that ends a complete answer'),
      incompleteMs: z
        .number()
        .int()
        .min(200)
        .max(5000)
        .default(900)
        .describe('Pause that ends anything else'),
      silenceMs: z
        .number()
        .int()
        .min(2000)
        .max(60000)
        .default(9000)
        .describe('Silence before the agent speaks again'),
    })
    .prefault({}),
  outsideAbove: z
    .number()
    .min(5)
    .max(40)
    .default(18)
    .describe(
      'How much better free speech sounds may explain what was said before it counts as outside the grammar; ' +
        'higher takes more for said at this desk',
    ),
  confirmBelow: z
    .number()
    .min(0)
    .max(1)
    .default(0.35)
    .describe('A slot heard with less confidence than this is read back'),
});
export type DeskDeclaration = z.infer<typeof deskSchema>;

const jsonSchemaObject = z.record(z.string(), z.unknown()).describe('A JSON Schema of type object');

export const toolSchema = z.strictObject({
  server: name,
  description: words,
  risk: z.enum(['read', 'write', 'money', 'clinical']),
  arguments: jsonSchemaObject,
  result: jsonSchemaObject.optional(),
  roles: z
    .array(z.enum(['staff', 'supervisor', 'admin']))
    .min(1)
    .default(['staff', 'supervisor', 'admin']),
  confirm: z.enum(['none', 'spoken', 'screen']).default('none'),
  confirmText: words
    .optional()
    .describe('Read before it is done; {argument} stands for the value that will be sent'),
  stepUp: z.enum(['none', 'code', 'secondPerson']).default('none'),
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
    })
    .prefault({}),
  hours: z
    .strictObject({ from: z.string().regex(/^\d\d:\d\d$/), to: z.string().regex(/^\d\d:\d\d$/) })
    .optional()
    .describe('Local time of day in which it may be called'),
  timeoutMs: z.number().int().min(100).max(60000).default(5000),
  idempotent: z.boolean().default(false),
});
export type ToolDeclaration = z.infer<typeof toolSchema>;

export const serverSchema = z.strictObject({
  transport: z.literal('stdio').default('stdio'),
  command: words.describe('"node" is the Node that runs Sotto; else a program on the path'),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});
export type ServerDeclaration = z.infer<typeof serverSchema>;

export const toolsFileSchema = z.strictObject({
  servers: z.record(name, serverSchema).default({}),
  tools: z.record(name, toolSchema).default({}),
});
export type ToolsFile = z.infer<typeof toolsFileSchema>;
