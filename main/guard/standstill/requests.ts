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

/** The requests that wait. What cannot be read stops everything: the hand that put it there meant to stop. */
export function standstillRequests(folder: string): readonly DroppedNote<StandstillTarget>[] {
  return droppedNotes<StandstillTarget>(folder, targetSchema, { scope: 'all' });
}
