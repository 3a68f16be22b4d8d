import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { SottoError } from '../base/index.ts';

const LEAST_BYTES = 16;
const MOST_BYTES = 65_536;

/**
 * Reads a credential file (systemd `LoadCredential`, or one that IT put there). The caller zeroes the bytes.
 * Checked on the open descriptor, so that the file cannot be changed between the look and the reading.
 * @throws SottoError `vault/key-missing`, `vault/credential-unsafe`.
 */
export function readCredential(file: string): Buffer {
  const fd = open(file);
  try {
    const stats = fstatSync(fd);
    const complaint = complaintAbout(stats);
    if (complaint !== null) throw unsafe(complaint);
    const bytes = Buffer.alloc(stats.size);
    const read = readSync(fd, bytes, 0, bytes.length, 0);
    if (read === bytes.length) return bytes;
    bytes.fill(0);
    throw unsafe('changed while it was read');
  } finally {
    closeSync(fd);
  }
}

function open(file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : undefined;
    if (reason === 'ELOOP') throw unsafe('is a symbolic link');
    throw new SottoError('vault/key-missing', 'The credential file of the vault cannot be read.', {
      remedy: 'Check that systemd (LoadCredential) or IT put the file there, readable by the user of Sotto.',
    });
  }
}

function complaintAbout(stats: Stats): string | null {
  if (!stats.isFile()) return 'is not a regular file';
  if (stats.size < LEAST_BYTES) return `is shorter than ${LEAST_BYTES} bytes`;
  if (stats.size > MOST_BYTES) return `is longer than ${MOST_BYTES} bytes`;
  if (process.getuid === undefined) return null; // Windows: access lists, not modes
  if (stats.uid !== process.getuid() && stats.uid !== 0) return 'belongs to another user';
  return (stats.mode & 0o077) === 0 ? null : 'can be read or written by other users';
}

function unsafe(complaint: string): SottoError {
  return new SottoError('vault/credential-unsafe', `The credential file of the vault ${complaint}.`, {
    remedy: 'Give it to the user of Sotto alone: chown it and chmod 0400, 32 random bytes or more.',
  });
}
