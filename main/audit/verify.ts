import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { canonicalJson, type Json } from '../base/index.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { AuditProblem, AuditVerification } from './contract.ts';
import { CompactRange, leafHash } from './merkle.ts';
import { CHECKPOINT_EVERY_MS } from './rules.ts';
import type { NoteSigner } from './signed-note.ts';

/** More would say nothing new: one cut shifts all that follows. */
const MOST_PROBLEMS = 200;
const TRIGGERS = [
  'audit_checkpoints_hold',
  'audit_checkpoints_keep',
  'audit_entries_hold',
  'audit_entries_keep',
];

const entrySchema = z.object({
  time: z.int(),
  metadata: z.object({ sequence: z.int(), event_code: z.string(), log_name: z.string() }),
});

interface EntryRow {
  readonly seq: number;
  readonly at: number;
  readonly json: string;
  readonly leaf: Buffer;
}
interface NoteRow {
  readonly size: number;
  readonly note: string;
}

/**
 * Reads the whole log once and recomputes everything that it claims: the form and order of every entry, every leaf,
 * the tree, and each checkpoint's signature and root. Memory does not grow with the log.
 */
export function verifyLog(db: Database, signer: NoteSigner): AuditVerification {
  const check = new LogCheck(signer);
  check.triggers(
    db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all(),
  );
  try {
    readThrough(db, check);
  } catch (error) {
    if (!isDamage(error)) throw error;
    check.unreadable();
  }
  return check.result();
}

function readThrough(db: Database, check: LogCheck): void {
  const notes = db.prepare<[], NoteRow>('SELECT size, note FROM audit_checkpoints ORDER BY size').iterate();
  const entries = db
    .prepare<[], EntryRow>('SELECT seq, at, json, leaf FROM audit_entries ORDER BY seq')
    .iterate();
  try {
    let note = notes.next();
    const checkpointsUpTo = (size: number) => {
      for (; !note.done && note.value.size <= size; note = notes.next()) check.checkpoint(note.value);
    };
    checkpointsUpTo(0);
    for (const entry of entries) {
      check.entry(entry);
      checkpointsUpTo(check.size);
    }
    for (; !note.done; note = notes.next()) check.beyond(note.value);
  } finally {
    notes.return?.();
  }
  check.tree(db.prepare<[], { size: number; peaks: Buffer }>('SELECT size, peaks FROM audit_tree').get());
}

/** Pages that fail their authentication, and disks that fail. */
function isDamage(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(String(error.code))
  );
}

/** The state of one pass over the log. */
class LogCheck {
  readonly #signer: NoteSigner;
  readonly #range = CompactRange.empty();
  readonly #problems: AuditProblem[] = [];
  readonly #notices: AuditProblem[] = [];
  #entries = 0;
  #checkpoints = 0;
  #nextSeq = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  /** The time of the first entry after the last checkpoint. */
  #uncoveredSince: number | null = null;
  #unreported = 0;

  constructor(signer: NoteSigner) {
    this.#signer = signer;
  }

  get size(): number {
    return this.#nextSeq;
  }

  triggers(present: readonly string[]): void {
    const missing = TRIGGERS.filter((name) => !present.includes(name));
    if (missing.length > 0)
      this.#tell(null, 'audit/unguarded', `The guard of the log was removed: ${missing.join(', ')}.`);
  }

