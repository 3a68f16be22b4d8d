import { join } from 'node:path';
import type { LiveConversation } from '../../conversation/index.ts';
import { type Recording, type WavEndpoint, writeWav } from '../../media/index.ts';
import type { Attention } from './settled.ts';

/** A recording that the person's part is made of. */
export interface Line {
  readonly file: string;
  readonly recording: Recording;
}

/** What is told of the recordings beside the conversation's own events. */
export type RecordedEvent = { readonly at: number } & (
  | { readonly type: 'saying'; readonly file: string; readonly audioMs: number }
  | { readonly type: 'replySound'; readonly file: string; readonly audioMs: number }
);

/** A person reacts in this time; and after this time of listening no answer is still on its way. */
const REACTION_MS = 700;

/**
 * Holds a conversation with recordings in real time: each is said when the agent has finished and listens. Writes
 * `reply-00.wav` (the opening) and `reply-01.wav`… (the answer to each recording) into the folder.
 * Returns how many recordings were said: fewer than given when the agent ended the conversation.
 * @throws SottoError `media/cannot-write`.
 */
export async function holdRecorded(
  { live, attention, endpoint }: { live: LiveConversation; attention: Attention; endpoint: WavEndpoint },
  lines: readonly Line[],
  outFolder: string | null,
  tell: (event: RecordedEvent) => void,
): Promise<number> {
  const keepReply = async (number: number) => {
    const reply = await endpoint.takeReply();
    if (!reply || outFolder === null) return;
    const file = join(outFolder, `reply-${String(number).padStart(2, '0')}.wav`);
    await writeWav(file, reply.samples, reply.sampleRate);
    tell({ at: Date.now(), type: 'replySound', file, audioMs: lengthMs(reply) });
  };
  let said = 0;
  let now = await attention.settled(REACTION_MS);
  await keepReply(0);
  for (const { file, recording } of lines) {
    if (now === 'over') break;
    tell({ at: Date.now(), type: 'saying', file, audioMs: lengthMs(recording) });
    // The conversation may end, and its endpoint with it, while this is being said.
    await endpoint.say(recording.samples, recording.sampleRate).catch(() => {});
    said += 1;
    now = await attention.settled(REACTION_MS);
    await keepReply(said);
  }
  await live.end('person-left');
  return said;
}

function lengthMs({ samples, sampleRate }: Recording): number {
  return Math.round((samples.length * 1000) / sampleRate);
}
