import { type ArgumentSchema, argumentsOf, requiredOf } from './check-tools.ts';
import type { Checker } from './checker.ts';
import { suggestion } from './problems.ts';
import type { SlotDeclaration, Step, ToolDeclaration } from './schema.ts';
import { wholePlaceholder } from './template.ts';
import type { Path } from './yaml-source.ts';

type Call = Pick<Extract<Step, { call: string }>, 'call' | 'with'>;

/** What a call may refer to. */
export interface CallSurroundings {
  readonly tools: Readonly<Record<string, ToolDeclaration>>;
  readonly slots: Readonly<Record<string, SlotDeclaration>>;
}

/** A call must name a declared tool, and give it the arguments that it wants. */
export function checkCall(checker: Checker, at: Path, call: Call, { tools, slots }: CallSurroundings): void {
  const given = call.with ?? {};
  if (!checker.known([...at, 'call'], 'tool', call.call, Object.keys(tools), 'Declare it in tools.yaml.'))
    return;
  const tool = tools[call.call];
  if (!tool) return;
  const declared = argumentsOf(tool);
  for (const [name, value] of Object.entries(given)) {
    const schema = declared.get(name);
    if (schema)
      checkArgument(checker, [...at, 'with', name], {
        name,
        value,
        schema,
        slots,
        required: requiredOf(tool).includes(name),
      });
    else
      checker.error(
        [...at, 'with', name],
        `The tool \`${call.call}\` has no argument \`${name}\`.`,
        suggestion(name, declared.keys(), 'Remove it, or declare it in tools.yaml.'),
        'key',
      );
  }
  for (const name of requiredOf(tool))
    if (!Object.hasOwn(given, name))
      checker.error(
        [...at, 'call'],
        `The tool \`${call.call}\` needs the argument \`${name}\`.`,
        `Add \`${name}: …\` under \`with\`.`,
      );
}

interface Given {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly schema: ArgumentSchema;
  readonly slots: Readonly<Record<string, SlotDeclaration>>;
  readonly required: boolean;
}

function checkArgument(checker: Checker, at: Path, { name, value, schema, slots, required }: Given): void {
  const path = typeof value === 'string' ? wholePlaceholder(value) : null;
  const slot = path?.length === 1 ? slots[path[0] ?? ''] : undefined;
  if (slot) {
    if (required && slot.optional)
      checker.warn(
        at,
        `\`${name}\` is required, but its slot is optional.`,
        'Make the slot required, or call only when it is known (`if`).',
      );
    if (!slotFits(slot, schema))
      checker.error(
        at,
        `\`${name}\` should be ${kinds(schema)}, but a slot of type ${slot.type} is not.`,
        'Change the type of the slot, or of the argument in tools.yaml.',
      );
    const missing = Object.keys(slot.options ?? {}).filter(
      (option) => schema.values && !schema.values.includes(option),
    );
    if (missing.length > 0)
      checker.error(
        at,
        `\`${name}\` cannot be ${missing.join(' or ')}, which the slot may be.`,
        'Let the options of the slot and the `enum` of the argument agree.',
      );
  } else if (path === null && !(typeof value === 'string' && value.includes('{')))
    checkLiteral(checker, at, name, value, schema);
}

function checkLiteral(
  checker: Checker,
  at: Path,
  name: string,
  value: string | number | boolean,
  schema: ArgumentSchema,
): void {
  const type = typeof value;
  const fits =
    schema.types.length === 0 ||
    schema.types.some(
      (one) => one === type || (type === 'number' && one === 'integer' && Number.isInteger(value)),
    );
  if (!fits) checker.error(at, `\`${name}\` should be ${kinds(schema)}.`, `Write ${kinds(schema)} here.`);
  else if (schema.values && !schema.values.includes(value))
    checker.error(
      at,
      `\`${name}\` cannot be ${JSON.stringify(value)}.`,
      suggestion(String(value), schema.values.map(String), 'Write one of the values that tools.yaml allows.'),
    );
}

/** Whether the text of a slot can become what the argument wants. */
function slotFits(slot: SlotDeclaration, schema: ArgumentSchema): boolean {
  if (schema.types.length === 0 || schema.types.includes('string')) return true;
  if (schema.types.includes('number') || schema.types.includes('integer'))
    return slot.type === 'amount' || slot.type.startsWith('digits') || slot.type === 'choice';
  return schema.types.includes('boolean') && slot.type === 'yesNo';
}

function kinds(schema: ArgumentSchema): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  return schema.types.map((type) => names[type] ?? type).join(' or ');
}
