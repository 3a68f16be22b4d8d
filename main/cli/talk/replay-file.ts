import { writeFile } from 'node:fs/promises';
import { SottoError } from '../../base/index.ts';
import { type LiveConversation, replayLogOf } from '../../conversation/index.ts';
import { type AudioFrame, type SoundEndpoint, WavWriter } from '../../media/index.ts';

/** Where the sound of a kept conversation stands: beside its log. */
export function soundFileOf(replayFile: string): string {
  return `${replayFile.replace(/\.json$/, '')}.wav`;
}

/**
 * Writes what came into a conversation to a file that only its owner may read: it holds what was said in clear.
 * @throws SottoError `replay/cannot-write`, `replay/too-long`
 */
export async function keepReplay(live: LiveConversation, file: string): Promise<void> {
  const log = replayLogOf(live);
  if (!log)
    throw new SottoError('replay/too-long', 'The conversation was too long to be kept for a replay.', {
      remedy: 'Hold a shorter one.',
    });
  try {
    await writeFile(file, `${JSON.stringify(log, null, 1)}\n`, { mode: 0o600 });
  } catch (cause) {
    throw new SottoError('replay/cannot-write', 'The replay log could not be written.', {
      remedy: 'Check that its folder exists and may be written to.',
      cause,
    });
  }
}

/**
 * The same endpoint, with what its microphone hears written to a file as it comes.
 * @throws SottoError `media/cannot-write`
 */
export async function keepSound<E extends SoundEndpoint>(endpoint: E, file: string): Promise<SoundEndpoint> {
  const frames = endpoint.frames()[Symbol.asyncIterator]();
  let first: IteratorResult<AudioFrame> | null = await frames.next();
  if (first.done) return endpoint;
  const writer = await WavWriter.create(file, first.value.sampleRate);
  async function* kept(): AsyncGenerator<AudioFrame, void, void> {
    try {
      for (let next = first ?? (await frames.next()); !next.done; next = await frames.next()) {
        first = null;
        writer.append(next.value.samples);
        yield next.value;
      }
    } finally {
      await writer.close();
    }
  }
  return {
    kind: endpoint.kind,
    label: endpoint.label,
    playout: endpoint.playout,
    frames: kept,
    close: async () => {
      await endpoint.close();
      await writer.close();
    },
  };
}
