import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { canonicalJson, type Json } from '../base/index.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { AuditProblem, AuditVerification } from './contract.ts';
import { CompactRange, leafHash } from './merkle.ts';
import { CHECKPOINT_EVERY_MS } from './rules.ts';
import type { NoteVerifier } from './signed-note.ts';

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

export interface EntryRow {
  readonly seq: number;
  readonly at: number;
  readonly json: string;
  readonly leaf: Buffer;
}
export interface NoteRow {
  readonly size: number;
  readonly note: string;
}
export interface KeptTree {
  readonly size: number;
  readonly peaks: Buffer;
}

/** A row is read no sooner than it is checked: so many at a time. As many as a tile holds. */
const PAGE = 256;

/**
 * Reads the whole log once and recomputes everything that it claims: the form and order of every entry, every leaf,
 * the tree, and each checkpoint's signature and root. Memory does not grow with the log.
 */
export function verifyLog(db: Database, verifier: NoteVerifier): AuditVerification {
  const check = new LogCheck(verifier);
  check.triggers(triggersOf(db));
  try {
    for (const _page of checkedPages(db, check, Number.MAX_SAFE_INTEGER));
    checkBeyond(db, check, check.size);
    check.tree(keptTree(db));
  } catch (error) {
    if (!isDamage(error)) throw error;
    check.unreadable();
  }
  return check.result();
}

/**
 * As `verifyLog`, of the log as it is now, a page at a time: between two pages others have their turn, so that a long
 * log is verified while conversations are held.
 * @throws the signal's reason.
 */
export async function verifyLogInSteps(
  db: Database,
  verifier: NoteVerifier,
  onChecked: (entries: number, of: number) => void,
  signal?: AbortSignal,
): Promise<AuditVerification> {
  const check = new LogCheck(verifier);
  try {
    const end = (db.prepare<[], number | null>('SELECT max(seq) FROM audit_entries').pluck().get() ?? -1) + 1;
    const tree = keptTree(db);
    check.triggers(triggersOf(db));
    checkBeyond(db, check, end);
    for (const page of checkedPages(db, check, end)) {
      onChecked((page.at(-1)?.seq ?? 0) + 1, end);
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    }
    check.tree(tree);
  } catch (error) {
    if (!isDamage(error)) throw error;
    check.unreadable();
  }
  return check.result();
}

/**
 * The entries below `end` in their order, a page at a time, each page checked together with the checkpoints that fall
 * due within it. Between two pages the database is free.
 */
export function* checkedPages(
  db: Database,
  check: LogCheck,
  end: number,
): Generator<readonly EntryRow[], void> {
  const entriesAfter = db.prepare<[number, number], EntryRow>(
    `SELECT seq, at, json, leaf FROM audit_entries WHERE seq > ? AND seq < ? ORDER BY seq LIMIT ${PAGE}`,
  );
  const notesUpTo = db.prepare<[number, number], NoteRow>(
    'SELECT size, note FROM audit_checkpoints WHERE size > ? AND size <= ? ORDER BY size',
  );
  let noted = Number.MIN_SAFE_INTEGER;
  let last = Number.MIN_SAFE_INTEGER;
  for (const note of notesUpTo.all(noted, 0)) check.checkpoint(note);
  noted = 0;
  while (true) {
    const page = entriesAfter.all(last, end);
    const final = page.at(-1)?.seq;
    if (final === undefined) return;
    const notes = notesUpTo.all(noted, final + 1);
    let next = 0;
    for (const entry of page) {
      check.entry(entry);
      for (let note = notes[next]; note !== undefined && note.size <= check.size; note = notes[next]) {
        check.checkpoint(note);
        next += 1;
      }
    }
    [last, noted] = [final, final + 1];
    yield page;
  }
}

/** Checks the checkpoints over more entries than there are. */
export function checkBeyond(db: Database, check: LogCheck, entries: number): void {
  const beyond = db.prepare<[number], NoteRow>(
    'SELECT size, note FROM audit_checkpoints WHERE size > ? ORDER BY size',
  );
  for (const note of beyond.iterate(entries)) check.beyond(note, entries);
}

/** The tree as the log keeps it beside its entries. */
export function keptTree(db: Database): KeptTree | undefined {
  return db.prepare<[], KeptTree>('SELECT size, peaks FROM audit_tree').get();
}

export function triggersOf(db: Database): readonly string[] {
  return db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
}

/** Pages that fail their authentication, and disks that fail. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(String(error.code))
  );
}

/** The state of one pass over the log. */
export class LogCheck {
  readonly #verifier: NoteVerifier;
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

  constructor(verifier: NoteVerifier) {
    this.#verifier = verifier;
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
    const checkpoint = openCheckpoint(row.note, this.#verifier);
    const name = `The checkpoint at ${row.size}`;
    if (checkpoint === null)
      this.#tell(null, 'audit/checkpoint-signature', `${name} does not bear this log's signature.`);
    else if (checkpoint.origin !== this.#verifier.name || checkpoint.size !== row.size)
      this.#tell(null, 'audit/checkpoint-misplaced', `${name} was made for another log or another size.`);
    else if (row.size !== this.#range.size || !checkpoint.root.equals(this.#range.root()))
      this.#tell(null, 'audit/checkpoint-root', `${name} was signed over other entries than these.`);
  }

  /** A checkpoint over more entries than there are. */
  beyond(row: NoteRow, entries: number): void {
    this.#checkpoints += 1;
    const signed = openCheckpoint(row.note, this.#verifier);
    if (signed?.size === row.size)
      this.#tell(
        null,
        'audit/truncated',
        `A checkpoint was signed over ${row.size} entries; ${entries} are there.`,
      );
    else
      this.#tell(
        null,
        'audit/checkpoint-signature',
        `The checkpoint at ${row.size} does not bear this log's signature over that size.`,
      );
  }

  tree(kept: KeptTree | undefined): void {
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
    if (metadata.log_name !== this.#verifier.name)
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
