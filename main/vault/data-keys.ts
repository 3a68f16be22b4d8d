import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { type Clock, canonicalJson, SottoError } from '../base/index.ts';
import type { DataKeys, KeyScope } from './contract.ts';
import { openBytes, sealBytes } from './sealing.ts';

/** Opened keys kept in memory at once; the one used longest ago is zeroed first. */
const MOST_OPENED = 256;
const GENERATION_BYTES = 4;

interface KeyRow {
  readonly generation: number;
  /** The subject whose key wraps this one; null: the root key does. */
  readonly subject: string | null;
  readonly wrapped: Buffer;
}

/** What the data keys need of the vault that holds them. */
export interface DataKeyParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly transaction: <T>(work: () => T) => T;
  /** The key that wraps those that stand under no subject. */
  readonly root: () => Buffer;
}

/**
 * Data keys of an open vault. Each lies in the database wrapped under its subject's key or the root key; whoever
 * destroys a subject's key has made every conversation under it unreadable, in each copy that was ever made of them.
 */
export class VaultDataKeys implements DataKeys {
  readonly #parts: DataKeyParts;
  readonly #opened = new Map<string, Buffer>();

  constructor(parts: DataKeyParts) {
    this.#parts = parts;
  }

  create(scope: KeyScope, subject: string | null = null): void {
    this.#parts.transaction(() => {
      if (this.#destroyed(scope)) throw destroyed();
      if (this.#newest(scope) === null) this.#put(scope, 1, subject, randomBytes(32));
    });
  }

  has(scope: KeyScope): boolean {
    return this.#newest(scope) !== null;
  }

  seal(scope: KeyScope, plain: Uint8Array, context: string): Buffer {
    const row = this.#newest(scope);
    if (row === null) throw this.#destroyed(scope) ? destroyed() : unknownKey();
    const generation = generationBytes(row.generation);
    const sealed = sealBytes(plain, this.#key(scope, row), bound(scope, row.generation, context));
    return Buffer.concat([generation, sealed]);
  }

  open(scope: KeyScope, sealed: Buffer, context: string): Buffer {
    const generation = sealed.length < GENERATION_BYTES ? 0 : sealed.readUInt32BE(0);
    const row = this.#row(scope, generation);
    if (row === null) throw this.#destroyed(scope) ? destroyed() : damaged();
    const key = this.#key(scope, row);
    const plain = openBytes(sealed.subarray(GENERATION_BYTES), key, bound(scope, generation, context));
    if (plain === null) throw damaged();
    return plain;
  }

  moveUnder(subject: string, conversation: string): void {
    const scope = { kind: 'conversation', id: conversation } as const;
    this.#parts.transaction(() => {
      this.create({ kind: 'subject', id: subject });
      for (const row of this.#rows(scope)) this.#put(scope, row.generation, subject, this.#key(scope, row));
    });
  }

