import { z } from 'zod';
import type { AuditEntry, AuditLog } from '../audit/index.ts';

/** What a window asks of the log. */
export interface EntryQuery {
  readonly before: number | null;
  readonly limit: number;
  readonly action: string;
  readonly actor: string;
  readonly outcome: 'success' | 'failure' | null;
}

export interface ShownEntry {
  readonly seq: number;
  readonly at: number;
  readonly action: string;
  readonly actor: string;
  readonly target: string | null;
  readonly outcome: 'success' | 'failure';
  readonly json: string;
}

const PAGE = 500;
/** A rare action is looked for in so many entries at a time: the desk's conversations have their turn between. */
const MOST_LOOKED_AT = 5_000;

const entrySchema = z.object({
  activity_name: z.string(),
  status_id: z.number(),
  actor: z.object({ user: z.object({ uid: z.string() }) }),
  unmapped: z.object({ target: z.string().nullable() }),
});

/** The entries that fit, the newest first, and where to go on; null when the log's beginning was reached. */
export function findEntries(
  log: Pick<AuditLog, 'recent'>,
  query: EntryQuery,
): { readonly entries: readonly ShownEntry[]; readonly next: number | null } {
  const entries: ShownEntry[] = [];
  let before = query.before ?? undefined;
  for (let looked = 0; looked < MOST_LOOKED_AT; ) {
    const page = log.recent(PAGE, before);
    for (const entry of page) {
      const shown = show(entry);
      before = entry.seq;
      if (fits(shown, query)) entries.push(shown);
      if (entries.length >= query.limit) return { entries, next: before > 0 ? before : null };
    }
    if (page.length < PAGE) return { entries, next: null };
    looked += page.length;
  }
  return { entries, next: before ?? null };
}

function show({ seq, at, json }: AuditEntry): ShownEntry {
  const entry = entrySchema.parse(JSON.parse(json));
  return {
    seq,
    at,
    action: entry.activity_name,
    actor: entry.actor.user.uid,
    target: entry.unmapped.target,
    outcome: entry.status_id === 1 ? 'success' : 'failure',
    json,
  };
}

function fits(entry: ShownEntry, { action, actor, outcome }: EntryQuery): boolean {
  if (!entry.action.startsWith(action)) return false;
  if (actor !== '' && entry.actor !== actor) return false;
  return outcome === null || entry.outcome === outcome;
}
