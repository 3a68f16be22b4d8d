import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { newId } from './ids.ts';

/** A note is a hundred bytes; what is longer is cut, and so is none. */
const MOST_BYTES = 4096;

/** A note that another program of this machine left, and that waits to be taken in. */
export interface DroppedNote {
  readonly file: string;
  /** What stands in it. Throws what the file system refuses. */
  read(): string;
  /** Forgets it, once it was taken in. */
  done(): void;
}

/** Leaves a note in a folder that another program looks into: whole or not at all, and on the disk when this returns. */
export function dropNote(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, newId());
  const fd = openSync(`${file}.new`, 'wx', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
}

/** The notes that wait. A folder that is not there holds none. */
export function droppedNotes(folder: string): readonly DroppedNote[] {
  return namesIn(folder).map((name) => {
    const file = join(folder, name);
    return {
      file,
      read: () => readFileSync(file, 'utf8').slice(0, MOST_BYTES),
      done: () => rmSync(file, { recursive: true, force: true }),
    };
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.endsWith('.new'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
