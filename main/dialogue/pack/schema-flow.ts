/** One file under `flows/` as its author writes it. */
import { z } from 'zod';
import { name, phrase, tries, wording, words } from './schema-words.ts';

/** `path op literal`, joined by `and`/`or`: `result.found = true and amount > 100`. */
const condition = words;
const callArguments = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What the value of a slot must meet. A tool may be asked first; it must be one that only reads. */
const ruleSchema = z.strictObject({
  call: name.optional().describe('A tool that only reads, asked first'),
  with: callArguments.optional().describe('Its arguments; "{slot}" stands for the value of a slot'),
  save: name.optional().describe('Name under which `must`, `otherwise` and later steps read its result'),
  must: condition.describe('What must hold: `amount <= 2000`, `day_check.open = true`'),
  otherwise: wording.describe('Said when it does not hold, before the question is asked again'),
});
export type SlotRule = z.infer<typeof ruleSchema>;

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
  known: z
    .array(words)
    .min(1)
    .max(300)
    .optional()
    .describe('For spelled: names that are likely, heard where other letters would do as well'),
  optional: z.boolean().default(false).describe('Not asked for when it was not said'),
  sensitive: z
    .boolean()
    .default(false)
    .describe('Never shown, logged or recorded; kept in memory for the tool call'),
  subject: z
    .union([z.boolean(), name])
    .default(false)
    .describe(
      'The person is known by it: records are kept under them. A kind, or true for the name of the slot',
    ),
  confirm: z.boolean().default(false).describe('Always read back before it is used'),
  remember: z
    .boolean()
    .default(true)
    .describe('Later flows of the conversation that ask for a slot of this name use it again'),
  validate: z
    .union([ruleSchema, z.array(ruleSchema).min(1)])
    .optional()
    .describe('What a value must meet as soon as it is known; else it is asked for again'),
  tries: tries.optional().describe('How many times it is asked for before a person is offered'),
  afterTries: z
    .enum(['offerPerson', 'handOff'])
    .default('offerPerson')
    .describe('What happens then: a person is offered, or called at once'),
});
export type SlotDeclaration = z.infer<typeof slotSchema>;

export type Step =
  | { collect: string[]; recording?: 'pause' | undefined }
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
  | { do: string; with?: Record<string, string> | undefined }
  | { handOff: string; urgent?: boolean | undefined }
  | { end: string }
  | { start: string };

export const stepSchema: z.ZodType<Step> = z.lazy(() =>
  z.union([
    z.strictObject({
      collect: z.array(name).min(1).describe('Ask for these slots, in this order, where not yet known'),
      recording: z
        .literal('pause')
        .optional()
        .describe('`pause`: no sound is recorded while they are asked for, as with payment data'),
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
    z.strictObject({
      do: name.describe('Do this flow and come back: its slots and what it saves are known below'),
      with: z
        .record(name, words)
        .optional()
        .describe('Slots of it that are other slots here: `account: "{from_account}"`'),
    }),
    z.strictObject({
      handOff: words.describe('Hand over to a person, for this reason; the flow ends here'),
      urgent: z.boolean().optional().describe('Before a word is said; true where the flow takes over'),
    }),
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
  timeLimitSeconds: z
    .number()
    .int()
    .min(10)
    .max(7200)
    .optional()
    .describe('How long it may take before a person is offered; else as in desk.yaml'),
  steps: z.array(stepSchema).min(1),
});
export type FlowDeclaration = z.infer<typeof flowSchema>;
