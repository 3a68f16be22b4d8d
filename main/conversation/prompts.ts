import { type CompiledDesk, fixedPrompts, hasPlaces } from '../dialogue/index.ts';
import { screenReply } from '../guard/index.ts';
import type { Voice } from '../speech/index.ts';
import { sentencesOf } from './sentences.ts';

/** The voice that a desk pack declares, with its pronunciations. */
export function deskVoice({ pack }: Pick<CompiledDesk, 'pack'>): Voice {
  const { agent, language, pronunciations } = pack.desk;
  return { ...agent.voice, language, pronunciations };
}

/**
 * What a desk always says, sentence by sentence as the mouth speaks it: to be made before anybody waits for it
 * (`Synthesiser.prepare`). Sentences with a place for what a person told are not among them.
 */
export function promptSentences(desk: CompiledDesk): readonly string[] {
  const sentences = fixedPrompts(desk).flatMap((text) => sentencesOf(screenReply(text).text));
  return [...new Set(sentences)].filter((sentence) => !hasPlaces(sentence));
}
