import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { hasCode, SottoError } from '../base/index.ts';
import { inOurWords } from './database.ts';

/**
 * Makes a folder that its owner alone may enter. An existing one is left as IT set it up.
 * @throws SottoError `vault/read-only`, `vault/disk-full`.
 */
export function privateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    if (hasCode(inOurWords(cause), 'vault/disk-full')) throw inOurWords(cause);
    // Of a read-only disk, Node says that the folder does not exist.
    throw new SottoError('vault/read-only', 'The data folder cannot be made.', {
      remedy: 'Check the permissions of its place and that the disk is not mounted read-only.',
      cause,
    });
  }
}

/**
 * Creates an empty file that its owner alone may read. Throws when it exists.
 * @throws SottoError `vault/disk-full` and whatever else the disk says.
 */
export function createPrivateFile(file: string): void {
  saidInOurWords(() => {
    const fd = openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600);
    try {
      fchmodSync(fd, 0o600); // whatever the umask
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

/**
 * Replaces a file in one step: after a crash there is the old content or the new, never half of it.
 * @throws SottoError `vault/disk-full` and whatever else the disk says; the old content stands then.
 */
export function writeAtomically(file: string, content: string): void {
  const temporary = `${file}.new`;
  saidInOurWords(() => {
    try {
      const fd = openSync(temporary, 'w', 0o600);
      try {
        fchmodSync(fd, 0o600);
        writeWhole(fd, Buffer.from(content));
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameDurably(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

function saidInOurWords(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw inOurWords(error);
  }
}

/** A disk that gets full in the middle takes a part and says how much; only the next write is refused. */
function writeWhole(fd: number, content: Buffer): void {
  for (let at = 0; at < content.length; ) at += writeSync(fd, content, at);
}

export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** Waits until what was written to a file is on the disk. */
export function syncFile(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A rename is durable once its folder is. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
