import { rulesOf } from '../pack/rules.ts';
import type { FlowDeclaration, SlotRule, Step } from '../pack/schema.ts';
import { type Flows, renamesOf } from '../pack/sub-flows.ts';
import { fillTemplate, placeholdersOf } from '../pack/template.ts';
import { type Condition, parseCondition, pathsOf, renamePaths } from './condition.ts';
import { listOf } from './wordings.ts';

/** Where an op comes from: a flow, and the path in its file. */
export interface StepPlace {
  readonly flow: string;
  readonly path: readonly (string | number)[];
}

export interface CallOp {
  readonly op: 'call';
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string | number | boolean>>;
  readonly save: string | null;
  /** Where to go on when it was refused or failed. */
  readonly otherwise: number;
}

export interface CheckOp {
  readonly op: 'check';
  readonly slot: string;
  readonly condition: Condition;
  readonly wordings: readonly string[];
  /** Where the slot is asked for again. */
  readonly again: number;
}

export type BareOp =
  | { readonly op: 'collect'; readonly slots: readonly string[] }
  | { readonly op: 'say'; readonly wordings: readonly string[] }
  | CallOp
  | CheckOp
  | { readonly op: 'unless'; readonly condition: Condition; readonly to: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'answer'; readonly question: string }
  | { readonly op: 'forget'; readonly slots: readonly string[] }
  | { readonly op: 'handOff'; readonly reason: string; readonly urgent: boolean | null }
  | { readonly op: 'end'; readonly reason: string }
  | { readonly op: 'start'; readonly flow: string };
/** `place` is null for what no step of the author stands for. */
export type Op = BareOp & { readonly place: StepPlace | null };

/**
 * A flow's steps laid out in a line, branches as jumps, the flows that it does in their places: where a flow stands
 * is then one number, and it can be left and come back to at any step. Jumps only go forward, but for a value that
 * did not pass its check, and that waits for the person: so a flow always ends.
 */
export function programOf(flow: FlowDeclaration, flows: Flows): readonly Op[] {
  return new Layout(flow, flows).whole();
}

/** The slots that a step reads: what a correction must go back to. */
export function slotsReadBy(op: BareOp): readonly string[] {
  if (op.op === 'collect') return op.slots;
  if (op.op === 'check') return [op.slot, ...heads(pathsOf(op.condition))];
  if (op.op === 'unless') return heads(pathsOf(op.condition));
  if (op.op !== 'call') return [];
  return Object.values(op.arguments).flatMap((value) =>
    typeof value === 'string' ? heads(placeholdersOf(value)) : [],
  );
}

type Branch = Extract<Step, { if: string }>;
type Path = readonly (string | number)[];

/** Whose steps are laid out, and what its slots are called in the flow that does it. */
interface Scope {
  readonly flow: FlowDeclaration;
  readonly renames: ReadonlyMap<string, string>;
}

