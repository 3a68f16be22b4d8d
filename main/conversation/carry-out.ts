import type { ActResult, DialogueAct, DialogueTurn } from '../dialogue/index.ts';
import type { Approval, CallContext, ToolGateway } from '../tools/index.ts';

/** What a turn of the dialogue needs to become deeds. */
export interface Deeds {
  readonly gateway: ToolGateway;
  /** Its signal aborts the turn: the person has gone on, or the conversation is over. */
  readonly context: CallContext;
  /** How sure the person's utterance was heard: what a spoken yes is worth. */
  readonly confidence: number;
  changesTheWorld(proposalId: string): boolean;
  say(act: Extract<DialogueAct, { act: 'say' }>): void;
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
  let mustEnd = false;
  let result: ActResult;
  while (true) {
    // Before the result is fed back, so that the flow stays where it is and can ask again.
    if (deeds.context.signal.aborted && !mustEnd) {
      turn.return();
      return false;
    }
    const { value: act, done } = turn.next(result);
    if (done) return true;
    mustEnd ||= act.act === 'execute' && deeds.changesTheWorld(act.proposalId);
    result = act.act === 'execute' ? await execute(act, deeds) : perform(act, deeds);
  }
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
    approvedBy === 'none' ? null : { by: approvedBy, turn: deeds.context.turn, confidence: deeds.confidence };
  return await deeds.gateway.execute(proposalId, approval, deeds.context);
}
