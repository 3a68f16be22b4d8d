import { SottoError } from '../../base/index.ts';
import { parseCondition, pathsOf } from '../flow/condition.ts';
import { type ArgumentSchema, argumentsOf, propertiesOf, requiredOf } from './check-tools.ts';
import { Checker } from './checker.ts';
import { checkListRings, checkPhrase } from './phrase-check.ts';
import { suggestion } from './problems.ts';
import type { DeskDeclaration, FlowDeclaration, SlotDeclaration, Step, ToolDeclaration } from './schema.ts';
import { placeholdersOf, wholePlaceholder } from './template.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** What a flow may refer to outside of itself. */
export interface Surroundings {
  readonly desk: DeskDeclaration;
  readonly tools: Readonly<Record<string, ToolDeclaration>>;
  readonly flowNames: readonly string[];
  readonly hasKnowledge: boolean;
}

/** Placeholders that every wording of a desk may use. */
export const COMMON_PLACEHOLDERS = ['agent', 'handOff', 'abilities', 'question'];

/** What the schema of a flow cannot say: that everything it names is there and fits. */
export function checkFlow(source: YamlSource, flow: FlowDeclaration, around: Surroundings): Checker {
  return new FlowCheck(source, flow, around).run();
}

class FlowCheck {
  readonly #checker: Checker;
  readonly #flow: FlowDeclaration;
  readonly #around: Surroundings;
  readonly #slots: readonly string[];
  /** Names that results are saved under, with the fields their tool declares. */
  readonly #saves = new Map<string, ReadonlyMap<string, ArgumentSchema>>();
  readonly #used = new Set<string>();

  constructor(source: YamlSource, flow: FlowDeclaration, around: Surroundings) {
    this.#checker = new Checker(source);
    this.#flow = flow;
    this.#around = around;
    this.#slots = Object.keys(flow.slots);
  }

