import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type DroppedNote, dropNote, droppedNotes } from '../../base/index.ts';
import type { StopTarget } from './kill-switch.ts';

const requestSchema = z.strictObject({
  scope: z.enum(['all', 'risk', 'tool']),
  name: z.string().regex(/^[a-zA-Z0-9_-]{0,100}$/),
});

/** Where stops are asked for: `stops`, beside the folder in which tool servers keep their data (`Paths.deskData`). */
export function stopFolder(deskData: string): string {
  return join(dirname(deskData), 'stops');
}

/**
 * Asks the Sotto that runs on a data folder, or that will run on it next, to stop tools: a file in a folder that its
 * gateway reads before every call. Needs no key, because stopping is always allowed; it can only stop, never allow.
 */
export function requestStop(folder: string, target: StopTarget): void {
  dropNote(folder, JSON.stringify({ scope: target.scope, name: target.scope === 'all' ? '' : target.name }));
}

/** A request as found. Anything that cannot be read as one stops everything: a hand that put it there meant to stop. */
export interface StopRequest {
  readonly target: StopTarget;
  /** Forgets it, once it was taken in. */
  done(): void;
}

/** The requests that wait. A folder that is not there holds none. */
export function stopRequests(folder: string): readonly StopRequest[] {
  return droppedNotes(folder).map((note) => ({ target: targetIn(note), done: note.done }));
}

function targetIn(note: DroppedNote): StopTarget {
  try {
    const { scope, name } = requestSchema.parse(JSON.parse(note.read()));
    return scope === 'all' ? { scope } : { scope, name };
  } catch {
    return { scope: 'all' };
  }
}
