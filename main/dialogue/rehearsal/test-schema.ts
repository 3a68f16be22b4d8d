/** Conversations that a desk must hold as written: one file under `tests/` as its author writes it. */
import { z } from 'zod';
import { name, words } from '../pack/schema-words.ts';

const json = z.record(z.string(), z.json());

/** What a tool answers in the test: its result, or one of `refuses`, `fails`, `unknown` with the words for it. */
const answer = json.describe('The result; or { refuses: words }, { fails: words }, { unknown: words }');
const answers = z
  .record(name, z.union([answer, z.array(answer).min(1)]))
  .describe('What each tool answers; of a list one after the other, the last for good');

const matcher = z.union([
  words,
  z.strictObject({ is: words }),
  z.strictObject({ matches: words.describe('A regular expression') }),
  z.strictObject({ wording: words.describe('greeting, handOff, or the name of a reply: anythingElse') }),
  z.strictObject({ not: words }),
]);
export type Matcher = z.infer<typeof matcher>;
const replied = z
  .union([matcher, z.array(matcher).min(1)])
  .describe('What the reply has in it; or { is }, { matches }, { wording }, { not }; of a list all');

const call = z.union([
  name,
  z.record(name, json).describe('Tool and arguments; those that are not named may be anything'),
]);
const calls = z.union([call, z.array(call)]);
export type Calls = z.infer<typeof calls>;

const turnSchema = z.strictObject({
  said: z.string().optional().describe('What the person types'),
  heard: z.string().optional().describe('What the recogniser made of it'),
  sure: z.number().min(0).max(1).optional().describe('How sure the recogniser was; default 0.9'),
  screen: z.enum(['approve', 'refuse']).optional().describe('A click instead of words'),
  proof: z.literal(true).optional().describe('The further check (stepUp) is made on the screen'),
  silence: z.literal(true).optional().describe('Nobody says anything'),
  after: z.number().min(0).optional().describe('Seconds that went by before'),
  replied: replied.optional(),
  called: calls.optional().describe('The tools that were carried out in this turn, all of them, in order'),
  proposed: calls.optional().describe('The tools that were put to the person for a yes'),
  asked: words.optional().describe('The slot that is asked for; yesNo for a yes or no; nothing'),
  flow: words.optional().describe('The flow at work after the turn; none'),
  state: z.record(name, z.string()).optional().describe('Values of slots after the turn'),
  handOff: z
    .union([z.boolean(), words])
    .optional()
    .describe('Whether a person was called: true, false, urgent, or a part of the reason'),
  ended: z.boolean().optional(),
});
export type TurnDeclaration = z.infer<typeof turnSchema>;

export const testsFileSchema = z.strictObject({
  tools: answers.default({}).describe('Answers for all tests of the file'),
  tests: z
    .array(
      z.strictObject({
        name: words,
        now: z
          .string()
          .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'a time is written as 2026-04-27T09:30')
          .default('2026-04-27T09:00')
          .describe('Local time at the desk'),
        language: words.optional().describe('One of the languages of the pack'),
        tools: answers.default({}),
        opening: replied.optional().describe('What the first words have in them'),
        talk: z.array(turnSchema).min(1),
      }),
    )
    .min(1),
});
export type TestDeclaration = z.infer<typeof testsFileSchema>['tests'][number];
export type Answers = z.infer<typeof answers>;
