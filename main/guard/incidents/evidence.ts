import { z } from 'zod';
import type { AuditLog } from '../../audit/index.ts';
import type { EvidenceBody } from './contract.ts';

/** What happened so long before an incident was opened may belong to it. */
export const BEFORE_MS = 60 * 60_000;
const MOST_ENTRIES = 5_000;
const MOST_FINDINGS = 100;
const MOST_CONVERSATIONS = 50;

/** Entries that tell of something that should not be. */
const TELLING: ReadonlySet<string> = new Set([
  'access.refuse',
  'clock.change',
  'guard.finding',
  'limit.exceed',
  'member.lock',
  'signIn.refuse',
  'standstill.begin',
  'tool.refuse',
]);

const entrySchema = z.object({
  activity_name: z.string(),
  unmapped: z.object({ target: z.string().nullable(), conversationId: z.string().optional() }),
  actor: z.object({ user: z.object({ uid: z.string() }) }),
});

/** What the log of the last hour holds: its range, what was found, and the conversations that it was found in. */
export function collect(audit: AuditLog, now: number): readonly EvidenceBody[] {
  const entries = audit.recent(MOST_ENTRIES).filter(({ at }) => at > now - BEFORE_MS);
  const [last, first] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return [];
  const telling = entries
    .map(({ seq, json }) => ({ seq, ...entrySchema.parse(JSON.parse(json)) }))
    .filter((entry) => TELLING.has(entry.activity_name))
    .slice(0, MOST_FINDINGS);
  const conversations = new Set(
    telling.flatMap(({ actor, unmapped }) =>
      [actor.user.uid, unmapped.target ?? '', `conversation:${unmapped.conversationId ?? ''}`].flatMap(
        (name) => /^conversation:(.+)$/.exec(name)?.[1] ?? [],
      ),
    ),
  );
  return [
    { kind: 'log', first: first.seq, end: last.seq + 1 },
    ...telling.map(({ seq, activity_name: code }) => ({ kind: 'finding', seq, code }) as const),
    ...[...conversations]
      .slice(0, MOST_CONVERSATIONS)
      .map((conversationId) => ({ kind: 'conversation', conversationId }) as const),
  ];
}