class Layout {
  readonly #flow: FlowDeclaration;
  readonly #flows: Flows;
  readonly #ops: Op[] = [];
  /** Calls whose `otherwise` block is laid out after the main line. */
  readonly #aside: {
    readonly at: number;
    readonly steps: readonly Step[];
    readonly path: Path;
    readonly scope: Scope;
  }[] = [];

  constructor(flow: FlowDeclaration, flows: Flows) {
    this.#flow = flow;
    this.#flows = flows;
  }

  whole(): readonly Op[] {
    this.#steps(this.#flow.steps, ['steps'], { flow: this.#flow, renames: new Map() });
    const jumpsToEnd = [this.#jump()];
    for (let next = this.#aside.shift(); next; next = this.#aside.shift()) {
      const call = this.#ops[next.at];
      if (call?.op === 'call') this.#ops[next.at] = { ...call, otherwise: this.#ops.length };
      this.#steps(next.steps, next.path, next.scope);
      jumpsToEnd.push(this.#jump());
    }
    const end = this.#ops.length;
    for (const at of jumpsToEnd) this.#land(at, end);
    return this.#ops.map((op) => (op.op === 'call' && op.otherwise < 0 ? { ...op, otherwise: end } : op));
  }

  #steps(steps: readonly Step[], path: Path, scope: Scope): void {
    for (const [index, step] of steps.entries()) this.#step(step, [...path, index], scope);
  }

  #step(step: Step, path: Path, scope: Scope): void {
    if ('if' in step) this.#branch(step, path, scope);
    else if ('collect' in step) this.#collect(step.collect, path, scope);
    else if ('do' in step) this.#do(step, scope);
    else {
      if ('call' in step && step.otherwise)
        this.#aside.push({
          at: this.#ops.length,
          steps: step.otherwise,
          path: [...path, 'otherwise'],
          scope,
        });
      this.#add(opOf(step), path, scope);
    }
  }

  #branch(step: Branch, path: Path, scope: Scope): void {
    const test = this.#add({ op: 'unless', condition: parseCondition(step.if), to: 0 }, path, scope);
    this.#steps(step.then, [...path, 'then'], scope);
    if (step.else) {
      const over = this.#jump();
      this.#land(test, this.#ops.length);
      this.#steps(step.else, [...path, 'else'], scope);
      this.#land(over, this.#ops.length);
    } else this.#land(test, this.#ops.length);
  }

  /** One slot after the other where one is to be checked before the next is asked for. */
  #collect(slots: readonly string[], path: Path, scope: Scope): void {
    let together: string[] = [];
    for (const slot of slots) {
      together.push(slot);
      const rules = rulesOf(scope.flow.slots[slot]);
      if (rules.length === 0) continue;
      const again = this.#add({ op: 'collect', slots: together }, path, scope);
      together = [];
      for (const [index, rule] of rules.entries()) this.#rule(slot, rule, index, again, scope);
    }
    if (together.length > 0) this.#add({ op: 'collect', slots: together }, path, scope);
  }

  #rule(slot: string, rule: SlotRule, index: number, again: number, scope: Scope): void {
    const path = ['slots', slot, 'validate', index];
    // An optional slot that nobody named has nothing to check.
    const known = { kind: 'compare', path: [slot], operator: '!=', literal: null } as const;
    const skip = this.#add({ op: 'unless', condition: known, to: 0 }, null, scope);
    if (rule.call !== undefined)
      this.#add(callOf({ call: rule.call, with: rule.with, save: rule.save }), null, scope);
    const { must, otherwise } = rule;
    this.#add(
      { op: 'check', slot, condition: parseCondition(must), wordings: listOf(otherwise), again },
      path,
      scope,
    );
    this.#land(skip, this.#ops.length);
  }

  #do(step: Extract<Step, { do: string }>, scope: Scope): void {
    const flow = Object.hasOwn(this.#flows, step.do) ? this.#flows[step.do] : undefined;
    if (!flow) return;
    // What the flow here calls by another name, the one above it may call by a third.
    const renames = new Map(
      [...renamesOf(step)].map(([theirs, here]) => [theirs, scope.renames.get(here) ?? here]),
    );
    for (const [outer, name] of scope.renames) if (!renames.has(outer)) renames.set(outer, name);
    this.#steps(flow.steps, ['steps'], { flow, renames });
  }

  #add(op: BareOp, path: Path | null, scope: Scope): number {
    const place = path && { flow: scope.flow.flow, path };
    return this.#ops.push({ ...renamed(op, scope.renames), place }) - 1;
  }

  #jump(): number {
    return this.#ops.push({ op: 'jump', to: 0, place: null }) - 1;
  }

  /** Lets a jump made before lead to a place. */
  #land(at: number, to: number): void {
    const op = this.#ops[at];
    if (op?.op === 'jump' || op?.op === 'unless') this.#ops[at] = { ...op, to };
  }
}

function opOf(step: Exclude<Step, Branch | { collect: string[] } | { do: string }>): BareOp {
  if ('say' in step) return { op: 'say', wordings: listOf(step.say) };
  if ('call' in step) return callOf(step);
  if ('answer' in step) return { op: 'answer', question: step.answer };
  if ('forget' in step) return { op: 'forget', slots: step.forget };
  if ('handOff' in step) return { op: 'handOff', reason: step.handOff, urgent: step.urgent ?? null };
  if ('end' in step) return { op: 'end', reason: step.end };
  return { op: 'start', flow: step.start };
}

function callOf(step: Pick<Extract<Step, { call: string }>, 'call' | 'with' | 'save'>): CallOp {
  return {
    op: 'call',
    tool: step.call,
    arguments: step.with ?? {},
    save: step.save ?? null,
    otherwise: -1,
  };
}

function renamed(op: BareOp, names: ReadonlyMap<string, string>): BareOp {
  if (names.size === 0) return op;
  const name = (slot: string) => names.get(slot) ?? slot;
  const text = (template: string) =>
    fillTemplate(
      template,
      ([head = '', ...rest]) => `{${[rest.length === 0 ? name(head) : head, ...rest].join('.')}}`,
    );
  switch (op.op) {
    case 'collect':
    case 'forget':
      return { ...op, slots: op.slots.map(name) };
    case 'say':
      return { ...op, wordings: op.wordings.map(text) };
    case 'check':
      return {
        ...op,
        slot: name(op.slot),
        wordings: op.wordings.map(text),
        condition: renamePaths(op.condition, name),
      };
    case 'unless':
      return { ...op, condition: renamePaths(op.condition, name) };
    case 'call':
      return {
        ...op,
        arguments: Object.fromEntries(
          Object.entries(op.arguments).map(([key, value]) => [
            key,
            typeof value === 'string' ? text(value) : value,
          ]),
        ),
      };
    default:
      return op;
  }
}

function heads(paths: readonly (readonly string[])[]): readonly string[] {
  return paths.map(([head]) => head ?? '');
}
