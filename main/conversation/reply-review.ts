import type { CompiledDesk, ReplyReview } from '../dialogue/index.ts';
import { subjectsIn } from './recording-rules.ts';
import { ReplyDoor } from './reply-door.ts';

/** The door of replies as tests of a desk pass it: fed as a conversation feeds it. */
export function replyReview(desk: CompiledDesk): ReplyReview {
  const door = new ReplyDoor(desk);
  return {
    understood(understanding, expected, { flow, slots }) {
      for (const subject of subjectsIn(desk.pack, understanding, expected, slots)) door.about(subject);
      door.understood(understanding, flow);
    },
    answered: (act, result) => door.answered(act, result),
    review(say, { flow, slots }) {
      door.working(flow, slots);
      const { verdict, reasons, text } = door.screen(say);
      return { text, withheld: verdict === 'block' ? reasons : null };
    },
  };
}
