import { type FileHandle, open } from 'node:fs/promises';
import { SottoError } from '../base/index.ts';
import type { PackLimits } from './limits.ts';
import { type PackFile, type PackManifest, totalSize } from './manifest.ts';
import { BLOCK, type PackSource } from './source.ts';

/**
 * A `.sottopack` file: 16 bytes of magic, the lengths of the manifest and of the signature (32 bits each, big endian),
 * the manifest, the signature (of length 0 while it is unsigned), and then the bytes of every file in the manifest's
 * order, with nothing between and nothing after. The format's number is in the magic; line ends and an end-of-file sign
 * in it show a copy that was made as text (as in PNG).
 */
const NAME = Buffer.from('SOTTOPACK', 'latin1');
const FORMAT = 1;
const GUARD = Buffer.from([0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00]);
export const HEAD_BYTES = 24;

export function containerHead(manifest: Buffer, signature: Buffer): Buffer {
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(manifest.length, 0);
  lengths.writeUInt32BE(signature.length, 4);
  return Buffer.concat([NAME, Buffer.from([FORMAT]), GUARD, lengths, manifest, signature]);
}

/** One `.sottopack` file, open for reading. */
export class ContainerSource implements PackSource {
  readonly manifest: Buffer;
  readonly signature: Buffer | null;
  readonly #handle: FileHandle;
  readonly #size: number;
  /** Where the first file begins. */
  readonly #body: number;

  private constructor(handle: FileHandle, size: number, manifest: Buffer, signature: Buffer) {
    this.#handle = handle;
    this.#size = size;
    this.manifest = manifest;
    this.signature = signature.length === 0 ? null : signature;
    this.#body = HEAD_BYTES + manifest.length + signature.length;
  }

  /** @throws SottoError `models/not-a-pack`, `models/newer-format`, `models/too-large`, `models/truncated`. */
  static async open(path: string, limits: PackLimits): Promise<ContainerSource> {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const head = await exactly(handle, 0, Math.min(HEAD_BYTES, size));
      checkMagic(head);
      const manifestLength = head.readUInt32BE(16);
      const signatureLength = head.readUInt32BE(20);
      if (manifestLength > limits.manifestBytes || signatureLength > limits.signatureBytes)
        throw new SottoError(
          'models/too-large',
          'The pack declares a manifest that is larger than one may be.',
        );
      if (size < HEAD_BYTES + manifestLength + signatureLength) throw truncated();
      const manifest = await exactly(handle, HEAD_BYTES, manifestLength);
      const signature = await exactly(handle, HEAD_BYTES + manifestLength, signatureLength);
      return new ContainerSource(handle, size, manifest, signature);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Whether the length is what the manifest makes it: told before gigabytes are read. */
  async checkOutline(manifest: PackManifest): Promise<void> {
    const expected = this.#body + totalSize(manifest);
    if (this.#size < expected) throw truncated();
    if (this.#size > expected)
      throw new SottoError('models/trailing-bytes', 'The pack goes on after its last file.', {
        remedy: 'Do not use this pack. Copy it again from who signed it.',
      });
  }

  async *read(manifest: PackManifest, wanted: PackFile): AsyncGenerator<Buffer, void, void> {
    let at = this.#body;
    for (const file of manifest.files) {
      if (file === wanted) break;
      at += file.size;
    }
    const end = at + wanted.size;
    while (at < end) {
      const block = await exactly(this.#handle, at, Math.min(BLOCK, end - at));
      at += block.length;
      yield block;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function checkMagic(head: Buffer): void {
  const notAPack = new SottoError('models/not-a-pack', 'This is no Sotto model pack.', {
    remedy: 'Name a folder or a .sottopack file that `sotto pack build` made, copied as binary.',
  });
  if (head.length < NAME.length || !head.subarray(0, NAME.length).equals(NAME)) throw notAPack;
  if (head.length < HEAD_BYTES) throw truncated();
  if (!head.subarray(10, 16).equals(GUARD)) throw notAPack;
  if (head[9] !== FORMAT)
    throw new SottoError('models/newer-format', 'The pack has a format that this version does not know.', {
      remedy: 'Update Sotto, or build the pack for this version.',
    });
}

async function exactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) throw truncated();
    filled += bytesRead;
  }
  return buffer;
}

function truncated(): SottoError {
  return new SottoError('models/truncated', 'The pack ends too early.', {
    remedy: 'Copy it again, and eject the stick before you pull it out.',
  });
}
