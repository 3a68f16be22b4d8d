/** What stands between the dialogue and the person in a conversation: tests hear what it lets through. */
import type { ActResult, DialogueAct, Expectation, Understanding } from '../acts.ts';
import type { CompiledDesk } from '../language/compiled.ts';

/** What the dialogue works with. */
export interface Working {
  readonly flow: string | null;
  readonly slots: Readonly<Record<string, string>>;
}

/** Follows one conversation and judges its replies. The conversation room has the one that ships: this room cannot know it. */
export interface ReplyReview {
  /** What was understood of the person, before the dialogue hears it. */
  understood(understanding: Understanding, expected: Expectation, working: Working): void;
  /** What the gateway answered to an act. */
  answered(act: DialogueAct, result: ActResult): void;
  /** What the person would get of a reply; `withheld`: why not what was meant. */
  review(
    say: Extract<DialogueAct, { act: 'say' }>,
    working: Working,
  ): { readonly text: string; readonly withheld: readonly string[] | null };
}

/** Made anew for each conversation. */
export type ReplyReviewFor = (desk: CompiledDesk) => ReplyReview;