  run(): Checker {
    this.#gatherSaves(this.#flow.steps, ['steps']);
    this.#phrases();
    checkListRings(this.#checker, this.#flow.lists, this.#around.desk.lists);
    for (const [name, slot] of Object.entries(this.#flow.slots)) this.#slot(name, slot);
    this.#steps(this.#flow.steps, ['steps']);
    for (const name of this.#slots)
      if (!this.#used.has(name))
        this.#checker.warn(
          ['slots', name],
          `The slot \`${name}\` is never used.`,
          'Collect it, or remove it.',
          'key',
        );
    return this.#checker;
  }

  #phrases(): void {
    const { phrases, lists } = this.#flow;
    const names = [...Object.keys(lists), ...Object.keys(this.#around.desk.lists)];
    for (const [index, phrase] of phrases.entries()) {
      checkPhrase(this.#checker, ['phrases', index], phrase, this.#slots, names);
      for (const [slot] of placeholdersOf(phrase)) if (slot !== undefined) this.#used.add(slot);
    }
    for (const [name, list] of Object.entries(lists))
      for (const [index, phrase] of list.entries())
        checkPhrase(this.#checker, ['lists', name, index], phrase, [], names);
  }

  #slot(name: string, slot: SlotDeclaration): void {
    const at = ['slots', name];
    const names = [...Object.keys(this.#flow.lists), ...Object.keys(this.#around.desk.lists)];
    if (slot.type === 'choice' && Object.keys(slot.options ?? {}).length === 0)
      this.#checker.error(
        at,
        `\`${name}\` is a choice without options.`,
        'Add `options: {value: [words for it]}`.',
        'key',
      );
    if (slot.type !== 'choice' && slot.options)
      this.#checker.error(
        [...at, 'options'],
        'Only a choice has options.',
        'Set `type: choice`, or remove the options.',
        'key',
      );
    for (const [value, phrases] of Object.entries(slot.options ?? {}))
      for (const [index, phrase] of phrases.entries())
        checkPhrase(this.#checker, [...at, 'options', value, index], phrase, [], names);
    if (COMMON_PLACEHOLDERS.includes(name))
      this.#checker.error(
        at,
        `\`${name}\` already has a meaning in wordings.`,
        'Choose another name.',
        'key',
      );
    this.#wording([...at, 'ask'], slot.ask);
  }

  #gatherSaves(steps: readonly Step[], at: Path): void {
    for (const [index, step] of steps.entries()) {
      const here = [...at, index];
      if ('call' in step) {
        if (step.save !== undefined) this.#save(step.save, step.call, here);
        this.#gatherSaves(step.otherwise ?? [], [...here, 'otherwise']);
      } else if ('if' in step) {
        this.#gatherSaves(step.then, [...here, 'then']);
        this.#gatherSaves(step.else ?? [], [...here, 'else']);
      }
    }
  }

  #save(name: string, toolName: string, at: Path): void {
    if (this.#slots.includes(name) || COMMON_PLACEHOLDERS.includes(name))
      this.#checker.error(
        [...at, 'save'],
        `\`${name}\` is already the name of ${this.#slots.includes(name) ? 'a slot' : 'something else'}.`,
        'Choose another name.',
      );
    const tool = Object.hasOwn(this.#around.tools, toolName) ? this.#around.tools[toolName] : undefined;
    const before = this.#saves.get(name);
    const fields = propertiesOf(tool?.result);
    this.#saves.set(
      name,
      before && before.size > 0 && fields.size > 0 ? new Map([...before, ...fields]) : fields,
    );
  }

  #steps(steps: readonly Step[], at: Path): void {
    for (const [index, step] of steps.entries()) this.#step(step, [...at, index]);
  }

  #step(step: Step, at: Path): void {
    if ('collect' in step) this.#collect(step.collect, [...at, 'collect']);
    else if ('say' in step) this.#wording([...at, 'say'], step.say);
    else if ('call' in step) this.#call(step, at);
    else if ('if' in step) {
      this.#condition(step.if, [...at, 'if']);
      this.#steps(step.then, [...at, 'then']);
      this.#steps(step.else ?? [], [...at, 'else']);
    } else if ('answer' in step) {
      this.#wording([...at, 'answer'], step.answer);
      if (!this.#around.hasKnowledge)
        this.#checker.warn(
          [...at, 'answer'],
          'There are no knowledge pages to answer from.',
          'Add pages under knowledge/.',
        );
    } else if ('forget' in step) {
      for (const [index, name] of step.forget.entries())
        this.#checker.known([...at, 'forget', index], 'slot', name, this.#slots, 'Declare it under `slots`.');
    } else if ('handOff' in step) this.#wording([...at, 'handOff'], step.handOff);
    else if ('end' in step) this.#wording([...at, 'end'], step.end);
    else
      this.#checker.known(
        [...at, 'start'],
        'flow',
        step.start,
        this.#around.flowNames,
        'Write the flow under flows/.',
      );
  }

  #collect(names: readonly string[], at: Path): void {
    for (const [index, name] of names.entries()) {
      this.#used.add(name);
      if (!this.#checker.known([...at, index], 'slot', name, this.#slots, 'Declare it under `slots`.'))
        continue;
      const slot = this.#flow.slots[name];
      if (slot && slot.ask === undefined && !slot.optional)
        this.#checker.error(
          ['slots', name],
          `\`${name}\` is collected, but no question asks for it.`,
          'Add `ask: …` to the slot.',
          'key',
        );
    }
  }

