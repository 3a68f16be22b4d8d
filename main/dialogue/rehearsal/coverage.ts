/** Which steps of the flows the tests have gone through, and which they have not. */
import type { StepTaken } from '../flow/dialogue.ts';
import { type Op, programOf, type StepPlace } from '../flow/program.ts';
import type { DeskPack } from '../pack/pack.ts';

/** A step, or a way out of one, that no test has taken. */
export interface Uncovered {
  readonly place: StepPlace;
  /** What was not done: the step itself, a condition that never failed, a check that was always passed. */
  readonly what: 'step' | 'then' | 'else' | 'rejected';
}

export interface FlowCoverage {
  readonly flow: string;
  readonly steps: number;
  readonly covered: number;
  readonly uncovered: readonly Uncovered[];
}

export class Coverage {
  readonly #seen = new Set<string>();

  take({ place, outcome }: StepTaken): void {
    this.#seen.add(keyOf(place, outcome));
  }

  /** By flow, in the order of their names. */
  of(pack: DeskPack): readonly FlowCoverage[] {
    const units = new Map<string, Uncovered>();
    for (const flow of Object.values(pack.flows))
      for (const op of programOf(flow, pack.flows))
        for (const { place, what } of unitsOf(op)) units.set(keyOf(place, outcomeOf(what)), { place, what });
    const flows = [...new Set([...units.values()].map(({ place }) => place.flow))].sort();
    return flows.map((flow) => {
      const all = [...units].filter(([, { place }]) => place.flow === flow);
      const uncovered = all.filter(([key]) => !this.#seen.has(key)).map(([, unit]) => unit);
      return { flow, steps: all.length, covered: all.length - uncovered.length, uncovered };
    });
  }
}

function unitsOf(op: Op): readonly Uncovered[] {
  const { place } = op;
  if (!place) return [];
  if (op.op === 'unless')
    return [
      { place, what: 'then' },
      { place, what: 'else' },
    ];
  return op.op === 'check' ? [{ place, what: 'rejected' }] : [{ place, what: 'step' }];
}

function outcomeOf(what: Uncovered['what']): StepTaken['outcome'] {
  return what === 'step' ? 'done' : what;
}

function keyOf({ flow, path }: StepPlace, outcome: string): string {
  return JSON.stringify([flow, path, outcome]);
}
