import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type DroppedNote, dropNote, droppedNotes } from '../../base/index.ts';
import type { StandstillTarget } from './standstill.ts';

/** Names of desks and tools; nothing else is a name here. */
export const targetSchema = z.union([
  z.strictObject({ scope: z.literal('all') }),
  z.strictObject({
    scope: z.enum(['desk', 'tool']),
    name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,99}$/),
  }),
]);

/** Where standstills are asked for: `standstill`, beside `Paths.deskData`. */
export function standstillFolder(deskData: string): string {
  return join(dirname(deskData), 'standstill');
}

/**
 * Asks the Sotto that runs on a data folder, or that will run on it next, to stop: a file in a folder that it watches.
 * Needs no key, because stopping is always allowed to whoever may write there; it can only stop, never lift.
 */
export function requestStandstill(folder: string, target: StandstillTarget): void {
  dropNote(folder, JSON.stringify(targetSchema.parse(target)));
}

export interface StandstillRequest {
  readonly target: StandstillTarget;
  /** Forgets it, once it was taken in. */
  done(): void;
}

/**
 * The requests that wait, of this user and of root alone: a file that somebody else put there is no request. Of those,
 * what cannot be read stops everything: the hand that put it there meant to stop.
 */
export function standstillRequests(folder: string): readonly StandstillRequest[] {
  return droppedNotes(folder)
    .filter(({ file }) => isOurs(file))
    .map((note) => ({ target: targetIn(note), done: note.done }));
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

function targetIn(note: DroppedNote): StandstillTarget {
  try {
    return targetSchema.parse(JSON.parse(note.read()));
  } catch {
    return { scope: 'all' };
  }
}
