import { z } from 'zod';
import { SottoError } from '../../../base/index.ts';

/** All of one answer, marks of the protocol counted in. */
const MOST_BYTES = 262_144;

const chunkSchema = z.object({
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }) })),
  usage: z
    .object({
      completion_tokens: z.int().nonnegative(),
      prompt_tokens: z.int().nonnegative(),
      prompt_tokens_details: z.object({ cached_tokens: z.int().nonnegative().nullish() }).nullish(),
    })
    .nullish(),
});

/** What a server has written so far. */
export interface Streamed {
  text: string;
  chunks: number;
  usage: z.infer<typeof chunkSchema>['usage'];
}

/**
 * Reads a stream of server-sent events (chat completions with `stream: true`) up to its `[DONE]`.
 * @throws SottoError `model/bad-answer`: too long, broken off, or in another form.
 */
export async function readEvents(
  blocks: AsyncIterable<Buffer>,
  first: () => void,
): Promise<Readonly<Streamed>> {
  const streamed: Streamed = { text: '', chunks: 0, usage: undefined };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  let rest = '';
  for await (const block of blocks) {
    size += block.length;
    if (size > MOST_BYTES) throw badAnswer();
    const lines = (rest + decoder.decode(block, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const data = /^data: ?(.*)$/.exec(line)?.[1];
      if (data === '[DONE]') return streamed;
      if (data !== undefined) take(streamed, data, first);
    }
  }
  throw badAnswer();
}

function take(streamed: Streamed, data: string, first: () => void): void {
  const parsed = chunkSchema.safeParse(jsonOf(data));
  if (!parsed.success) throw badAnswer();
  const { choices, usage } = parsed.data;
  if (usage) streamed.usage = usage;
  const content = choices[0]?.delta.content ?? '';
  if (content === '') return;
  if (streamed.chunks === 0) first();
  streamed.chunks += 1;
  streamed.text += content;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function badAnswer(): SottoError {
  return new SottoError(
    'model/bad-answer',
    'The language model on the LAN answered something that is no answer.',
  );
}
