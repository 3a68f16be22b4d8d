import type { ActResult, DialogueAct, DialogueTurn } from '../dialogue/index.ts';
import type { Approval, CallContext, ToolGateway } from '../tools/index.ts';

/** What a turn of the dialogue needs to become deeds. */
export interface Deeds {
  readonly gateway: ToolGateway;
  readonly context: CallContext;
  /** How sure the person's utterance was heard: what a spoken yes is worth. */
  readonly confidence: number;
  say(act: Extract<DialogueAct, { act: 'say' }>): void;
  handOff(reason: string, urgent: boolean): void;
  end(reason: string): void;
  /** Told before the call goes out, so that the record can say who approved it. */
  approved(proposalId: string, by: 'none' | Approval['by']): void;
}

/** Carries out one turn of the dialogue, act by act, and feeds each result back to it. */
export async function carryOut(turn: DialogueTurn, deeds: Deeds): Promise<void> {
  let step = turn.next();
  while (!step.done) step = turn.next(await perform(step.value, deeds));
}

async function perform(act: DialogueAct, deeds: Deeds): Promise<ActResult> {
  switch (act.act) {
    case 'say':
      deeds.say(act);
      return undefined;
    case 'propose':
      return deeds.gateway.propose(act.tool, act.arguments, deeds.context);
    case 'execute':
      return await execute(act, deeds);
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
  deeds.approved(proposalId, approvedBy);
  return await deeds.gateway.execute(proposalId, approval, deeds.context);
}
