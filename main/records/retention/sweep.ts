import type { AuditLog } from '../../audit/index.ts';
import type { Clock } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { SearchIndex } from '../search-index.ts';
import type { RecordTables } from '../tables.ts';
import type { Words } from '../words.ts';
import { NOT_HELD } from './holds.ts';
import { DATA_CLASSES, DAY_MS, type DataClass, type RetentionRule, ruleFor } from './rules.ts';
import type { RulesInForce } from './site-policy.ts';

/** What would go of one class, and why. */
export interface DueClass {
  readonly dataClass: DataClass;
  readonly rule: RetentionRule;
  /** Conversations that hold it beyond its time. */
  readonly due: number;
  /** Of these, those that a legal hold keeps. */
  readonly held: number;
  /** When the oldest of them began, epoch milliseconds. */
  readonly oldest: number | null;
}

export interface Swept {
  readonly recordings: number;
  readonly transcripts: number;
  readonly conversations: number;
}

export interface SweepParts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly tables: RecordTables;
  readonly words: Words;
  readonly index: SearchIndex;
  readonly clock: Clock;
  /** Asked anew for every transaction: a rule may change while a sweep is under way. */
  readonly rulesInForce: () => RulesInForce;
}

/** So many conversations are swept in one transaction: what a hold or a stop may have to wait for. */
const BATCH = 50;
/** Which conversations still hold something of a class. */
const HOLDS: Readonly<Record<DataClass, string>> = {
  recording: 'EXISTS (SELECT 1 FROM recordings r WHERE r.conversation_id = c.id)',
  transcript: 'EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id)',
  conversation: 'TRUE',
};
const COUNTS = { recording: 'recordings', transcript: 'transcripts', conversation: 'conversations' } as const;

/** What the rules would let go now. Changes nothing. */
export function previewSweep({
  vault,
  clock,
  rulesInForce,
}: Pick<SweepParts, 'vault' | 'clock' | 'rulesInForce'>): readonly DueClass[] {
  const { rules } = rulesInForce();
  return DATA_CLASSES.map((dataClass) => {
    const rule = ruleFor(rules, dataClass);
    const found = vault.db
      .prepare<[number], { due: number; held: number; oldest: number | null }>(
        `SELECT count(*) AS due, coalesce(sum(NOT (${NOT_HELD})), 0) AS held, min(c.started_at) AS oldest
         FROM conversations c WHERE c.ended_at IS NOT NULL AND c.ended_at <= ? AND ${HOLDS[dataClass]}`,
      )
      .get(clock.now() - rule.keepDays * DAY_MS);
    return { dataClass, rule, ...(found ?? { due: 0, held: 0, oldest: null }) };
  });
}

/**
 * Lets go of what is beyond its time and under no hold: rows, index and keys, so that backups cannot be read either.
 * A conversation at a time; stopped or killed in the middle, the next sweep goes on. Leaves an entry with the counts.
 * Without the site's policy it goes by the rules that were set, and then throws what is wrong with the policy.
 * @throws the signal's reason; SottoError `policy/unsafe`, `policy/unreadable`.
 */
export async function sweep(parts: SweepParts, actor: string, signal?: AbortSignal): Promise<Swept> {
  const swept = { recordings: 0, transcripts: 0, conversations: 0 };
  try {
    for (const dataClass of DATA_CLASSES)
      for (;;) {
        signal?.throwIfAborted();
        const gone = sweepBatch(parts, dataClass);
        if (gone === 0) break;
        swept[COUNTS[dataClass]] += gone;
        await new Promise(setImmediate); // others have their turn
      }
    const { problem } = parts.rulesInForce();
    if (problem !== null) throw problem;
    return swept;
  } finally {
    const total = swept.recordings + swept.transcripts + swept.conversations;
    if (total > 0)
      parts.audit.append({
        action: 'retention.sweep',
        actor,
        target: 'records',
        outcome: 'success',
        detail: swept,
      });
    if (total > 0) parts.vault.db.pragma('wal_checkpoint(TRUNCATE)');
  }
}

function sweepBatch(parts: SweepParts, dataClass: DataClass): number {
  const { vault, clock, rulesInForce } = parts;
  return vault.transaction(() => {
    const { keepDays } = ruleFor(rulesInForce().rules, dataClass);
    const due = vault.db
      .prepare<[number, number], string>(
        `SELECT c.id FROM conversations c WHERE c.ended_at IS NOT NULL AND c.ended_at <= ?
         AND ${HOLDS[dataClass]} AND ${NOT_HELD} ORDER BY c.started_at LIMIT ?`,
      )
      .pluck()
      .all(clock.now() - keepDays * DAY_MS, BATCH);
    for (const id of due) LET_GO[dataClass](parts, id);
    return due.length;
  });
}

const LET_GO: Readonly<Record<DataClass, (parts: SweepParts, conversationId: string) => void>> = {
  recording: ({ vault, words }, id) => {
    vault.db.prepare('DELETE FROM recordings WHERE conversation_id = ?').run(id);
    words.renewKey(id);
  },
  transcript: ({ words }, id) => {
    words.remove(id);
    words.renewKey(id);
  },
  conversation: ({ vault, words }, id) => {
    words.remove(id);
    vault.keys.destroy({ kind: 'conversation', id });
    vault.db.prepare('DELETE FROM record_reads WHERE conversation_id = ?').run(id);
    vault.db.prepare('DELETE FROM conversations WHERE id = ?').run(id);
  },
};
