import { type FileHandle, open } from 'node:fs/promises';
import { SottoError, WAV_HEADER_BYTES, wavHeader } from '../base/index.ts';

/** How much sound a dying process may cost: what is not yet on disk, and the sizes in the header, are this old. */
const FLUSH_SECONDS = 0.5;
/** RIFF sizes are 32-bit. */
const MAX_DATA_BYTES = 0xffffffff - WAV_HEADER_BYTES;

/**
 * Writes a 16-bit mono WAV as the sound comes. The file has a valid header at every moment after `create`: sizes
 * are corrected twice a second, so that a process that dies half-way leaves a playable file.
 */
export class WavWriter {
  readonly sampleRate: number;
  readonly #file: FileHandle;
  #pending: Float32Array[] = [];
  #pendingSamples = 0;
  #dataBytes = 0;
  #work: Promise<void> = Promise.resolve();
  #failure: SottoError | undefined;
  #closed = false;

  private constructor(file: FileHandle, sampleRate: number) {
    this.#file = file;
    this.sampleRate = sampleRate;
  }

  /**
   * Creates (or replaces) the file, readable by its owner alone: it holds speech.
   * @throws SottoError `media/cannot-write`.
   */
  static async create(file: string, sampleRate: number): Promise<WavWriter> {
    try {
      const handle = await open(file, 'w', 0o600);
      const writer = new WavWriter(handle, sampleRate);
      await handle.write(wavHeader(sampleRate, 0), 0, WAV_HEADER_BYTES, 0);
      return writer;
    } catch (cause) {
      throw cannotWrite(cause);
    }
  }

  /** Appends samples in [-1, 1]. Never waits; a disk error is thrown by `close`. */
  append(samples: Float32Array): void {
    if (this.#closed || this.#failure || samples.length === 0) return;
    this.#pending.push(samples.slice());
    this.#pendingSamples += samples.length;
    if (this.#pendingSamples >= this.sampleRate * FLUSH_SECONDS) this.#flush();
  }

  /**
   * Writes what is left and closes the file. Safe to call twice.
   * @throws SottoError `media/cannot-write` when some of the sound could not be written.
   */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#flush();
      this.#closed = true;
      this.#work = this.#work.then(() => this.#file.close()).catch((cause) => this.#fail(cause));
    }
    await this.#work;
    if (this.#failure) throw this.#failure;
  }

  #flush(): void {
    const block = encode16(this.#pending, this.#pendingSamples);
    this.#pending = [];
    this.#pendingSamples = 0;
    this.#work = this.#work.then(() => this.#append(block)).catch((cause) => this.#fail(cause));
  }

  async #append(block: Buffer): Promise<void> {
    if (this.#failure || block.length === 0) return;
    if (this.#dataBytes + block.length > MAX_DATA_BYTES) throw new RangeError('RIFF size');
    await this.#file.write(block, 0, block.length, WAV_HEADER_BYTES + this.#dataBytes);
    this.#dataBytes += block.length;
    await this.#file.write(wavHeader(this.sampleRate, this.#dataBytes), 0, WAV_HEADER_BYTES, 0);
  }

  #fail(cause: unknown): void {
    this.#failure ??= cannotWrite(cause);
  }
}

/**
 * Writes a whole recording as 16-bit mono WAV.
 * @throws SottoError `media/cannot-write`.
 */
export async function writeWav(file: string, samples: Float32Array, sampleRate: number): Promise<void> {
  const writer = await WavWriter.create(file, sampleRate);
  writer.append(samples);
  await writer.close();
}

function encode16(blocks: readonly Float32Array[], samples: number): Buffer {
  const bytes = Buffer.alloc(samples * 2);
  let at = 0;
  for (const block of blocks) {
    for (const sample of block) {
      bytes.writeInt16LE(Math.max(-0x8000, Math.min(0x7fff, Math.round(sample * 0x8000) || 0)), at);
      at += 2;
    }
  }
  return bytes;
}

function cannotWrite(cause: unknown): SottoError {
  return new SottoError('media/cannot-write', 'The sound could not be written to its file.', {
    remedy: 'Check that the folder exists, may be written to, and that the disk is not full.',
    cause,
  });
}
