/** From what a model wrote to commands that are taken: the same checks as for what the phrases of the pack say. */
import type { Command, Understanding } from '../acts.ts';
import type { Slot } from '../language/scope.ts';
import { spellNumbers, type Token, tokenise } from '../language/words.ts';
import type { CommandForm, WrittenCommand } from './command-form.ts';
import { harmlessWords } from './harmless.ts';
import type { Flows, Situation, Vocabulary } from './vocabulary.ts';

/** How sure a model's choice of command is taken to be: it tells nothing about that itself that could be relied on. */
const CHOSEN = 0.6;
/** Of a value: less than packs take without asking back, so that the person hears it before it is used. */
const VALUE = 0.3;

export type ReadCommands =
  | { readonly understanding: Understanding }
  /** Why the answer is not used. `nothing`: the model found nothing that the desk does. */
  | { readonly refused: 'no-json' | 'outside' | 'not-said' | 'not-a-value' | 'nothing' };

interface Context {
  readonly flows: Flows;
  readonly situation: Situation;
  readonly vocabulary: Vocabulary;
  readonly form: CommandForm;
  /** As the person said it. */
  readonly text: string;
  readonly now: number;
}

/** Reads an answer. One wrong command and none is taken: half of an answer may mean something else than the whole. */
export function readCommands(answer: string, context: Context): ReadCommands {
  let written: unknown;
  try {
    written = JSON.parse(answer);
  } catch {
    return { refused: 'no-json' };
  }
  const parsed = context.form.check.safeParse(written);
  if (!parsed.success) return { refused: 'outside' };
  const { commands } = parsed.data;
  if (commands.length === 0) return { refused: 'nothing' };
  const started = commands.filter((each) => each.command === 'startFlow');
  const lone = commands.filter(({ command }) => !['startFlow', 'setSlot', 'correctSlot'].includes(command));
  if (started.length > 1 || (lone.length > 0 && commands.length > 1)) return { refused: 'outside' };
  const { expectation } = context.situation;
  const current = expectation.kind === 'open' ? context.situation.flow : expectation.flow;
  const flow = started[0]?.flow ?? current;
  return taken(commands, flow, started.length > 0, context);
}

function taken(
  commands: readonly WrittenCommand[],
  flow: string | null,
  starts: boolean,
  context: Context,
): ReadCommands {
  const slots: Record<string, string> = {};
  const found: Command[] = [];
  for (const command of commands) {
    switch (command.command) {
      case 'setSlot':
      case 'correctSlot': {
        const value = readValue(command, flow, starts, context);
        if (typeof value === 'string') return { refused: value };
        if (Object.hasOwn(slots, command.slot)) return { refused: 'outside' };
        slots[command.slot] = value.value;
        found.push({ command: command.command, slot: command.slot, ...value });
        break;
      }
      case 'askKnowledge':
        // The question is what the person said, never what the model would like to ask.
        found.push({ command: 'askKnowledge', question: context.text });
        break;
      case 'clarify': {
        const flows = [...new Set(command.flows)];
        if (flows.length < 2) return { refused: 'outside' };
        found.push({ command: 'clarify', flows });
        break;
      }
      case 'startFlow':
        found.push(command);
        break;
      default:
        found.push({ command: command.command });
    }
  }
  const told = starts || Object.keys(slots).length > 0;
  const { text } = context;
  const base = { text, inScope: true, confidence: CHOSEN, complete: false };
  return { understanding: { ...base, flow: told ? flow : null, slots, commands: found } };
}

type Refusal = Extract<ReadCommands, { refused: unknown }>['refused'];

function readValue(
  { command, slot, value }: Extract<WrittenCommand, { slot: string }>,
  flow: string | null,
  starts: boolean,
  { flows, vocabulary, now }: Context,
): { readonly value: string; readonly confidence: number } | Refusal {
  const own = command === 'correctSlot' ? vocabulary.correctable : vocabulary.settable;
  const forms = starts ? (vocabulary.flows.get(flow ?? '') ?? []) : own;
  const form = forms.find((each) => each.slot === slot);
  const declared = flows.get(flow ?? '')?.slots.get(slot);
  if (!form || !declared || (starts && command === 'correctSlot')) return 'outside';
  if (form.values !== null) {
    if (!form.values.includes(value)) return 'outside';
    return { value, confidence: VALUE };
  }
  if (!isQuoted(value, vocabulary.words)) return 'not-said';
  const normal = normalised(declared, value, now);
  return normal === null ? 'not-a-value' : { value: normal, confidence: VALUE };
}

/** Whether the words stand in the transcript, in this order and without a gap. */
function isQuoted(quote: string, words: readonly string[]): boolean {
  const wanted = harmlessWords(quote, words.length + 1);
  if (wanted.length === 0 || wanted.join(' ') !== quote) return false;
  return words.some((_, at) => wanted.every((word, offset) => words[at + offset] === word));
}

/** The value that all of the words together say, by the slot's own reading; null when they say none. */
function normalised(slot: Slot, quote: string, now: number): string | null {
  for (const tokens of readings(quote)) {
    const whole = slot.type.match(sentence(quote, tokens, now), 0).find(({ end }) => end === tokens.length);
    if (whole) return whole.value;
  }
  return null;
}

/** As written, and with its numbers in words. */
function readings(text: string): readonly (readonly Token[])[] {
  const tokens = tokenise(text);
  return [tokens, spellNumbers(tokens)];
}

function sentence(text: string, tokens: readonly Token[], now: number) {
  return { text, tokens, words: tokens.map((token) => token.text), now };
}
