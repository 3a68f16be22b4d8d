/** What a sentence does to the flows: which are started, dropped, gone on with, and what is answered in between. */
import type { Command, Heard, Understanding } from '../acts.ts';
import { forbiddenTopicIn } from '../pack/safety.ts';
import type { FlowEngine } from './engine.ts';
import { listed } from './fill.ts';
import { fill, fillFrame } from './told.ts';
import type { Acts } from './voice.ts';
import { answer, handOff } from './ways-out.ts';
import { BETWEEN } from './wordings.ts';
import { affirmed, cancelled, denied, failed } from './yes-no.ts';

type Named<Name extends Command['command']> = Extract<Command, { command: Name }>;

export function* understood(
  engine: FlowEngine,
  heard: Heard,
  further: readonly Understanding[] = heard.understanding.then ?? [],
): Acts {
  const { commands } = heard.understanding;
  const starts = startsOf(engine, heard.understanding);
  const urgent = [...starts, ...further.flatMap((part) => startsOf(engine, part))].find(
    ({ flow }) => engine.flow(flow)?.takesOver && engine.top?.flow.flow !== flow,
  );
  const isTold = all(commands, 'setSlot').length + all(commands, 'correctSlot').length > 0;
  if (urgent) yield* takeOver(engine, urgent.flow, heard);
  else if (has(commands, 'handOff')) yield* handOff(engine, 'asked for', false);
  else if (starts.length > 0 || (isTold && !has(commands, 'cancel')))
    yield* told(engine, heard, starts, further);
  else {
    const wasAtWork = engine.top !== null;
    if (wasAtWork) queueAll(engine, further);
    if (has(commands, 'cancel')) yield* cancelled(engine);
    else yield* answered(engine, heard);
    const [next, ...rest] = further;
    if (!wasAtWork && next && !engine.ended)
      yield* understood(engine, { ...heard, text: next.text, understanding: next }, rest);
  }
}

/** An emergency: whatever was going on is dropped. */
function* takeOver(engine: FlowEngine, flow: string, heard: Heard): Acts {
  yield* engine.leaveAll();
  yield* engine.enter(flow, heard.text);
  fill(engine, heard.understanding.commands);
  yield* engine.run();
}

/** Flows to start and values for slots: take them in, say what changed, go on. */
function* told(
  engine: FlowEngine,
  heard: Heard,
  starts: readonly Named<'startFlow'>[],
  further: readonly Understanding[],
): Acts {
  const { commands } = heard.understanding;
  yield* makeRoom(engine, commands, starts.length > 0);
  const before = engine.top;
  const [first, ...others] = starts;
  if (first) yield* engine.enter(first.flow, questionOf(heard));
  const { changes, used } = fill(engine, commands);
  if (starts.length === 0 && !used) return yield* answered(engine, heard);
  const isSame = before === engine.top;
  if (changes.length === 0 && isSame && (engine.pending || starts.length === 0))
    return yield* toldNothingNew(engine, heard);
  if (changes.length > 0 || !isSame) {
    // What was proposed is no longer what was asked for.
    yield* engine.withdraw();
    engine.failures = 0;
  }
  if (isSame) for (const change of changes) if (change !== '') engine.voice.lead(change);
  queueAll(engine, further);
  for (const { flow } of others.toReversed()) engine.queue(flow, questionOf(heard));
  for (const { commands: all } of [heard.understanding, ...further]) yield* answersIn(engine, all);
  yield* engine.run();
}

/** "Cancel that and check my balance", "no, check my balance": what was refused is not come back to. */
function* makeRoom(engine: FlowEngine, commands: readonly Command[], starts: boolean): Acts {
  if (has(commands, 'cancel')) yield* engine.leaveAll();
  else if (engine.pending && has(commands, 'deny') && starts) {
    yield* engine.withdraw();
    engine.stack.pop();
  }
}

function* answersIn(engine: FlowEngine, commands: readonly Command[]): Acts {
  const [question] = all(commands, 'askKnowledge');
  if (question) yield* answer(engine, question.question);
}

