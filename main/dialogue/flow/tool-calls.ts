/** The tools of a flow: proposed, agreed to, carried out, and what became of them told truthfully. */
import type { CallOutcome, Proposal } from '../../tools/index.ts';
import type { ActResult, DialogueAct } from '../acts.ts';
import { announceQueued, collect } from './asking.ts';
import type { FlowEngine } from './engine.ts';
import { fillArguments } from './fill.ts';
import type { Frame } from './frame.ts';
import { reminded } from './further-check.ts';
import { type CallOp, slotsReadBy } from './program.ts';
import type { Acts } from './voice.ts';
import { BETWEEN } from './wordings.ts';

const AWAITS = { code: BETWEEN.awaitsCode, secondPerson: BETWEEN.awaitsPerson } as const;

type ApprovedBy = 'none' | 'voice' | 'typed' | 'screen';

/** Proposes a call; true when the person must say yes to it first. */
export function* call(
  engine: FlowEngine,
  frame: Frame,
  op: CallOp,
): Generator<DialogueAct, boolean, ActResult> {
  if (yield* collect(engine, frame, slotsReadBy(op), false)) return true;
  const outcome = asProposal(
    yield { act: 'propose', tool: op.tool, arguments: fillArguments(engine.desk, frame, op) },
    engine.voice.reply('fault'),
  );
  if (outcome.kind === 'refused') {
    yield* settle(engine, frame, op, outcome);
    return false;
  }
  if (outcome.kind === 'ready') {
    yield* execute(engine, frame, op, { proposalId: outcome.proposalId, approvedBy: 'none' });
    return false;
  }
  const { proposalId, text, onScreenOnly, stepUp = 'none' } = outcome;
  const unanswered = { proven: false, agreed: null };
  engine.pending = {
    ...{ proposalId, text, onScreenOnly, stepUp, turn: engine.turn, tool: op.tool },
    ...unanswered,
  };
  yield* confirm(engine);
  return true;
}

/** Says what is about to be done and waits for a yes. */
export function* confirm(engine: FlowEngine): Acts {
  if (!engine.pending) return;
  announceQueued(engine);
  engine.waitFor({ for: 'confirm' });
  const { text, onScreenOnly, agreed } = engine.pending;
  if (agreed) return yield* reminded(engine, agreed);
  yield* engine.voice.say(
    'confirmation',
    onScreenOnly ? `${text} ${engine.voice.words(BETWEEN.onScreen)}` : text,
  );
}

/** The person said yes, in a later turn than the proposal: done, or kept until the further check is made. */
export function* approve(engine: FlowEngine, by: Exclude<ApprovedBy, 'none'>, confidence: number): Acts {
  const { pending, top } = engine;
  const op = top?.op;
  if (!pending || pending.turn >= engine.turn || op?.op !== 'call' || !top) return;
  engine.failures = 0;
  if (pending.stepUp !== 'none' && !pending.proven) {
    const atMs = engine.clock.monotonicMs();
    engine.pending = { ...pending, agreed: { by, confidence, atMs, remindedMs: atMs } };
    yield* engine.voice.say('confirmation', engine.voice.words(AWAITS[pending.stepUp]));
    return;
  }
  engine.pending = null;
  engine.waiting = { for: 'open' };
  yield* execute(engine, top, op, { proposalId: pending.proposalId, approvedBy: by, confidence });
  yield* engine.run();
}

/** What was agreed to is not done after all: `words` say why, and the flow goes on as after a refusal. */
export function* turnedDown(engine: FlowEngine, words: string): Acts {
  const { top } = engine;
  const op = top?.op;
  if (op?.op !== 'call' || !top) return;
  engine.waiting = { for: 'open' };
  yield* settle(engine, top, op, { kind: 'refused', code: 'dialogue/not-proven', say: words });
  yield* engine.run();
}

/** The turn was broken off while a tool was at work: whether it acted is not known, and it is not called again. */
export function* recover(engine: FlowEngine): Acts {
  const lost = engine.inFlight;
  engine.inFlight = null;
  if (!lost || !engine.stack.includes(lost.frame) || riskOf(engine, lost.call) === 'read') return;
  yield* settle(engine, lost.frame, lost.call, {
    kind: 'unknown',
    code: 'dialogue/broken-off',
    say: engine.voice.words(BETWEEN.unknownOutcome),
  });
}

function* execute(
  engine: FlowEngine,
  frame: Frame,
  op: CallOp,
  approved: { readonly proposalId: string; readonly approvedBy: ApprovedBy; readonly confidence?: number },
): Acts {
  engine.inFlight = { frame, call: op };
  const outcome = asOutcome(
    yield { act: 'execute', ...approved },
    engine.voice.words(BETWEEN.unknownOutcome),
  );
  engine.inFlight = null;
  yield* settle(engine, frame, op, outcome);
}

function* settle(engine: FlowEngine, frame: Frame, op: CallOp, outcome: CallOutcome): Acts {
  if (outcome.kind === 'ok') {
    if (op.save !== null) frame.saves.set(op.save, outcome.result);
    frame.next();
    if (riskOf(engine, op) !== 'read') frame.seal();
    return;
  }
  frame.goTo(op.otherwise);
  if (outcome.kind === 'unknown') frame.seal();
  yield* engine.voice.say('apology', outcome.say);
}

function riskOf(engine: FlowEngine, op: CallOp): string {
  const { tools } = engine.desk.pack;
  return (Object.hasOwn(tools, op.tool) ? tools[op.tool]?.risk : undefined) ?? 'write';
}

function asProposal(result: ActResult, say: string): Proposal {
  if (result?.kind === 'ready' || result?.kind === 'confirm' || result?.kind === 'refused') return result;
  return { kind: 'refused', code: 'dialogue/no-answer', say };
}

function asOutcome(result: ActResult, say: string): CallOutcome {
  if (
    result &&
    (result.kind === 'ok' ||
      result.kind === 'refused' ||
      result.kind === 'failed' ||
      result.kind === 'unknown')
  )
    return result;
  return { kind: 'unknown', code: 'dialogue/no-answer', say };
}
