/** A yes that is not enough: the call waits for a one-time code or a second person on the screen, and not for ever. */
import type { FlowEngine, Pending } from './engine.ts';
import { approve, turnedDown } from './tool-calls.ts';
import type { Acts } from './voice.ts';
import { BETWEEN } from './wordings.ts';

/** Nobody at the desk waits longer than this for somebody else. */
const LONGEST_WAIT_MS = 2 * 60_000;
const REMIND_EVERY_MS = 30_000;

type Agreed = NonNullable<Pending['agreed']>;

/** The check was made: with the yes it is done; without one, the yes is asked for. */
export function* proven(engine: FlowEngine): Acts {
  const { pending } = engine;
  if (!pending) return;
  engine.pending = { ...pending, proven: true };
  if (pending.agreed) return yield* approve(engine, pending.agreed.by, pending.agreed.confidence);
  engine.voice.lead(engine.voice.words(BETWEEN.checkDone));
  yield* engine.resume();
}

/** Nobody says anything because somebody is looking for a telephone: reminded now and then, and then given up. */
export function* stillUnproven(engine: FlowEngine, agreed: Agreed): Acts {
  const now = engine.clock.monotonicMs();
  if (isLate(engine, agreed) || now - agreed.remindedMs >= REMIND_EVERY_MS) yield* reminded(engine, agreed);
}

/** Says that the check is still waited for; after too long, that nothing was done. */
export function* reminded(engine: FlowEngine, agreed: Agreed): Acts {
  const { pending } = engine;
  if (!pending) return;
  if (isLate(engine, agreed)) {
    yield* engine.withdraw();
    yield* turnedDown(engine, engine.voice.words(BETWEEN.checkTooLate));
    return;
  }
  engine.pending = { ...pending, agreed: { ...agreed, remindedMs: engine.clock.monotonicMs() } };
  yield* engine.voice.say('confirmation', engine.voice.words(BETWEEN.stillWaits));
}

/** The proposal was taken away while it waited: too many wrong codes, or a tool that was stopped. */
export function* takenAway(engine: FlowEngine): Acts {
  engine.pending = null;
  yield* turnedDown(engine, engine.voice.words(BETWEEN.checkFailed));
}

function isLate({ clock }: FlowEngine, { atMs }: Agreed): boolean {
  return clock.monotonicMs() - atMs > LONGEST_WAIT_MS;
}
