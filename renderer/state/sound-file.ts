import { bytesOf } from './save.ts';

/** A second or so of one channel of a recording, as the appliance sends it. */
export interface SoundSegment {
  readonly sampleRate: number;
  readonly startedMs: number;
  readonly durationMs: number;
  /** 16-bit little-endian PCM, base64. */
  readonly sound: string;
}

const RATE = 16_000;
const HEADER = 44;

/** All segments, each at its time, mixed into one WAV file (16 kHz, mono, 16 bit). */
export function wavOf(segments: readonly SoundSegment[]): Uint8Array<ArrayBuffer> {
  const endMs = segments.reduce((end, one) => Math.max(end, one.startedMs + one.durationMs), 0);
  const samples = Math.ceil((endMs / 1000) * RATE);
  const file = new Uint8Array(HEADER + samples * 2);
  writeHeader(new DataView(file.buffer), samples);
  const mix = new Int16Array(file.buffer, HEADER, samples);
  for (const segment of segments) mixIn(mix, segment);
  return file;
}

function mixIn(mix: Int16Array, { sampleRate, startedMs, sound }: SoundSegment): void {
  const bytes = bytesOf(sound);
  const view = new DataView(bytes.buffer);
  const count = Math.floor(bytes.length / 2);
  const start = Math.round((startedMs / 1000) * RATE);
  const step = sampleRate / RATE;
  for (let at = 0; at * step < count && start + at < mix.length; at += 1) {
    const sum = (mix[start + at] ?? 0) + view.getInt16(Math.floor(at * step) * 2, true);
    mix[start + at] = Math.max(-32_768, Math.min(32_767, sum));
  }
}

function writeHeader(view: DataView, samples: number): void {
  const word = (at: number, text: string) => {
    for (let i = 0; i < text.length; i += 1) view.setUint8(at + i, text.charCodeAt(i));
  };
  word(0, 'RIFF');
  view.setUint32(4, 36 + samples * 2, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, samples * 2, true);
}
