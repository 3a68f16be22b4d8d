import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { newId } from './ids.ts';

/** A note is a hundred bytes; what is longer is cut, and so is none. */
const MOST_BYTES = 4096;

/** A note that another program of this machine left, and that waits to be taken in. */
export interface DroppedNote<T> {
  readonly says: T;
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

/**
 * The notes that wait, of this user and of root alone: a file that somebody else put there is none. Of those, one that
 * cannot be read says `unreadable`. A folder that is not there holds none.
 */
export function droppedNotes<T>(
  folder: string,
  schema: ZodType<T>,
  unreadable: T,
): readonly DroppedNote<T>[] {
  return namesIn(folder)
    .map((name) => join(folder, name))
    .filter(isOurs)
    .map((file) => ({
      says: read(file, schema) ?? unreadable,
      done: () => rmSync(file, { recursive: true, force: true }),
    }));
}

function read<T>(file: string, schema: ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8').slice(0, MOST_BYTES)));
  } catch {
    return null;
  }
}

/** Windows has no owners of this kind: there the access list of the data folder says who may write. */
function isOurs(file: string): boolean {
  const own = process.getuid?.();
  if (own === undefined) return true;
  try {
    const { uid } = lstatSync(file);
    return uid === own || uid === 0;
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.endsWith('.new'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
