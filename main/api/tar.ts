import { SottoError } from '../base/index.ts';

/** POSIX.1-1988 (ustar): headers and contents in blocks of 512 bytes. */
const BLOCK = 512;

/** Two empty blocks end an archive. */
export const tarEnd: Buffer = Buffer.alloc(2 * BLOCK);

/** What fills a file's last block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/**
 * The header of a plain file that its owner may read and write. Dates are left at the epoch: the export itself says
 * when it was made.
 * @throws SottoError `tar/name-too-long`: over 100 bytes.
 */
export function tarHeader(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100)
    throw new SottoError('tar/name-too-long', 'A file of the export has too long a name for the archive.');
  const header = Buffer.alloc(BLOCK);
  const put = (text: string, at: number) => header.write(text, at, 'utf8');
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  put(name, 0);
  put(octal(0o600, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(size, 12), 124);
  put(octal(0, 12), 136);
  put(' '.repeat(8), 148);
  put('0', 156);
  put('ustar\0', 257);
  put('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
