import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import type { Statement } from 'better-sqlite3';
import { type Clock, canonicalJson, hasCode, type Json, SottoError } from '../base/index.ts';
import type { Vault } from '../vault/index.ts';
import { signCheckpoint } from './checkpoint.ts';
import type {
  AuditEntry,
  AuditEvent,
  AuditExport,
  AuditExportRequest,
  AuditLog,
  AuditVerification,
} from './contract.ts';
import { privateKeyOf } from './ed25519.ts';
import { exportLog } from './export/export.ts';
import { GroupCommit } from './group-commit.ts';
import { CompactRange, leafHash } from './merkle.ts';
import { ocsfEntry } from './ocsf.ts';
import { CHECKPOINT_EVERY_MS, SMALLEST_CLOCK_STEP_MS } from './rules.ts';
import { type NoteSigner, noteSigner } from './signed-note.ts';
import { verifyLog, verifyLogInSteps } from './verify.ts';

/** What the log needs of the world. */
export interface AuditPorts {
  readonly clock: Clock;
  /** The origin of the log (C2SP: a name like a URL without its scheme). Used when the log begins, kept ever after. */
  readonly site?: string;
}

/**
 * Opens the log of a vault, beginning it if it is new.
 * A damaged log opens too, so that it can be verified; but it takes no more entries (`audit/damaged`).
 * @throws SottoError `audit/bad-origin`.
 */
export function openAuditLog(vault: Vault, ports: AuditPorts): AuditLog {
  const seed = vault.secret('audit/signing-key', () => randomBytes(32));
  const origin = vault.secret('audit/origin', () => Buffer.from(ports.site ?? newOrigin())).toString();
  try {
    // In a transaction, so that a damaged page has the vault's words for it.
    return vault.transaction(() => new VaultAuditLog(vault, ports.clock, noteSigner(origin, seed)));
  } finally {
    seed.fill(0);
  }
}

function newOrigin(): string {
  return `sotto-${randomBytes(8).toString('hex')}/audit`;
}

