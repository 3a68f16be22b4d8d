import type { Clock } from '../base/index.ts';
import type { ActResult, CompiledDesk, Dialogue, DialogueAct, DialogueTurn } from '../dialogue/index.ts';
import { type Input, Mind, type Step, type TurnTaken, type Words } from './mind.ts';

/** Makes the dialogue of a conversation anew, as it was at its beginning, on this clock. */
export type FreshDialogue = (clock: Clock) => Dialogue;

/** A clock that stands where the turn that is run again began. */
class TurnClock implements Clock {
  #at = { at: 0, monotonicMs: 0 };
  now(): number {
    return this.#at.at;
  }
  monotonicMs(): number {
    return this.#at.monotonicMs;
  }
  set(at: Pick<TurnTaken, 'at' | 'monotonicMs'>): void {
    this.#at = { at: at.at, monotonicMs: at.monotonicMs };
  }
}

/** A conversation's mind, run again from its turns. The world is not asked: it answers as it did. */
export class MindAgain {
  readonly #desk: CompiledDesk;
  readonly #fresh: FreshDialogue;
  readonly #clock = new TurnClock();
  #made: Mind | null = null;

  constructor(desk: CompiledDesk, fresh: FreshDialogue) {
    this.#desk = desk;
    this.#fresh = fresh;
  }

  /** Runs one turn again. Returns what is done now; where an answer is missing, the turn ends there. */
  again(taken: TurnTaken): TurnTaken {
    this.#clock.set(taken);
    // Made when the conversation began: a dialogue counts its time from there.
    this.#made ??= new Mind(this.#desk, this.#fresh(this.#clock), this.#clock);
    const mind = this.#made;
    const turn = begin(mind, taken);
    const steps: Step[] = [];
    let result: ActResult;
    for (let at = 0; ; at += 1) {
      const { value: act, done } = turn.next(result);
      const understanding = mind.turns?.at(-1)?.understanding ?? null;
      if (done) return { ...taken, understanding, steps, whole: true };
      const before = taken.steps[at];
      const step: Step = { act };
      steps.push(step);
      const brokenOff = !taken.whole && at >= taken.steps.length - 1;
      if (brokenOff || (isAsked(act) && before?.result === undefined)) {
        turn.return();
        return { ...taken, understanding, steps, whole: false };
      }
      result = before?.act.act === act.act ? before.result : undefined;
      if (result !== undefined) step.result = result;
    }
  }
}

/**
 * What would be said if the turn ended with these words now: the replies up to the first act that reaches into the
 * world, found on a copy. Nothing of the conversation is changed by it.
 */
export function rehearse(
  desk: CompiledDesk,
  fresh: FreshDialogue,
  turns: readonly TurnTaken[],
  words: Words,
  at: Pick<TurnTaken, 'at' | 'monotonicMs'>,
): readonly string[] {
  const again = new MindAgain(desk, fresh);
  for (const taken of turns) again.again(taken);
  const input: Input = { input: 'words', ...words };
  const said = again.again({ ...at, input, understanding: null, steps: [], whole: true }).steps;
  return said.flatMap(({ act }) => (act.act === 'say' ? [act.text] : []));
}

function isAsked(act: DialogueAct): boolean {
  return act.act === 'propose' || act.act === 'execute';
}

function begin(mind: Mind, { input, understanding, byModel }: TurnTaken): DialogueTurn {
  if (input.input !== 'words') return mind.take(input);
  const builtIn = mind.understand(input);
  return byModel && understanding ? mind.hear(input, understanding, byModel) : mind.hear(input, builtIn);
}
