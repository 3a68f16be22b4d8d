import { checkCall } from './check-call.ts';
import { FlowNames } from './check-names.ts';
import { checkSlot } from './check-slot.ts';
import { Checker } from './checker.ts';
import { checkListRings, checkPhrase } from './phrase-check.ts';
import type { DeskDeclaration, FlowDeclaration, Step, ToolDeclaration } from './schema.ts';
import {
  type DoStep,
  extentOf,
  type Flows,
  MAX_DEPTH,
  MAX_STEPS_IN_ALL,
  ringThrough,
  withSubSlots,
} from './sub-flows.ts';
import { placeholdersOf, wholePlaceholder } from './template.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** What a flow may refer to outside of itself. */
export interface Surroundings {
  readonly desk: DeskDeclaration;
  readonly tools: Readonly<Record<string, ToolDeclaration>>;
  /** Those that could be read, and the names of all. */
  readonly flows: Flows;
  readonly flowNames: readonly string[];
  readonly hasKnowledge: boolean;
}

/** What the schema of a flow cannot say: that everything it names is there and fits. */
export function checkFlow(source: YamlSource, flow: FlowDeclaration, around: Surroundings): Checker {
  return new FlowCheck(source, flow, around).run();
}

class FlowCheck {
  readonly #checker: Checker;
  readonly #flow: FlowDeclaration;
  readonly #around: Surroundings;
  readonly #names: FlowNames;
  readonly #lists: readonly string[];

  constructor(source: YamlSource, flow: FlowDeclaration, around: Surroundings) {
    this.#checker = new Checker(source);
    this.#flow = flow;
    this.#around = around;
    this.#names = new FlowNames(this.#checker, flow, around.flows, around.tools);
    this.#lists = [...Object.keys(flow.lists), ...Object.keys(around.desk.lists)];
  }

