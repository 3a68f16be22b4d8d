import { z } from 'zod';

/** An entry in plain columns, as far as its form can be read: a damaged entry is exported too. */
export interface ReadableEntry {
  readonly seq: number;
  /** Epoch milliseconds; null when the entry does not say. */
  readonly at: number | null;
  readonly action: string;
  readonly outcome: 'success' | 'failure' | '';
  readonly actor: string;
  readonly target: string;
  readonly classUid: string;
  /** The rest of what the entry tells of its act, as JSON. */
  readonly detail: string;
}

/** What entries of this log look like, each part on its own, so that one bad part does not hide the others. */
const entrySchema = z.object({
  time: z.int().nullable().catch(null),
  activity_name: z.string().catch(''),
  status_id: z.number().catch(0),
  class_uid: z.number().nullable().catch(null),
  actor: z
    .object({ user: z.object({ uid: z.string() }) })
    .nullable()
    .catch(null),
  unmapped: z.record(z.string(), z.unknown()).catch({}),
});
const NOTHING = entrySchema.parse({});
const OUTCOMES: Readonly<Record<number, ReadableEntry['outcome']>> = { 1: 'success', 2: 'failure' };

export function readable(seq: number, json: string): ReadableEntry {
  const { time, activity_name, status_id, class_uid, actor, unmapped } = parsed(json);
  const { target, ...detail } = unmapped;
  return {
    seq,
    at: time,
    action: activity_name,
    outcome: OUTCOMES[status_id] ?? '',
    actor: actor?.user.uid ?? '',
    target: typeof target === 'string' ? target : '',
    classUid: class_uid === null ? '' : String(class_uid),
    detail: JSON.stringify(detail),
  };
}

/** ISO 8601 in UTC; empty for what is no time. */
export function isoTime(at: number | null): string {
  if (at === null || Math.abs(at) > 8.64e15) return '';
  return new Date(at).toISOString();
}

function parsed(json: string): z.output<typeof entrySchema> {
  try {
    return entrySchema.safeParse(JSON.parse(json)).data ?? NOTHING;
  } catch {
    return NOTHING;
  }
}
