import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type DroppedNote, dropNote, droppedNotes } from '../../base/index.ts';
import type { StopTarget } from './kill-switch.ts';

const requestSchema = z.union([
  z.strictObject({ scope: z.literal('all') }),
  z.strictObject({ scope: z.enum(['risk', 'tool']), name: z.string().regex(/^[a-zA-Z0-9_-]{0,100}$/) }),
]);

/** Where stops are asked for: `stops`, beside the folder in which tool servers keep their data (`Paths.deskData`). */
export function stopFolder(deskData: string): string {
  return join(dirname(deskData), 'stops');
}

/**
 * Asks the Sotto that runs on a data folder, or that will run on it next, to stop tools: a file in a folder that its
 * gateway reads before every call. Needs no key, because stopping is always allowed; it can only stop, never allow.
 */
export function requestStop(folder: string, target: StopTarget): void {
  dropNote(folder, JSON.stringify(requestSchema.parse(target)));
}

/** The requests that wait. What cannot be read stops everything: the hand that put it there meant to stop. */
export function stopRequests(folder: string): readonly DroppedNote<StopTarget>[] {
  return droppedNotes<StopTarget>(folder, requestSchema, { scope: 'all' });
}
