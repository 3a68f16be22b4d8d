import { z } from 'zod';
import { type Json, SottoError } from '../../base/index.ts';
import type { Expectation } from '../acts.ts';
import type { DeskPack } from '../pack/pack.ts';

/** More is not asked for in one sentence; and a model that babbles is cut. */
const MOST_COMMANDS = 4;
const LONGEST_VALUE = 80;

/** What a model may say, whatever it thinks: the commands of this desk, in this state. It never confirms anything. */
export type ModelCommand =
  | { readonly command: 'startFlow'; readonly flow: string }
  | { readonly command: 'setSlot' | 'correctSlot'; readonly slot: string; readonly value: string }
  | { readonly command: 'clarify'; readonly flows: readonly string[] }
  | { readonly command: 'askKnowledge' | 'cancel' | 'handOff' | 'outOfScope' };

/** The closed vocabulary in one state of a desk. */
export interface Vocabulary {
  readonly flows: readonly string[];
  /** Slots of the flow that is being talked about. */
  readonly slots: readonly string[];
  readonly knowledge: boolean;
}

/** Flows that a person can ask for: not those that only other flows do, nor those that safety starts. */
export function vocabularyOf(pack: DeskPack, expectation: Expectation): Vocabulary {
  const flows = Object.values(pack.flows)
    .filter(({ phrases, examples }) => phrases.length + examples.length > 0)
    .map(({ flow }) => flow);
  const flow = expectation.kind === 'slot' ? pack.flows[expectation.flow] : undefined;
  return { flows, slots: Object.keys(flow?.slots ?? {}), knowledge: pack.knowledge.length > 0 };
}

/** The grammar of commands as JSON Schema: an engine in process cannot produce anything else. */
export function commandSchema({ flows, slots, knowledge }: Vocabulary): Json {
  const command = (name: string, properties: Readonly<Record<string, Json>> = {}): Json => ({
    type: 'object',
    properties: { command: { const: name }, ...properties },
    required: ['command', ...Object.keys(properties)],
    additionalProperties: false,
  });
  const flow: Json = { enum: [...flows] };
  const value: Json = { type: 'string', minLength: 1, maxLength: LONGEST_VALUE };
  const slot = { slot: { enum: [...slots] }, value };
  return {
    type: 'object',
    properties: {
      commands: {
        type: 'array',
        minItems: 1,
        maxItems: MOST_COMMANDS,
        items: {
          oneOf: [
            ...(flows.length > 0 ? [command('startFlow', { flow })] : []),
            ...(flows.length > 1
              ? [command('clarify', { flows: { type: 'array', items: flow, minItems: 2, maxItems: 3 } })]
              : []),
            ...(slots.length > 0 ? [command('setSlot', slot), command('correctSlot', slot)] : []),
            ...(knowledge ? [command('askKnowledge')] : []),
            command('cancel'),
            command('handOff'),
            command('outOfScope'),
          ],
        },
      },
    },
    required: ['commands'],
    additionalProperties: false,
  };
}

/**
 * What a model answered, if it is of the vocabulary: an answer from the LAN is checked here as an engine's own is.
 * @throws SottoError `model/bad-answer`.
 */
export function parseCommands(
  text: string,
  { flows, slots, knowledge }: Vocabulary,
): readonly ModelCommand[] {
  const flow = z.string().refine((name) => flows.includes(name));
  const slot = z.string().refine((name) => slots.includes(name));
  const value = z.string().min(1).max(LONGEST_VALUE);
  const simple = z.enum([
    'cancel',
    'handOff',
    'outOfScope',
    ...(knowledge ? (['askKnowledge'] as const) : []),
  ]);
  const schema = z.strictObject({
    commands: z
      .array(
        z.union([
          z.strictObject({ command: z.literal('startFlow'), flow }),
          z.strictObject({ command: z.literal('clarify'), flows: z.array(flow).min(2).max(3) }),
          z.strictObject({ command: z.enum(['setSlot', 'correctSlot']), slot, value }),
          z.strictObject({ command: simple }),
        ]),
      )
      .min(1)
      .max(MOST_COMMANDS),
  });
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data.commands;
  throw new SottoError('model/bad-answer', 'The language model did not answer in the commands of the desk.');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