  rotate(scope: KeyScope, reseal: () => void): void {
    this.#parts.transaction(() => {
      const old = this.#newest(scope);
      if (old === null) throw this.#destroyed(scope) ? destroyed() : unknownKey();
      if (scope.kind === 'subject') return this.#rotateSubject(scope, old);
      this.#put(scope, old.generation + 1, old.subject, randomBytes(32));
      reseal();
      this.#delete(scope, old.generation);
    });
  }

  destroy(scope: KeyScope): void {
    this.#parts.transaction(() => {
      const under = scope.kind === 'subject' ? this.#conversationsUnder(scope.id) : [];
      for (const each of [...under, scope]) {
        this.#parts.db.prepare('DELETE FROM data_keys WHERE scope = ? AND id = ?').run(each.kind, each.id);
        this.#parts.db
          .prepare('INSERT OR IGNORE INTO destroyed_keys (scope, id, destroyed_at) VALUES (?, ?, ?)')
          .run(each.kind, each.id, this.#parts.clock.now());
        this.#drop(each);
      }
    });
  }

  /** Zeroes what was opened. */
  close(): void {
    for (const key of this.#opened.values()) key.fill(0);
    this.#opened.clear();
  }

  /** A new key for the subject; the conversations' keys are wrapped anew and stay what they are. */
  #rotateSubject(scope: KeyScope, old: KeyRow): void {
    const conversations = this.#conversationsUnder(scope.id);
    // Copies: there may be more of them than are kept opened.
    const held = conversations.flatMap((conversation) =>
      this.#rows(conversation).map(({ generation, ...row }) => {
        const key = Buffer.from(this.#key(conversation, { generation, ...row }));
        return { conversation, generation, key };
      }),
    );
    this.#put(scope, old.generation + 1, null, randomBytes(32));
    this.#delete(scope, old.generation);
    for (const { conversation, generation, key } of held) this.#put(conversation, generation, scope.id, key);
  }

  #conversationsUnder(subject: string): readonly KeyScope[] {
    return this.#parts.db
      .prepare<[string], string>(
        "SELECT DISTINCT id FROM data_keys WHERE scope = 'conversation' AND subject = ?",
      )
      .pluck()
      .all(subject)
      .map((id) => ({ kind: 'conversation', id }));
  }

  #put(scope: KeyScope, generation: number, subject: string | null, key: Buffer): void {
    const wrapped = sealBytes(key, this.#wrappingKey(subject), bound(scope, generation, 'data key'));
    this.#parts.db
      .prepare(
        `INSERT INTO data_keys (scope, id, generation, subject, wrapped, created_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (scope, id, generation) DO UPDATE SET subject = excluded.subject, wrapped = excluded.wrapped`,
      )
      .run(scope.kind, scope.id, generation, subject, wrapped, this.#parts.clock.now());
    this.#remember(name(scope, generation), key);
  }

  #delete(scope: KeyScope, generation: number): void {
    this.#parts.db
      .prepare('DELETE FROM data_keys WHERE scope = ? AND id = ? AND generation = ?')
      .run(scope.kind, scope.id, generation);
    this.#drop(scope);
  }

  #wrappingKey(subject: string | null): Buffer {
    if (subject === null) return this.#parts.root();
    const scope = { kind: 'subject', id: subject } as const;
    const row = this.#newest(scope);
    if (row === null) throw this.#destroyed(scope) ? destroyed() : damaged();
    return this.#key(scope, row);
  }

  #key(scope: KeyScope, row: KeyRow): Buffer {
    const known = this.#opened.get(name(scope, row.generation));
    if (known !== undefined) return this.#remember(name(scope, row.generation), known);
    const context = bound(scope, row.generation, 'data key');
    const key = openBytes(row.wrapped, this.#wrappingKey(row.subject), context);
    if (key === null) throw damaged();
    return this.#remember(name(scope, row.generation), key);
  }

  #remember(id: string, key: Buffer): Buffer {
    this.#opened.delete(id);
    this.#opened.set(id, key);
    const oldest = this.#opened.keys().next().value;
    if (this.#opened.size > MOST_OPENED && oldest !== undefined) {
      this.#opened.get(oldest)?.fill(0);
      this.#opened.delete(oldest);
    }
    return key;
  }

  #drop(scope: KeyScope): void {
    for (const [id, key] of this.#opened)
      if (id.startsWith(`${scope.kind}/${scope.id}/`)) {
        key.fill(0);
        this.#opened.delete(id);
      }
  }

  #newest(scope: KeyScope): KeyRow | null {
    return this.#rows(scope).at(-1) ?? null;
  }

  #row(scope: KeyScope, generation: number): KeyRow | null {
    return this.#rows(scope).find((row) => row.generation === generation) ?? null;
  }

  #rows(scope: KeyScope): readonly KeyRow[] {
    return this.#parts.db
      .prepare<[string, string], KeyRow>(
        'SELECT generation, subject, wrapped FROM data_keys WHERE scope = ? AND id = ? ORDER BY generation',
      )
      .all(scope.kind, scope.id);
  }

  #destroyed(scope: KeyScope): boolean {
    return (
      this.#parts.db
        .prepare('SELECT 1 FROM destroyed_keys WHERE scope = ? AND id = ?')
        .get(scope.kind, scope.id) !== undefined
    );
  }
}

function name(scope: KeyScope, generation: number): string {
  return `${scope.kind}/${scope.id}/${generation}`;
}

/** A sealed value opens only as what it was sealed as: it cannot be moved to another row, field or conversation. */
function bound(scope: KeyScope, generation: number, context: string): Buffer {
  return Buffer.from(canonicalJson(['sotto data', scope.kind, scope.id, generation, context]));
}

function generationBytes(generation: number): Buffer {
  const bytes = Buffer.alloc(GENERATION_BYTES);
  bytes.writeUInt32BE(generation);
  return bytes;
}

function destroyed(): SottoError {
  return new SottoError('vault/key-destroyed', 'This was erased: its key is gone, and no copy can be read.', {
    remedy: 'Nothing can be done, and nothing should be.',
  });
}

function unknownKey(): SottoError {
  return new SottoError('vault/no-data-key', 'There is no key for this yet.');
}

function damaged(): SottoError {
  return new SottoError('vault/damaged', 'A part of what is kept has been changed and cannot be read.', {
    remedy: 'Keep a copy of the data folder and restore a backup; have the disk checked.',
  });
}
