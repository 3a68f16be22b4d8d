import { WAV_HEADER_BYTES, wavHeader } from '../../base/index.ts';
import type { RecordedChannel } from '../contract.ts';

/**
 * A recorded channel as a WAV file, 16-bit mono, from the beginning of the conversation: what was not kept is silence.
 */
export function wavOf({ sampleRate, segments }: RecordedChannel): Buffer {
  const byteAt = (ms: number) => 2 * Math.round((ms / 1000) * sampleRate);
  const length = segments.reduce(
    (most, { startedMs, sound }) => Math.max(most, byteAt(startedMs) + sound.length),
    0,
  );
  const wav = Buffer.concat([wavHeader(sampleRate, length), Buffer.alloc(length)]);
  for (const { startedMs, sound } of segments) sound.copy(wav, WAV_HEADER_BYTES + byteAt(startedMs));
  return wav;
}
