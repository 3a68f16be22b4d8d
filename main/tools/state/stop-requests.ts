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
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { newId } from '../../base/index.ts';
import type { StopTarget } from './kill-switch.ts';

const requestSchema = z.strictObject({
  scope: z.enum(['all', 'risk', 'tool']),
  name: z.string().regex(/^[a-zA-Z0-9_-]{0,100}$/),
});
/** A request is a hundred bytes; what is longer is none. */
const MOST_BYTES = 4096;

/** Where stops are asked for: `stops`, beside the folder in which tool servers keep their data (`Paths.deskData`). */
export function stopFolder(deskData: string): string {
  return join(dirname(deskData), 'stops');
}

/**
 * Asks the Sotto that runs on a data folder, or that will run on it next, to stop tools: a file in a folder that its
 * gateway reads before every call. Needs no key, because stopping is always allowed; it can only stop, never allow.
 */
export function requestStop(folder: string, target: StopTarget): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, newId());
  const fd = openSync(`${file}.new`, 'wx', 0o600);
  try {
    writeSync(fd, JSON.stringify({ scope: target.scope, name: target.scope === 'all' ? '' : target.name }));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
}

/** A request as found. Anything that cannot be read as one stops everything: a hand that put it there meant to stop. */
export interface StopRequest {
  readonly target: StopTarget;
  /** Forgets it, once it was taken in. */
  done(): void;
}

/** The requests that wait. A folder that is not there holds none. */
export function stopRequests(folder: string): readonly StopRequest[] {
  return namesIn(folder).map((name) => {
    const file = join(folder, name);
    return { target: read(file), done: () => rmSync(file, { recursive: true, force: true }) };
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

function read(file: string): StopTarget {
  try {
    const text = readFileSync(file, 'utf8');
    const { scope, name } = requestSchema.parse(JSON.parse(text.slice(0, MOST_BYTES)));
    return scope === 'all' ? { scope } : { scope, name };
  } catch {
    return { scope: 'all' };
  }
}
