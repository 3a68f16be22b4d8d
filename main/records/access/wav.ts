import type { RecordedChannel } from '../contract.ts';

const HEADER_BYTES = 44;

/**
 * A recorded channel as a WAV file, 16-bit mono, from the beginning of the conversation: what was not kept is silence.
 * Records stand below the room of sound, which reads and writes WAV otherwise.
 */
export function wavOf({ sampleRate, segments }: RecordedChannel): Buffer {
  const byteAt = (ms: number) => 2 * Math.round((ms / 1000) * sampleRate);
  const length = segments.reduce(
    (most, { startedMs, sound }) => Math.max(most, byteAt(startedMs) + sound.length),
    0,
  );
  const wav = Buffer.alloc(HEADER_BYTES + length);
  wav.write('RIFF', 0, 'ascii');
  wav.writeUInt32LE(36 + length, 4);
  wav.write('WAVEfmt ', 8, 'ascii');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'ascii');
  wav.writeUInt32LE(length, 40);
  for (const { startedMs, sound } of segments) sound.copy(wav, HEADER_BYTES + byteAt(startedMs));
  return wav;
}
