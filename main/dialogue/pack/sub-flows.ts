/** Flows that do other flows (`do`): whose slots and results they know, and that none does itself. */
import type { FlowDeclaration, SlotDeclaration, Step } from './schema.ts';
import { wholePlaceholder } from './template.ts';

export type Flows = Readonly<Record<string, FlowDeclaration>>;
export type DoStep = Extract<Step, { do: string }>;

/** A flow that does one that does one … : so many, and no more; and so many steps in all. */
export const MAX_DEPTH = 5;
export const MAX_STEPS_IN_ALL = 1000;

/** Every step of a flow, those within branches too, each with its place in the file. */
export function allSteps(
  steps: readonly Step[],
  at: readonly (string | number)[] = ['steps'],
): readonly { readonly step: Step; readonly path: readonly (string | number)[] }[] {
  return steps.flatMap((step, index) => {
    const path = [...at, index];
    const inner: readonly (readonly [string, readonly Step[] | undefined])[] =
      'if' in step
        ? [
            ['then', step.then],
            ['else', step.else],
          ]
        : 'call' in step
          ? [['otherwise', step.otherwise]]
          : [];
    return [
      { step, path },
      ...inner.flatMap(([key, block]) => (block ? allSteps(block, [...path, key]) : [])),
    ];
  });
}

export function doSteps(flow: FlowDeclaration): readonly DoStep[] {
  return allSteps(flow.steps).flatMap(({ step }) => ('do' in step ? [step] : []));
}

function doStepsAt(name: string, flows: Flows): readonly DoStep[] {
  const flow = Object.hasOwn(flows, name) ? flows[name] : undefined;
  return flow ? doSteps(flow) : [];
}

/** The slots of the flow that is done which are other slots of the one that does it. */
export function renamesOf(step: DoStep): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(step.with ?? {}).map(([theirs, given]) => [theirs, wholePlaceholder(given)?.[0] ?? '']),
  );
}

/** The names of a ring of flows that do one another, beginning with this one; null when it is in none. */
export function ringThrough(name: string, flows: Flows): readonly string[] | null {
  const seen = new Set<string>();
  const follow = (at: string, way: readonly string[]): readonly string[] | null => {
    for (const step of doStepsAt(at, flows)) {
      if (step.do === name) return [...way, name];
      if (seen.has(step.do)) continue;
      seen.add(step.do);
      const found = follow(step.do, [...way, step.do]);
      if (found) return found;
    }
    return null;
  };
  return follow(name, [name]);
}

/** How many flows deep a flow does others, and how many steps it has with theirs; for flows in no ring. */
export function extentOf(
  name: string,
  flows: Flows,
  known = new Map<string, { depth: number; steps: number }>(),
): { readonly depth: number; readonly steps: number } {
  const before = known.get(name);
  const flow = Object.hasOwn(flows, name) ? flows[name] : undefined;
  if (before || !flow) return before ?? { depth: 0, steps: 0 };
  // Known already while it is counted, so that a ring ends.
  known.set(name, { depth: 0, steps: 0 });
  const subs = doSteps(flow).map((step) => extentOf(step.do, flows, known));
  const extent = {
    depth: Math.max(0, ...subs.map(({ depth }) => depth + 1)),
    steps: subs.reduce((sum, { steps }) => sum + steps, allSteps(flow.steps).length),
  };
  known.set(name, extent);
  return extent;
}

/** A flow with the slots and lists of the flows that it does beside its own; its own come first. */
export function withSubSlots(
  flow: FlowDeclaration,
  flows: Flows,
  known = new Map<string, FlowDeclaration>(),
): FlowDeclaration {
  const before = known.get(flow.flow);
  if (before) return before;
  // Known already while its parts are gathered, so that a ring ends.
  known.set(flow.flow, flow);
  const slots: Record<string, SlotDeclaration> = { ...flow.slots };
  const lists: Record<string, string[]> = { ...flow.lists };
  for (const step of doSteps(flow)) {
    const sub = Object.hasOwn(flows, step.do) ? flows[step.do] : undefined;
    if (!sub) continue;
    const whole = withSubSlots(sub, flows, known);
    const renames = renamesOf(step);
    for (const [name, slot] of Object.entries(whole.slots))
      if (!renames.has(name) && !Object.hasOwn(slots, name)) slots[name] = slot;
    for (const [name, list] of Object.entries(whole.lists))
      if (!Object.hasOwn(lists, name)) lists[name] = list;
  }
  const whole = { ...flow, slots, lists };
  known.set(flow.flow, whole);
  return whole;
}
