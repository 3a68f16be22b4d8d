/** `desk.yaml` as its author writes it. */
import { z } from 'zod';
import { SENSITIVE_TYPES } from '../../guard/index.ts';
import { folderName, languageTag, name, phrase, tries, wording, words } from './schema-words.ts';

/** A subject that is never gone into, not even by the knowledge pages. */
const topicSchema = z.strictObject({
  topic: name,
  say: wording.describe('What is said instead'),
  phrases: z.array(phrase).default([]).describe('How people bring it up'),
  examples: z.array(words).default([]).describe('Whole sentences, for understanding only'),
  words: z
    .array(words)
    .default([])
    .describe('Words that give the subject away, in a question or in a reply: "bitcoin", "stock tip"'),
});
export type NeverTopic = z.infer<typeof topicSchema>;

const situationSchema = z.strictObject({
  say: wording.optional().describe('What is said; a person is called in any case'),
  handOff: z
    .enum(['urgent', 'calm'])
    .default('urgent')
    .describe('urgent: the person is called before a word is said'),
  start: name.optional().describe('A flow of the pack that deals with it, instead of `say`'),
  phrases: z.array(phrase).default([]).describe('Words for it, beside those that Sotto knows'),
  examples: z.array(words).default([]),
});
export type SituationDeclaration = z.infer<typeof situationSchema>;

/** Signs of a shape that stand for something; the rest only makes it readable. */
const signsIn = (shape: string) => shape.replace(/[^A-Za-z0-9]/g, '');
const shapeSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9 ./-]{1,39}$/,
    'a shape has letters and digits, and - . / or spaces between them',
  )
  .refine((shape) => signsIn(shape).length >= 3, 'a shape has three signs or more')
  .refine((shape) => /\d/.test(shape), 'a shape has a digit: 9 stands for any');

/**
 * A kind of data of the desk's own that is never kept. Declared by shape and words, not as a pattern: so it is found as it is
 * spoken too, and nothing that can be written here is slow to look for.
 */
const sensitiveTypeSchema = z
  .strictObject({
    type: folderName
      .refine(
        (type) => !SENSITIVE_TYPES.some((own) => own === type),
        'Sotto has a type of this name already; choose another',
      )
      .describe('Stands in records where a value was: [customer-number]'),
    shapes: z
      .array(shapeSchema)
      .max(10)
      .default([])
      .describe('A stands for a letter, 9 for a digit, anything else for itself: "HB-999999"'),
    near: z
      .array(words)
      .max(20)
      .default([])
      .describe('Words before or after it, or in the question, that tell it from other values of its shape'),
    words: z.array(words).max(300).default([]).describe('Words and names that are never kept, wherever said'),
  })
  .refine(({ shapes, words }) => shapes.length + words.length > 0, 'it has `shapes` or `words`')
  .refine(
    ({ shapes, near }) => near.length > 0 || shapes.every((shape) => signsIn(shape).length >= 5),
    'a shape of fewer than five signs needs words `near` it, or half of all numbers would be taken for it',
  );
export type SensitiveTypeDeclaration = z.infer<typeof sensitiveTypeSchema>;

export const deskSchema = z.strictObject({
  format: z.literal(1),
  id: folderName,
  name: words,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version is three numbers: 1.0.0'),
  language: z.literal('en-US').default('en-US').describe('What is understood and spoken'),
  otherLanguages: z
    .array(languageTag)
    .default([])
    .describe('Languages that every text is written in as well: say: { en-US: …, es-US: … }'),
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
      cannot: wording,
      takesLong: wording,
      timeUp: wording,
    })
    .partial()
    .prefault({})
    .describe('Wordings that differ from the built-in ones; {abilities} in help lists the flows'),
  handOff: z.strictObject({
    to: words.describe('"a teller"'),
    say: wording,
    phrases: z.array(phrase).default([]),
  }),
  cannot: z
    .array(words)
    .default([])
    .describe('What it says when asked what it cannot do: "give medical advice"'),
  neverDiscuss: z.array(topicSchema).default([]).describe('Subjects that are never gone into'),
  situations: z
    .strictObject({
      emergency: situationSchema,
      distress: situationSchema,
      threat: situationSchema,
      fraud: situationSchema,
    })
    .partial()
    .prefault({})
    .describe('Sensitive situations that take over any flow; Sotto knows many words for each'),
  mayPromise: z
    .array(words)
    .max(100)
    .default([])
    .describe(
      'Phrases that make a promise sayable which is not in the words of this pack: in what tools return, or a model says of a page',
    ),
  sensitiveTypes: z
    .array(sensitiveTypeSchema)
    .max(20)
    .default([])
    .describe('Data of this desk that is never kept, beside cards, accounts, names and the like'),
  tries: tries.default(3).describe('How many times a question is asked before a person is offered'),
  timeLimits: z
    .strictObject({
      questionSeconds: z.number().int().min(10).max(3600).default(120),
      flowSeconds: z.number().int().min(10).max(7200).default(600),
      conversationMinutes: z.number().int().min(1).max(240).default(30),
    })
    .prefault({})
    .describe(
      'How long a question and a flow may take before a person is offered, and a conversation at all',
    ),
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
      answeredMs: z
        .number()
        .int()
        .min(100)
        .max(3000)
        .default(190)
        .describe('Pause that ends the answer asked for: all the digits, one of the choices'),
      completeMs: z
        .number()
        .int()
        .min(100)
        .max(3000)
        .default(260)
        .describe(
          'Pause that ends a yes or no, or a sentence to which one optional slot can be added at most',
        ),
      wholeMs: z
        .number()
        .int()
        .min(150)
        .max(4000)
        .default(400)
        .describe('Pause that ends a sentence which can stand, though more could follow'),
      incompleteMs: z
        .number()
        .int()
        .min(200)
        .max(5000)
        .default(900)
        .describe('Pause that ends anything else'),
      thinkingMs: z
        .number()
        .int()
        .min(200)
        .max(6000)
        .default(1400)
        .describe('Pause that ends what breaks off in the middle of a number or a thought'),
      eagerMs: z
        .number()
        .int()
        .min(60)
        .max(3000)
        .default(130)
        .describe('Pause after a complete answer in which the reply is already got ready'),
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
        'higher takes more for said at this desk; noise in the room is allowed for',
    ),
  confirmBelow: z
    .number()
    .min(0)
    .max(1)
    .default(0.35)
    .describe('A slot heard with less confidence than this is read back'),
});
export type DeskDeclaration = z.infer<typeof deskSchema>;
