import type { Approval, CallContext } from './gateway.ts';
import type { PendingCall } from './proposals.ts';
import { type Refusal, refusal } from './refusal.ts';

/** A spoken yes that was heard with less confidence may have been something else. */
export const CONFIDENCE_FLOOR = 0.5;

/** Why this approval does not approve this call, or null. A click on the screen names the proposal that it is for. */
export function judgeApproval(
  call: PendingCall,
  approval: Approval | null,
  context: CallContext,
): Refusal | null {
  if (call.needs === 'none') return null;
  if (approval === null) return refusal('not-approved', 'I need your yes before I do that.');
  if (call.needs === 'screen' && approval.by !== 'screen')
    return refusal('screen-only', 'That has to be confirmed on the screen.');
  if (approval.by === 'screen') return null;
  // A yes that came in the same breath as the request, or before it, was not an answer to what was read back.
  if (!(approval.turn > call.turn) || approval.turn > context.turn)
    return refusal('approved-too-early', 'I need your yes after I have read it back.');
  if (approval.by === 'voice' && !(approval.confidence >= CONFIDENCE_FLOOR))
    return refusal('unsure', 'I was not sure that I heard a yes.');
  return null;
}