/** Keeps the log in the tables of the vault. */
class VaultAuditLog implements AuditLog {
  readonly origin: string;
  readonly verifierKey: string;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #signer: NoteSigner;
  readonly #pseudonymKey: Buffer;
  readonly #statements: Statements;
  readonly #group: GroupCommit;
  /** The tree as of the last look; an act that was rolled back leaves it ahead of the database, which `#tree` sees. */
  #known: CompactRange | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(vault: Vault, clock: Clock, signer: NoteSigner) {
    this.#vault = vault;
    this.#clock = clock;
    this.#signer = signer;
    this.origin = signer.name;
    this.verifierKey = signer.verifierKey;
    this.#pseudonymKey = vault.secret('audit/pseudonym-key', () => randomBytes(32));
    this.#statements = prepare(vault);
    this.#group = new GroupCommit(vault);
    this.#awaitCheckpoint();
  }

  append(event: AuditEvent): AuditEntry {
    if (this.#closed) throw closed();
    const entry = this.#vault.transaction(() => {
      const at = this.#settleTime();
      return this.#write(event, at);
    });
    this.#awaitCheckpoint();
    return entry;
  }

  record<T>(event: AuditEvent, act: () => T): T {
    return this.#vault.transaction(() => {
      const result = act();
      this.append(event);
      return result;
    });
  }

  recordTogether<T>(event: AuditEvent, act: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(closed());
    return this.#group.run(() => {
      const result = act();
      this.append(event);
      return result;
    });
  }

  pseudonym(value: string): string {
    return createHmac('sha256', this.#pseudonymKey).update(value).digest('hex').slice(0, 32);
  }

  checkpoint(): string {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#vault.transaction(() => this.#sign());
  }

  certify(kind: string, statement: Json): string {
    return this.#signer.sign(`sotto ${kind}\n${canonicalJson(statement)}\n`);
  }

  verify(): AuditVerification {
    return this.#vault.transaction(() => verifyLog(this.#vault.db, this.#signer));
  }

  verifyInSteps(
    onChecked: (entries: number, of: number) => void,
    signal?: AbortSignal,
  ): Promise<AuditVerification> {
    return verifyLogInSteps(this.#vault.db, this.#signer, onChecked, signal);
  }

  export(request: AuditExportRequest): Promise<AuditExport> {
    const source = {
      vault: this.#vault,
      clock: this.#clock,
      verifier: this.#signer,
      append: (event: AuditEvent) => this.append(event),
      checkpoint: () => this.checkpoint(),
      exportKey: () => this.#exportKey(),
    };
    return exportLog(source, request);
  }

  recent(limit: number, before = Number.MAX_SAFE_INTEGER): readonly AuditEntry[] {
    return this.#statements.recent.all(before, limit);
  }

  close(): void {
    if (this.#closed) return;
    try {
      this.#group.flush();
      this.checkpoint();
    } catch (error) {
      if (!hasCode(error, 'audit/damaged')) throw error; // Every append since has said so.
    } finally {
      this.#closed = true;
      this.#pseudonymKey.fill(0);
    }
  }

  #exportKey(): KeyObject {
    const seed = this.#vault.secret('audit/export-key', () => randomBytes(32));
    try {
      return privateKeyOf(seed);
    } finally {
      seed.fill(0);
    }
  }

  /**
   * The time of the next entry. A clock that was set back is itself an entry; steps too small to be anything but the
   * clock's own discipline are held back. What is due by the new time is signed before anything bears that time.
   */
  #settleTime(): number {
    const now = this.#clock.now();
    const last = this.#statements.lastAt.get();
    if (last === undefined || now >= last) {
      if (this.#checkpointDue(now)) this.#sign();
      return now;
    }
    if (last - now <= SMALLEST_CLOCK_STEP_MS) return last;
    this.#sign();
    const change = { action: 'clock.change', actor: 'system', outcome: 'success' } as const;
    this.#write({ ...change, detail: { movedByMs: now - last } }, now);
    return now;
  }

  #write(event: AuditEvent, at: number): AuditEntry {
    const tree = this.#tree();
    const seq = tree.size;
    const json = ocsfEntry(event, seq, at, this.#signer.name);
    const leaf = leafHash(Buffer.from(json));
    this.#statements.insert.run(seq, at, json, leaf);
    tree.append(leaf);
    this.#statements.saveTree.run(tree.size, tree.bytes());
    return { seq, at, json };
  }

  /** The checkpoint of the tree as it stands, signed unless it has been. */
  #sign(): string {
    const tree = this.#tree();
    const kept = this.#statements.noteAt.get(tree.size);
    if (kept !== undefined) return kept;
    const note = signCheckpoint(tree.size, tree.root(), this.#signer);
    this.#statements.insertNote.run(tree.size, this.#clock.now(), note);
    return note;
  }

  #checkpointDue(now: number): boolean {
    const since = this.#statements.firstUnsignedAt.get();
    return since !== undefined && now - since >= CHECKPOINT_EVERY_MS;
  }

  /** Signs a minute after the first entry that no checkpoint covers, if nothing else does before. */
  #awaitCheckpoint(): void {
    if (this.#timer !== undefined || this.#statements.firstUnsignedAt.get() === undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#closed || !this.#vault.db.open) return;
      try {
        this.checkpoint();
      } catch {
        this.#awaitCheckpoint(); // A full disk, say. The next append meets the same cause and refuses its act.
      }
    }, CHECKPOINT_EVERY_MS);
    this.#timer.unref();
  }

  #tree(): CompactRange {
    const next = (this.#statements.lastSeq.get() ?? -1) + 1;
    if (this.#known?.size !== next) this.#known = this.#load();
    return this.#known;
  }

  #load(): CompactRange {
    const kept = this.#statements.loadTree.get();
    const tree = kept && CompactRange.from(kept.size, kept.peaks);
    if (tree && tree.size === (this.#statements.lastSeq.get() ?? -1) + 1) return tree;
    throw new SottoError('audit/damaged', 'The audit log does not agree with its own tree.', {
      remedy: 'Somebody changed the database. Keep a copy of it for the inquiry and restore a backup.',
    });
  }
}

function closed(): SottoError {
  return new SottoError('audit/closed', 'The audit log is closed.');
}

interface Statements {
  readonly insert: Statement<[number, number, string, Buffer]>;
  readonly insertNote: Statement<[number, number, string]>;
  readonly loadTree: Statement<[], { size: number; peaks: Buffer }>;
  readonly saveTree: Statement<[number, Buffer]>;
  readonly lastSeq: Statement<[], number | null>;
  readonly lastAt: Statement<[], number>;
  readonly noteAt: Statement<[number], string>;
  readonly firstUnsignedAt: Statement<[], number>;
  readonly recent: Statement<[number, number], AuditEntry>;
}

function prepare({ db }: Vault): Statements {
  return {
    insert: db.prepare('INSERT INTO audit_entries (seq, at, json, leaf) VALUES (?, ?, ?, ?)'),
    insertNote: db.prepare('INSERT INTO audit_checkpoints (size, at, note) VALUES (?, ?, ?)'),
    loadTree: db.prepare('SELECT size, peaks FROM audit_tree'),
    saveTree: db.prepare('UPDATE audit_tree SET size = ?, peaks = ?'),
    lastSeq: db.prepare<[], number | null>('SELECT max(seq) FROM audit_entries').pluck(),
    lastAt: db.prepare<[], number>('SELECT at FROM audit_entries ORDER BY seq DESC LIMIT 1').pluck(),
    noteAt: db.prepare<[number], string>('SELECT note FROM audit_checkpoints WHERE size = ?').pluck(),
    firstUnsignedAt: db
      .prepare<[], number>(
        `SELECT at FROM audit_entries
         WHERE seq >= coalesce((SELECT max(size) FROM audit_checkpoints), 0) ORDER BY seq LIMIT 1`,
      )
      .pluck(),
    recent: db.prepare('SELECT seq, at, json FROM audit_entries WHERE seq < ? ORDER BY seq DESC LIMIT ?'),
  };
}
