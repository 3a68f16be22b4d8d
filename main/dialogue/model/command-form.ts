/** The command grammar of a state: as a schema that checks, as JSON Schema and as GBNF that force. */
import { z } from 'zod';
import type { AnswerForm } from './language-model.ts';
import type { SlotForm, Vocabulary } from './vocabulary.ts';

/** Commands of one answer. */
const MOST_COMMANDS = 6;
const MOST_CLARIFIED = 3;
/** Characters of a quotation. */
const LONGEST_QUOTE = 240;
/** Tokens of the longest answer that makes sense: six commands, one of them with a sentence in it. */
export const MOST_ANSWER_TOKENS = 400;

/** A command as a model writes it. `quote` stands for words of the person. */
export type WrittenCommand =
  | { readonly command: 'startFlow'; readonly flow: string }
  | { readonly command: 'setSlot' | 'correctSlot'; readonly slot: string; readonly value: string }
  | { readonly command: 'clarify'; readonly flows: readonly string[] }
  | { readonly command: 'cancel' | 'askKnowledge' | 'handOff' };

export interface CommandForm extends AnswerForm {
  /** What an answer must pass, however it was made. */
  readonly check: z.ZodType<{ readonly commands: readonly WrittenCommand[] }>;
}

export function commandForm(vocabulary: Vocabulary): CommandForm {
  const check = checkOf(vocabulary);
  const { $schema: _, ...schema } = z.toJSONSchema(check);
  return { name: 'commands', check, schema, grammar: commandGrammar(vocabulary) };
}

function checkOf(vocabulary: Vocabulary): CommandForm['check'] {
  const plain = z.strictObject({ command: z.enum(['cancel', 'askKnowledge', 'handOff']) });
  const options: z.ZodType<WrittenCommand>[] = [plain];
  const [first, ...rest] = vocabulary.flows.keys();
  if (first !== undefined) {
    const flow = z.enum([first, ...rest]);
    options.push(
      z.strictObject({ command: z.literal('startFlow'), flow }),
      z.strictObject({ command: z.literal('clarify'), flows: z.array(flow).min(2).max(MOST_CLARIFIED) }),
    );
  }
  const set = [...vocabulary.settable, ...[...vocabulary.flows.values()].flat()];
  options.push(...different(set).map((form) => slotSchema('setSlot', form)));
  options.push(...different(vocabulary.correctable).map((form) => slotSchema('correctSlot', form)));
  return z.strictObject({ commands: z.array(z.union(options)).max(MOST_COMMANDS) });
}

function slotSchema(
  command: 'setSlot' | 'correctSlot',
  { slot, values }: SlotForm,
): z.ZodType<WrittenCommand> {
  const value = values === null ? z.string().min(1).max(LONGEST_QUOTE) : z.enum(values);
  return z.strictObject({ command: z.literal(command), slot: z.literal(slot), value });
}

/** Flows share slots: each form once. */
function different(forms: readonly SlotForm[]): readonly SlotForm[] {
  return [...new Map(forms.map((form) => [JSON.stringify(form), form])).values()];
}

/**
 * GBNF. Tighter than the schema can be: at most one flow is started and only its slots follow; a quotation is a run of
 * words that the person has said, so that no number can be written that was not spoken.
 */
function commandGrammar(vocabulary: Vocabulary): string {
  const rules = new Map<string, string>();
  const starts = [...vocabulary.flows].map(([flow, forms], at) => {
    const start = literal(`{"command":"startFlow","flow":${JSON.stringify(flow)}}`);
    const sets = slotRules(rules, `flow-${at}`, 'setSlot', vocabulary, forms);
    return sets === '' ? start : `${start} ("," (${sets})){0,${MOST_COMMANDS - 1}}`;
  });
  const own = [
    slotRules(rules, 'set', 'setSlot', vocabulary, vocabulary.settable),
    slotRules(rules, 'correct', 'correctSlot', vocabulary, vocabulary.correctable),
  ].filter((rule) => rule !== '');
  const lists = ['cancel', 'askKnowledge', 'handOff'].map((name) => literal(`{"command":"${name}"}`));
  if (vocabulary.flows.size > 0) {
    const names = [...vocabulary.flows.keys()].map((name) => literal(JSON.stringify(name)));
    rules.set('flow', names.join(' | '));
    lists.push(
      `${literal('{"command":"clarify","flows":[')} flow ("," flow){1,${MOST_CLARIFIED - 1}} ${literal(']}')}`,
    );
  }
  if (own.length > 0) {
    rules.set('told', own.join(' | '));
    lists.push(`told ("," told){0,${MOST_COMMANDS - 1}}`);
  }
  rules.set('list', [...lists, ...starts].join(' | '));
  return [
    `root ::= ${literal('{"commands":[')} list? ${literal(']}')}`,
    ...[...rules].map(([name, body]) => `${name} ::= ${body}`),
    ...quotation(vocabulary.words),
  ].join('\n');
}

/** One command for a value of one of these slots; empty where none can be written. */
function slotRules(
  rules: Map<string, string>,
  name: string,
  command: 'setSlot' | 'correctSlot',
  { words }: Vocabulary,
  forms: readonly SlotForm[],
): string {
  const options = forms
    .filter(({ values }) => (values === null ? words.length > 0 : values.length > 0))
    .map(({ slot, values }) => {
      const head = literal(`{"command":"${command}","slot":${JSON.stringify(slot)},"value":`);
      const value =
        values === null
          ? `${literal('"')} quote ${literal('"')}`
          : `(${values.map((each) => literal(JSON.stringify(each))).join(' | ')})`;
      return `${head} ${value} ${literal('}')}`;
    });
  if (options.length === 0) return '';
  rules.set(name, options.join(' | '));
  return name;
}

/** Any run of the words: each word may be the first, and leads to the next one or ends. */
function quotation(words: readonly string[]): readonly string[] {
  if (words.length === 0) return [];
  const rules = words.map((word, at) => {
    const more = at + 1 < words.length ? ` (" " word-${at + 1})?` : '';
    return `word-${at} ::= ${literal(JSON.stringify(word).slice(1, -1))}${more}`;
  });
  return [`quote ::= ${words.map((_, at) => `word-${at}`).join(' | ')}`, ...rules];
}

function literal(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
