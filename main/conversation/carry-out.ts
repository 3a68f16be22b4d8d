import type { ActResult, DialogueAct, DialogueTurn } from '../dialogue/index.ts';
import type { Approval, CallContext, ToolGateway } from '../tools/index.ts';

type Say = Extract<DialogueAct, { act: 'say' }>;

/** Phrases an answer to a question from pages of this source. Never throws but for the signal's reason. */
export type Phrase = (
  question: string,
  source: NonNullable<Say['source']>,
  signal: AbortSignal,
) => Promise<string | null>;

/** What a turn of the dialogue needs to become deeds. */
export interface Deeds {
  readonly gateway: ToolGateway;
  /** Its signal aborts the turn: the person has gone on, or the conversation is over. */
  readonly context: CallContext;
  /** How sure the person's utterance was heard: what a spoken yes is worth. */
  readonly confidence: number;
  changesTheWorld(proposalId: string): boolean;
  /** An answer from the pages in other words, held against them; null: it is quoted. Absent: it always is. */
  readonly phrase?: Phrase;
  say(act: Say): void;
  /** What the gateway answered, before the dialogue goes on with it. */
  answered(act: DialogueAct, result: ActResult): void;
  handOff(reason: string, urgent: boolean): void;
  end(reason: string): void;
}

/**
 * Carries out one turn of the dialogue, act by act, and feeds each result back to it.
 *
 * An aborted turn is broken off, and nothing more of it is said; but once something was told to
 * change the world the turn goes on to its end, because the person must hear what became of it.
 * @returns false when the turn was broken off.
 */
export async function carryOut(turn: DialogueTurn, deeds: Deeds): Promise<boolean> {
  const { phrase, context } = deeds;
  let mustEnd = false;
  let result: ActResult;
  const isBrokenOff = () => {
    const broken = context.signal.aborted && !mustEnd;
    if (broken) turn.return();
    return broken;
  };
  while (true) {
    // Before the result is fed back, so that the flow stays where it is and can ask again.
    if (isBrokenOff()) return false;
    const { value: next, done } = turn.next(result);
    if (done) return true;
    const act = phrase && next.act === 'say' ? await phrased(next, phrase, context.signal) : next;
    if (isBrokenOff()) return false;
    mustEnd ||= act.act === 'execute' && deeds.changesTheWorld(act.proposalId);
    result = act.act === 'execute' ? await execute(act, deeds) : perform(act, deeds);
    deeds.answered(act, result);
  }
}

/** The act with its quotation phrased anew, where that can be done. */
async function phrased(act: Say, phrase: Phrase, signal: AbortSignal): Promise<Say> {
  const { quoted, source, text } = act;
  if (!quoted || !source) return act;
  const answer = await phrase(quoted.question, source, signal).catch(() => null);
  return answer === null ? act : { ...act, text: text.replace(quoted.words, () => answer) };
}

function perform(act: Exclude<DialogueAct, { act: 'execute' }>, deeds: Deeds): ActResult {
  switch (act.act) {
    case 'say':
      deeds.say(act);
      return undefined;
    case 'propose':
      return deeds.gateway.propose(act.tool, act.arguments, deeds.context);
    case 'withdraw':
      deeds.gateway.withdraw(act.proposalId);
      return undefined;
    case 'handOff':
      deeds.handOff(act.reason, act.urgent);
      return undefined;
    case 'end':
      deeds.end(act.reason);
      return undefined;
  }
}

async function execute(act: Extract<DialogueAct, { act: 'execute' }>, deeds: Deeds): Promise<ActResult> {
  const { approvedBy, proposalId } = act;
  const approval: Approval | null =
    approvedBy === 'none'
      ? null
      : { by: approvedBy, turn: deeds.context.turn, confidence: act.confidence ?? deeds.confidence };
  return await deeds.gateway.execute(proposalId, approval, deeds.context);
}