/** The further requests of a sentence wait under the one at work, the first of them on top. */
function queueAll(engine: FlowEngine, parts: readonly Understanding[]): void {
  for (const part of parts.toReversed())
    for (const { flow } of startsOf(engine, part)) {
      const frame = engine.queue(flow, part.text);
      if (frame) fillFrame(engine, frame, part.commands);
    }
}

function* toldNothingNew(engine: FlowEngine, heard: Heard): Acts {
  const { commands } = heard.understanding;
  if (has(commands, 'affirm') || has(commands, 'deny')) yield* answered(engine, heard);
  else if (engine.pending || engine.waiting.for === 'change') {
    if (!engine.pending) engine.waiting = { for: 'open' };
    yield* engine.resume();
  } else yield* failed(engine);
}

/** Everything that is neither a flow nor a value. */
function* answered(engine: FlowEngine, heard: Heard): Acts {
  const { commands } = heard.understanding;
  // What no phrase and no word of the pages knows may still mean what a page says.
  const near = has(commands, 'outOfScope') && engine.knowledge.isNear(heard.text);
  const question = near ? { question: heard.text } : all(commands, 'askKnowledge')[0];
  const clarify = all(commands, 'clarify')[0];
  const topic = forbiddenTopicIn(engine.desk.pack.safety, heard.text);
  if (has(commands, 'deny')) yield* denied(engine, heard);
  else if (has(commands, 'affirm')) yield* affirmed(engine, heard);
  else if (topic) {
    yield* engine.enter(topic.flow, heard.text);
    yield* engine.run();
  } else if (question) yield* asksKnowledge(engine, question.question);
  else if (has(commands, 'help')) yield* help(engine);
  else if (clarify) yield* clarifies(engine, clarify.flows);
  else yield* failed(engine);
}

function* asksKnowledge(engine: FlowEngine, question: string): Acts {
  const known = yield* answer(engine, question);
  if (engine.top || engine.pending) {
    backTo(engine);
    yield* engine.resume();
  } else if (!known) {
    engine.failures += 1;
    if (engine.failures >= engine.desk.pack.desk.tries) yield* failed(engine);
  } else {
    engine.failures = 0;
    engine.waiting = { for: 'more' };
  }
}

function* help(engine: FlowEngine): Acts {
  yield* engine.voice.say('answer', engine.voice.reply('help'));
  if (!engine.top) return;
  backTo(engine);
  yield* engine.resume();
}

function* clarifies(engine: FlowEngine, flows: readonly string[]): Acts {
  const known = flows.filter((flow) => engine.flow(flow));
  if (known.length === 0) return yield* failed(engine);
  const what = listed(
    known.flatMap((flow) => engine.flow(flow)?.description ?? []),
    'or',
  );
  // A question under way is asked again when the answer does not say which.
  if (!engine.top) engine.waiting = { for: 'which', flows: known };
  yield* engine.voice.say('clarification', engine.voice.words(BETWEEN.clarify, { what }));
}

function backTo(engine: FlowEngine): void {
  if (engine.top) engine.voice.lead(engine.voice.words(BETWEEN.back, { what: engine.top.flow.description }));
}

function startsOf(engine: FlowEngine, { commands }: Understanding): readonly Named<'startFlow'>[] {
  return all(commands, 'startFlow').filter(({ flow }) => engine.flow(flow));
}

function has(commands: readonly Command[], name: Command['command']): boolean {
  return commands.some(({ command }) => command === name);
}

function all<Name extends Command['command']>(
  commands: readonly Command[],
  name: Name,
): readonly Named<Name>[] {
  return commands.filter((command): command is Named<Name> => command.command === name);
}

/** What a flow's `{question}` stands for: the question in the sentence that started it, or the sentence. */
function questionOf(heard: Heard): string {
  return all(heard.understanding.commands, 'askKnowledge')[0]?.question ?? heard.text;
}
