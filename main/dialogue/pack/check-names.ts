import { SottoError } from '../../base/index.ts';
import { parseCondition, pathsOf } from '../flow/condition.ts';
import { type ArgumentSchema, propertiesOf } from './check-tools.ts';
import type { Checker } from './checker.ts';
import { suggestion } from './problems.ts';
import { rulesOf } from './rules.ts';
import type { FlowDeclaration, SlotDeclaration, ToolDeclaration } from './schema.ts';
import { allSteps, type Flows, withSubSlots } from './sub-flows.ts';
import { placeholdersOf } from './template.ts';
import type { Path } from './yaml-source.ts';

/** Placeholders that every wording of a desk may use. */
export const COMMON_PLACEHOLDERS = ['agent', 'handOff', 'abilities', 'cannot', 'question'];

type Tools = Readonly<Record<string, ToolDeclaration>>;

/** The names that the steps of one flow may use: its slots and what was saved, its sub-flows' included. */
export class FlowNames {
  readonly slots: Readonly<Record<string, SlotDeclaration>>;
  /** Slots that some step, phrase or wording uses. */
  readonly used = new Set<string>();
  /** Names that results are saved under, with the fields their tool declares. */
  readonly #saves = new Map<string, ReadonlyMap<string, ArgumentSchema>>();
  readonly #checker: Checker;

  constructor(checker: Checker, flow: FlowDeclaration, flows: Flows, tools: Tools) {
    this.#checker = checker;
    this.slots = withSubSlots(flow, flows).slots;
    this.#gather(flow, flows, tools, new Set());
  }

  has(name: string): boolean {
    return Object.hasOwn(this.slots, name) || COMMON_PLACEHOLDERS.includes(name);
  }

  /** A condition must be well formed and read what there is. */
  condition(text: string, at: Path): void {
    try {
      for (const path of pathsOf(parseCondition(text))) this.#path(path, at);
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      this.#checker.error(at, error.message, error.remedy ?? 'See docs/desk-packs.md.');
    }
  }

  /** What a wording puts in must be there; what is sensitive is never said. */
  wording(at: Path, wording: string | readonly string[] | undefined, isSaid = true): void {
    for (const text of typeof wording === 'string' ? [wording] : (wording ?? []))
      for (const [head = ''] of placeholdersOf(text)) {
        this.used.add(head);
        if (isSaid && this.slots[head]?.sensitive)
          this.#checker.error(
            at,
            `\`${head}\` is sensitive and cannot be said.`,
            'Leave it out of the wording; it may only go to a tool.',
          );
      }
    this.#checker.wordings(at, wording, this.#placeholders());
  }

  #gather(flow: FlowDeclaration, flows: Flows, tools: Tools, seen: Set<string>): void {
    if (seen.has(flow.flow)) return;
    seen.add(flow.flow);
    for (const slot of Object.values(flow.slots))
      for (const { save, call } of rulesOf(slot)) if (save !== undefined) this.#save(save, tools[call ?? '']);
    for (const { step } of allSteps(flow.steps)) {
      if ('call' in step && step.save !== undefined) this.#save(step.save, tools[step.call]);
      const sub = 'do' in step && Object.hasOwn(flows, step.do) ? flows[step.do] : undefined;
      if (sub) this.#gather(sub, flows, tools, seen);
    }
  }

  #save(name: string, tool: ToolDeclaration | undefined): void {
    const before = this.#saves.get(name);
    const fields = propertiesOf(tool?.result);
    this.#saves.set(
      name,
      before && before.size > 0 && fields.size > 0 ? new Map([...before, ...fields]) : fields,
    );
  }

  #path(path: readonly string[], at: Path): void {
    const [head = '', field] = path;
    if (Object.hasOwn(this.slots, head) && path.length === 1) this.used.add(head);
    else if (!this.#saves.has(head))
      this.#checker.error(
        at,
        `There is no slot or saved result \`${path.join('.')}\`.`,
        suggestion(
          head,
          [...Object.keys(this.slots), ...this.#saves.keys()],
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

  #placeholders(): readonly string[] {
    const names = [...Object.keys(this.slots), ...COMMON_PLACEHOLDERS];
    for (const [name, fields] of this.#saves) {
      if (fields.size === 0) names.push(name, `${name}.*`);
      for (const [field, { types }] of fields) {
        names.push(`${name}.${field}`);
        if (types.includes('object') || types.includes('array')) names.push(`${name}.${field}.*`);
      }
    }
    return names;
  }
}