  #call(step: Extract<Step, { call: string }>, at: Path): void {
    const { tools } = this.#around;
    this.#steps(step.otherwise ?? [], [...at, 'otherwise']);
    const given = step.with ?? {};
    for (const [name, value] of Object.entries(given))
      this.#wording([...at, 'with', name], String(value), false);
    if (
      !this.#checker.known(
        [...at, 'call'],
        'tool',
        step.call,
        Object.keys(tools),
        'Declare it in tools.yaml.',
      )
    )
      return;
    const tool = tools[step.call];
    if (!tool) return;
    const declared = argumentsOf(tool);
    for (const [name, value] of Object.entries(given)) {
      const schema = declared.get(name);
      if (schema) this.#argument([...at, 'with', name], name, value, schema, requiredOf(tool).includes(name));
      else
        this.#checker.error(
          [...at, 'with', name],
          `The tool \`${step.call}\` has no argument \`${name}\`.`,
          suggestion(name, declared.keys(), 'Remove it, or declare it in tools.yaml.'),
          'key',
        );
    }
    for (const name of requiredOf(tool))
      if (!Object.hasOwn(given, name))
        this.#checker.error(
          [...at, 'call'],
          `The tool \`${step.call}\` needs the argument \`${name}\`.`,
          `Add \`${name}: …\` under \`with\`.`,
        );
  }

  #argument(
    at: Path,
    name: string,
    value: string | number | boolean,
    schema: ArgumentSchema,
    required: boolean,
  ): void {
    const path = typeof value === 'string' ? wholePlaceholder(value) : null;
    const slot = path?.length === 1 ? this.#flow.slots[path[0] ?? ''] : undefined;
    if (slot) {
      if (required && slot.optional)
        this.#checker.warn(
          at,
          `\`${name}\` is required, but its slot is optional.`,
          'Make the slot required, or call only when it is known (`if`).',
        );
      if (!slotFits(slot, schema))
        this.#checker.error(
          at,
          `\`${name}\` should be ${kinds(schema)}, but a slot of type ${slot.type} is not.`,
          'Change the type of the slot, or of the argument in tools.yaml.',
        );
      const missing = Object.keys(slot.options ?? {}).filter(
        (option) => schema.values && !schema.values.includes(option),
      );
      if (missing.length > 0)
        this.#checker.error(
          at,
          `\`${name}\` cannot be ${missing.join(' or ')}, which the slot may be.`,
          'Let the options of the slot and the `enum` of the argument agree.',
        );
    } else if (path === null && !(typeof value === 'string' && value.includes('{')))
      this.#literal(at, name, value, schema);
  }

  #literal(at: Path, name: string, value: string | number | boolean, schema: ArgumentSchema): void {
    const type = typeof value;
    const fits =
      schema.types.length === 0 ||
      schema.types.some(
        (one) => one === type || (type === 'number' && one === 'integer' && Number.isInteger(value)),
      );
    if (!fits)
      this.#checker.error(at, `\`${name}\` should be ${kinds(schema)}.`, `Write ${kinds(schema)} here.`);
    else if (schema.values && !schema.values.includes(value))
      this.#checker.error(
        at,
        `\`${name}\` cannot be ${JSON.stringify(value)}.`,
        suggestion(
          String(value),
          schema.values.map(String),
          'Write one of the values that tools.yaml allows.',
        ),
      );
  }

  #condition(text: string, at: Path): void {
    try {
      for (const path of pathsOf(parseCondition(text))) this.#path(path, at);
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      this.#checker.error(at, error.message, error.remedy ?? 'See docs/desk-packs.md.');
    }
  }

  #path(path: readonly string[], at: Path): void {
    const [head = '', field] = path;
    if (this.#slots.includes(head) && path.length === 1) this.#used.add(head);
    else if (!this.#saves.has(head))
      this.#checker.error(
        at,
        `There is no slot or saved result \`${path.join('.')}\`.`,
        suggestion(
          head,
          [...this.#slots, ...this.#saves.keys()],
          'Declare the slot, or save the result under that name.',
        ),
      );
    else {
      const fields = this.#saves.get(head);
      if (field !== undefined && fields && fields.size > 0 && !fields.has(field))
        this.#checker.error(
          at,
          `The result \`${head}\` has no field \`${field}\`.`,
          suggestion(field, fields.keys(), 'Declare it under `result` of the tool.'),
        );
    }
  }

  #wording(at: Path, wording: string | readonly string[] | undefined, isSaid = true): void {
    const names = [...this.#slots, ...COMMON_PLACEHOLDERS];
    for (const [name, fields] of this.#saves) {
      if (fields.size === 0) names.push(name, `${name}.*`);
      else
        names.push(
          ...[...fields].flatMap(([field, { types }]) =>
            types.includes('object') || types.includes('array')
              ? [`${name}.${field}`, `${name}.${field}.*`]
              : [`${name}.${field}`],
          ),
        );
    }
    for (const text of typeof wording === 'string' ? [wording] : (wording ?? []))
      for (const [head = ''] of placeholdersOf(text)) {
        this.#used.add(head);
        if (isSaid && this.#flow.slots[head]?.sensitive)
          this.#checker.error(
            at,
            `\`${head}\` is sensitive and cannot be said.`,
            'Leave it out of the wording; it may only go to a tool.',
          );
      }
    this.#checker.wordings(at, wording, names);
  }
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
