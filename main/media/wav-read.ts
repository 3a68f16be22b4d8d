import { open } from 'node:fs/promises';
import { SottoError } from '../base/index.ts';

/** A recording held in memory: mono, whatever its file held. */
export interface Recording {
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

/** A WAV is read whole into memory: an hour of CD sound fits, a disk image renamed to .wav does not. */
const MAX_BYTES = 640 * 1024 * 1024;
const MIN_RATE = 4_000;
const MAX_RATE = 384_000;
const MAX_CHANNELS = 32;
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;

interface Format {
  readonly encoding: 'integer' | 'float';
  readonly bits: number;
  readonly channels: number;
  readonly sampleRate: number;
}

/**
 * Reads a WAV file (RIFF; PCM of 8, 16, 24 or 32 bits, or 32/64-bit float), mixing all channels to one.
 * @throws SottoError `media/bad-wav` when it cannot be read, or is not such a file, or lies about its size.
 */
export async function readWav(file: string): Promise<Recording> {
  return parseWav(await bytesOf(file));
}

/**
 * The same from bytes already in memory.
 * @throws SottoError `media/bad-wav`.
 */
export function parseWav(bytes: Uint8Array): Recording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE')
    throw bad('it does not begin as a WAV file does');
  const end = 8 + view.getUint32(4, true);
  if (end > view.byteLength) throw bad('it is shorter than its header says');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= end; ) {
    const name = tag(view, at);
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (body + size > end) throw bad('a part of it is longer than the whole');
    if (name === 'fmt ') format = parseFormat(view, body, size);
    if (name === 'data') {
      if (!format) throw bad('its sound comes before its format');
      return { samples: decode(view, body, size, format), sampleRate: format.sampleRate };
    }
    at = body + size + (size % 2);
  }
  throw bad('it holds no sound');
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > MAX_BYTES) throw bad('it is too large to be read whole');
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof SottoError) throw cause;
    throw bad('it could not be opened', cause);
  }
}

function parseFormat(view: DataView, at: number, size: number): Format {
  if (size < 16) throw bad('its format is cut short');
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const frameBytes = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  let code = view.getUint16(at, true);
  if (code === FORMAT_EXTENSIBLE) {
    if (size < 40) throw bad('its format is cut short');
    code = view.getUint16(at + 24, true);
  }
  if (channels < 1 || channels > MAX_CHANNELS) throw bad('its number of channels makes no sense');
  if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) throw bad('its sample rate makes no sense');
  const supported =
    (code === FORMAT_PCM && [8, 16, 24, 32].includes(bits)) ||
    (code === FORMAT_FLOAT && [32, 64].includes(bits));
  if (!supported) throw bad('its encoding is not PCM or float');
  if (frameBytes !== (channels * bits) / 8) throw bad('its format contradicts itself');
  return { encoding: code === FORMAT_FLOAT ? 'float' : 'integer', bits, channels, sampleRate };
}

function decode(view: DataView, at: number, size: number, format: Format): Float32Array {
  const bytesPerSample = format.bits / 8;
  const frames = Math.floor(size / (bytesPerSample * format.channels));
  const read = sampleReader(view, format);
  const samples = new Float32Array(frames);
  for (let frame = 0, from = at; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < format.channels; channel++, from += bytesPerSample) sum += read(from);
    const mean = sum / format.channels;
    samples[frame] = Number.isFinite(mean) ? Math.max(-1, Math.min(1, mean)) : 0;
  }
  return samples;
}

function sampleReader(view: DataView, { encoding, bits }: Format): (at: number) => number {
  if (encoding === 'float')
    return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => view.getInt16(at, true) / 0x8000;
  if (bits === 24) return (at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 0x800000;
  return (at) => view.getInt32(at, true) / 0x80000000;
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

function bad(why: string, cause?: unknown): SottoError {
  return new SottoError('media/bad-wav', `The WAV file cannot be used: ${why}.`, {
    remedy: 'Give a WAV file of PCM sound, for example made by: sox INPUT -c 1 -r 16000 -b 16 OUTPUT.wav',
    cause,
  });
}