  unreadable(): void {
    this.#tell(
      this.#nextSeq,
      'audit/unreadable',
      `The database cannot be read from entry ${this.#nextSeq} on.`,
    );
  }

  entry(row: EntryRow): void {
    this.#entries += 1;
    if (row.seq !== this.#nextSeq)
      this.#tell(row.seq, 'audit/gap', `Entries ${this.#nextSeq} to ${row.seq - 1} are missing.`);
    this.#nextSeq = row.seq + 1;
    const leaf = leafHash(Buffer.from(row.json));
    if (!leaf.equals(row.leaf))
      this.#tell(row.seq, 'audit/entry-changed', `Entry ${row.seq} was changed after it was written.`);
    this.#range.append(leaf);
    this.#form(row);
  }

  checkpoint(row: NoteRow): void {
    this.#checkpoints += 1;
    this.#uncoveredSince = null;
    const checkpoint = openCheckpoint(row.note, this.#signer);
    const name = `The checkpoint at ${row.size}`;
    if (checkpoint === null)
      this.#tell(null, 'audit/checkpoint-signature', `${name} does not bear this log's signature.`);
    else if (checkpoint.origin !== this.#signer.name || checkpoint.size !== row.size)
      this.#tell(null, 'audit/checkpoint-misplaced', `${name} was made for another log or another size.`);
    else if (row.size !== this.#range.size || !checkpoint.root.equals(this.#range.root()))
      this.#tell(null, 'audit/checkpoint-root', `${name} was signed over other entries than these.`);
  }

  /** A checkpoint over more entries than there are. */
  beyond(row: NoteRow): void {
    this.#checkpoints += 1;
    const signed = openCheckpoint(row.note, this.#signer);
    if (signed?.size === row.size)
      this.#tell(
        null,
        'audit/truncated',
        `A checkpoint was signed over ${row.size} entries; ${this.#nextSeq} are there.`,
      );
    else
      this.#tell(
        null,
        'audit/checkpoint-signature',
        `The checkpoint at ${row.size} does not bear this log's signature over that size.`,
      );
  }

  tree(kept: { readonly size: number; readonly peaks: Buffer } | undefined): void {
    if (kept?.size === this.#range.size && kept.peaks.equals(this.#range.bytes())) return;
    const truncated = kept !== undefined && kept.size > this.#range.size;
    this.#tell(
      null,
      truncated ? 'audit/truncated' : 'audit/tree-mismatch',
      `The log's own tree was built over ${kept?.size ?? 0} entries and differs from these ${this.#range.size}.`,
    );
  }

  result(): AuditVerification {
    if (this.#unreported > 0)
      this.#problems.push({
        seq: null,
        code: 'audit/more',
        message: `And ${this.#unreported} more problems.`,
      });
    return {
      ok: this.#problems.length === 0,
      entries: this.#entries,
      checkpoints: this.#checkpoints,
      root: this.#range.root().toString('hex'),
      problems: this.#problems,
      notices: this.#notices,
    };
  }

  #form(row: EntryRow): void {
    const value = parsed(row.json);
    if (value === undefined || canonicalJson(value) !== row.json)
      this.#tell(row.seq, 'audit/not-canonical', `Entry ${row.seq} is not in canonical form.`);
    const entry = entrySchema.safeParse(value);
    if (!entry.success) {
      this.#tell(row.seq, 'audit/bad-entry', `Entry ${row.seq} is not an entry of this log.`);
      return;
    }
    const { time, metadata } = entry.data;
    if (metadata.sequence !== row.seq)
      this.#tell(row.seq, 'audit/reordered', `Entry ${row.seq} was written as entry ${metadata.sequence}.`);
    if (metadata.log_name !== this.#signer.name)
      this.#tell(row.seq, 'audit/other-log', `Entry ${row.seq} was written for another log.`);
    if (time !== row.at)
      this.#tell(
        row.seq,
        'audit/time-mismatch',
        `Entry ${row.seq} is filed under another time than its own.`,
      );
    this.#time(row.seq, time, metadata.event_code);
  }

  #time(seq: number, at: number, code: string): void {
    if (code === 'clock.change') {
      const by = Math.round((this.#lastAt - at) / 1000);
      this.#notices.push({
        seq,
        code: 'audit/clock-set-back',
        message: `The clock was set back by ${by} s.`,
      });
    } else if (at < this.#lastAt)
      this.#tell(seq, 'audit/clock-moved-back', `Entry ${seq} is older than the one before it.`);
    this.#lastAt = at;
    this.#uncoveredSince ??= at;
    if (at - this.#uncoveredSince >= CHECKPOINT_EVERY_MS) {
      this.#tell(seq, 'audit/checkpoint-missing', `A checkpoint is missing before entry ${seq}.`);
      this.#uncoveredSince = at;
    }
  }

  #tell(seq: number | null, code: string, message: string): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ seq, code, message });
    else this.#unreported += 1;
  }
}

function parsed(json: string): Json | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
