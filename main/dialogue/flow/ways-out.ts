/** What a conversation does besides its flows: answers from the pages, a person, the end. */
import type { ActResult, DialogueAct } from '../acts.ts';
import { forbiddenTopicIn } from '../pack/safety.ts';
import type { FlowEngine } from './engine.ts';
import type { Acts } from './voice.ts';
import { BETWEEN, listOf } from './wordings.ts';

/**
 * Answers from the knowledge pages, or says that it does not know; true when it knew. What must not be discussed is
 * not answered, whether the question names it or the page.
 */
export function* answer(engine: FlowEngine, question: string): Generator<DialogueAct, boolean, ActResult> {
  const { voice } = engine;
  const { safety } = engine.desk.pack;
  const asked = forbiddenTopicIn(safety, question);
  const found = asked ? null : engine.knowledge.ask(question);
  const topic = asked ?? (found && forbiddenTopicIn(safety, found.text));
  if (topic) yield* voice.say('answer', refusalOf(engine, topic.flow));
  else if (found)
    for (const act of voice.say('answer', found.text, found.source))
      yield act.act === 'say' ? { ...act, quoted: { question, words: found.text } } : act;
  else yield* voice.say('answer', voice.reply('unknownAnswer'));
  return topic !== null || found !== null;
}

/** Calls a person and leaves everything to them: no flow goes on behind their back. */
export function* handOff(engine: FlowEngine, reason: string, urgent: boolean): Acts {
  const words = engine.voice.words(listOf(engine.desk.pack.desk.handOff.say));
  yield* engine.leaveAll();
  engine.handedOver = true;
  // Where seconds count, the person is called before a word is said.
  if (urgent) yield { act: 'handOff', reason, urgent };
  yield* engine.voice.say('handOff', words);
  if (!urgent) yield { act: 'handOff', reason, urgent };
}

export function* offerPerson(engine: FlowEngine, reason: string, lead = ''): Acts {
  engine.waiting = { for: 'offer', reason };
  if (lead !== '') engine.voice.lead(lead);
  const wordings = lead === '' ? BETWEEN.offerPerson : BETWEEN.offerPersonThen;
  yield* engine.voice.say(
    'question',
    engine.voice.words(reason === 'silence' ? BETWEEN.offerPersonAfterSilence : wordings),
  );
}

export function* end(engine: FlowEngine, reason: string): Acts {
  engine.ended = true;
  yield* engine.withdraw();
  engine.stack.length = 0;
  engine.waiting = { for: 'open' };
  yield { act: 'end', reason };
}

/** The words of a subject's own flow. */
function refusalOf(engine: FlowEngine, flow: string): string {
  const [step] = engine.flow(flow)?.steps ?? [];
  return step && 'say' in step ? engine.voice.words(listOf(step.say)) : engine.voice.reply('unknownAnswer');
}
