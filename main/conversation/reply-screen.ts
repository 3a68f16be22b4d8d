import { type CompiledDesk, fixedPrompts, forbiddenTopicIn, type Understander } from '../dialogue/index.ts';
import { type ReplyContext, type ScreenedReply, screenReply } from '../guard/index.ts';
import { sentencesOf } from './sentences.ts';

/** Judges every reply of one conversation before it is shown or spoken. */
export type ReplyScreen = (reply: string) => ScreenedReply;

/**
 * What this desk never says: names of its tools, subjects that its pack never discusses, and, where a language model helps,
 * the model's instructions and their mark.
 */
export function replyScreen(
  desk: CompiledDesk,
  model?: Pick<Understander, 'canary' | 'prompt'>,
): ReplyScreen {
  const { safety, tools } = desk.pack;
  const own = new Set(fixedPrompts(desk).flatMap((text) => sentencesOf(text)));
  const always: ReplyContext = {
    tools: Object.keys(tools),
    ...(model ? { canary: model.canary, prompt: rulesOf(model.prompt) } : {}),
  };
  return (reply) => {
    // The pack itself names a subject in order to say that it is never discussed.
    const foreign = sentencesOf(reply).filter((sentence) => !own.has(sentence));
    const topic = forbiddenTopicIn(safety, foreign.join(' '));
    return screenReply(reply, topic ? { ...always, forbidden: topic.words } : always);
  };
}

/** The instructions without the lines on the desk's flows: in their words the desk says what it can do. */
function rulesOf(prompt: string): string {
  return prompt
    .split('\n')
    .filter((line) => !line.startsWith('- '))
    .join('\n');
}
