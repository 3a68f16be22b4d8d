import { checkCall } from './check-call.ts';
import { COMMON_PLACEHOLDERS, type FlowNames } from './check-names.ts';
import type { Checker } from './checker.ts';
import { checkPhrase } from './phrase-check.ts';
import { rulesOf } from './rules.ts';
import type { SlotDeclaration, SlotRule, ToolDeclaration } from './schema.ts';
import type { Path } from './yaml-source.ts';

export interface SlotSurroundings {
  readonly names: FlowNames;
  readonly lists: readonly string[];
  readonly tools: Readonly<Record<string, ToolDeclaration>>;
}

/** What the schema of a slot cannot say. */
export function checkSlot(
  checker: Checker,
  name: string,
  slot: SlotDeclaration,
  around: SlotSurroundings,
): void {
  const at = ['slots', name];
  if (slot.type === 'choice' && Object.keys(slot.options ?? {}).length === 0)
    checker.error(
      at,
      `\`${name}\` is a choice without options.`,
      'Add `options: {value: [words for it]}`.',
      'key',
    );
  if (slot.type !== 'choice' && slot.options)
    checker.error(
      [...at, 'options'],
      'Only a choice has options.',
      'Set `type: choice`, or remove the options.',
      'key',
    );
  if (slot.type !== 'spelled' && slot.known)
    checker.error(
      [...at, 'known'],
      'Only what is spelled has names that are known.',
      'Set `type: spelled`, or remove `known`.',
      'key',
    );
  for (const [value, phrases] of Object.entries(slot.options ?? {}))
    for (const [index, phrase] of phrases.entries())
      checkPhrase(checker, [...at, 'options', value, index], phrase, [], around.lists);
  if (COMMON_PLACEHOLDERS.includes(name))
    checker.error(at, `\`${name}\` already has a meaning in wordings.`, 'Choose another name.', 'key');
  around.names.wording([...at, 'ask'], slot.ask);
  const rules = rulesOf(slot);
  for (const [index, rule] of rules.entries())
    checkRule(
      checker,
      Array.isArray(slot.validate) ? [...at, 'validate', index] : [...at, 'validate'],
      rule,
      around,
    );
}

function checkRule(checker: Checker, at: Path, rule: SlotRule, { names, tools }: SlotSurroundings): void {
  if (rule.call === undefined) {
    if (rule.with !== undefined || rule.save !== undefined)
      checker.error(at, '`with` and `save` belong to a call.', 'Add `call: tool`, or remove them.');
  } else {
    for (const [name, value] of Object.entries(rule.with ?? {}))
      names.wording([...at, 'with', name], String(value), false);
    checkCall(checker, at, { call: rule.call, with: rule.with }, { tools, slots: names.slots });
    const tool = Object.hasOwn(tools, rule.call) ? tools[rule.call] : undefined;
    if (tool && (tool.risk !== 'read' || tool.confirm !== 'none'))
      checker.error(
        [...at, 'call'],
        `\`${rule.call}\` does more than read, or asks first: a value cannot be checked with it.`,
        'Use a tool of `risk: read` and `confirm: none`.',
      );
    if (rule.save !== undefined && names.has(rule.save))
      checker.error(
        [...at, 'save'],
        `\`${rule.save}\` is already the name of something else.`,
        'Choose another name.',
      );
  }
  names.condition(rule.must, [...at, 'must']);
  names.wording([...at, 'otherwise'], rule.otherwise);
}