  run(): Checker {
    const { slots, steps, lists, flow } = this.#flow;
    this.#phrases();
    checkListRings(this.#checker, lists, this.#around.desk.lists);
    for (const [name, slot] of Object.entries(slots))
      checkSlot(this.#checker, name, slot, {
        names: this.#names,
        lists: this.#lists,
        tools: this.#around.tools,
      });
    this.#steps(steps, ['steps']);
    const { depth, steps: count } = extentOf(flow, this.#around.flows);
    if (depth > MAX_DEPTH || count > MAX_STEPS_IN_ALL)
      this.#checker.error(
        ['steps'],
        `With the flows that it does, the flow is too large (${count} steps, ${depth} deep).`,
        `Keep it under ${MAX_STEPS_IN_ALL} steps and ${MAX_DEPTH} flows deep.`,
        'key',
      );
    for (const name of Object.keys(slots))
      if (!this.#names.used.has(name))
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
    const slots = Object.keys(this.#names.slots);
    for (const [index, phrase] of phrases.entries()) {
      checkPhrase(this.#checker, ['phrases', index], phrase, slots, this.#lists);
      for (const [slot] of placeholdersOf(phrase)) if (slot !== undefined) this.#names.used.add(slot);
    }
    for (const [name, list] of Object.entries(lists))
      for (const [index, phrase] of list.entries())
        checkPhrase(this.#checker, ['lists', name, index], phrase, [], this.#lists);
  }

  #steps(steps: readonly Step[], at: Path): void {
    for (const [index, step] of steps.entries()) this.#step(step, [...at, index]);
  }

  #step(step: Step, at: Path): void {
    if ('collect' in step) this.#collect(step.collect, [...at, 'collect']);
    else if ('say' in step) this.#names.wording([...at, 'say'], step.say);
    else if ('call' in step) this.#call(step, at);
    else if ('if' in step) {
      this.#names.condition(step.if, [...at, 'if']);
      this.#steps(step.then, [...at, 'then']);
      this.#steps(step.else ?? [], [...at, 'else']);
    } else if ('answer' in step) this.#answer(step.answer, [...at, 'answer']);
    else if ('forget' in step) this.#forget(step.forget, [...at, 'forget']);
    else if ('do' in step) this.#do(step, at);
    else if ('handOff' in step) this.#names.wording([...at, 'handOff'], step.handOff);
    else if ('end' in step) this.#names.wording([...at, 'end'], step.end);
    else this.#knownFlow([...at, 'start'], step.start);
  }

  #collect(names: readonly string[], at: Path): void {
    const known = this.#names.slots;
    for (const [index, name] of names.entries()) {
      this.#names.used.add(name);
      if (!this.#checker.known([...at, index], 'slot', name, Object.keys(known), 'Declare it under `slots`.'))
        continue;
      const slot = known[name];
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
    this.#steps(step.otherwise ?? [], [...at, 'otherwise']);
    if (step.save !== undefined && this.#names.has(step.save))
      this.#checker.error(
        [...at, 'save'],
        `\`${step.save}\` is already the name of ${Object.hasOwn(this.#names.slots, step.save) ? 'a slot' : 'something else'}.`,
        'Choose another name.',
      );
    for (const [name, value] of Object.entries(step.with ?? {}))
      this.#names.wording([...at, 'with', name], String(value), false);
    checkCall(this.#checker, at, step, { tools: this.#around.tools, slots: this.#names.slots });
  }

  #answer(question: string, at: Path): void {
    this.#names.wording(at, question);
    if (!this.#around.hasKnowledge)
      this.#checker.warn(at, 'There are no knowledge pages to answer from.', 'Add pages under knowledge/.');
  }

  #forget(names: readonly string[], at: Path): void {
    const known = Object.keys(this.#names.slots);
    for (const [index, name] of names.entries())
      this.#checker.known([...at, index], 'slot', name, known, 'Declare it under `slots`.');
  }

  /** Another flow as a step: it is there, does not come back to this one, and its slots fit. */
  #do(step: DoStep, at: Path): void {
    const { flows } = this.#around;
    if (!this.#knownFlow([...at, 'do'], step.do)) return;
    const sub = Object.hasOwn(flows, step.do) ? flows[step.do] : undefined;
    if (!sub) return;
    const ring = ringThrough(this.#flow.flow, flows);
    if (ring?.[1] === step.do)
      this.#checker.error(
        [...at, 'do'],
        `The flows do one another in a ring: ${ring.join(', ')}.`,
        'Let one of them go on with `start` instead of `do`.',
      );
    const theirs = withSubSlots(sub, flows).slots;
    for (const [name, given] of Object.entries(step.with ?? {})) {
      const here = [...at, 'with', name];
      const path = wholePlaceholder(given);
      const mine = path?.[0] ?? '';
      if (
        !this.#checker.known(
          here,
          `slot of \`${step.do}\` named`,
          name,
          Object.keys(theirs),
          'Name a slot of that flow.',
        )
      )
        continue;
      this.#names.used.add(mine);
      if (path?.length !== 1 || !Object.hasOwn(this.#names.slots, mine))
        this.#checker.error(here, `\`${given}\` is no slot of this flow.`, 'Write `slot: "{slot_here}"`.');
      else this.#sameType(here, mine, step.do, theirs[name]?.type);
    }
    for (const [name, slot] of Object.entries(theirs))
      if (!Object.hasOwn(step.with ?? {}, name) && Object.hasOwn(this.#flow.slots, name)) {
        this.#names.used.add(name);
        this.#sameType(['slots', name, 'type'], name, step.do, slot.type);
      }
  }

  #sameType(at: Path, mine: string, flow: string, type: string | undefined): void {
    if (this.#names.slots[mine]?.type !== type)
      this.#checker.error(
        at,
        `\`${mine}\` is of another type in the flow \`${flow}\` (${type}).`,
        'Give both the same type, or one another name.',
      );
  }

  #knownFlow(at: Path, name: string): boolean {
    return this.#checker.known(at, 'flow', name, this.#around.flowNames, 'Write the flow under flows/.');
  }
}
