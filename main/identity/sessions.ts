import { createHash, randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';

const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 60 * 60_000;
/** Being seen is written down at most this often: a request should not wait for the disk. */
const SEEN_EVERY_MS = 60_000;

/** A session as kept: without its token. */
export interface LiveSession {
  readonly memberId: string;
  readonly expiresAt: number;
}

interface Row {
  readonly member_id: string;
  readonly created_at: number;
  readonly seen_at: number;
}

/** Signed-in sessions. Of a token only its SHA-256 is kept: 32 random bytes need no slower hash. */
export class Sessions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Makes a session and returns its token, which is kept nowhere. */
  begin(memberId: string, now: number): { readonly token: string; readonly expiresAt: number } {
    this.#db
      .prepare('DELETE FROM sessions WHERE created_at <= ? OR seen_at <= ?')
      .run(now - ABSOLUTE_MS, now - IDLE_MS);
    const token = randomBytes(32).toString('base64url');
    this.#db
      .prepare('INSERT INTO sessions (token_hash, member_id, created_at, seen_at) VALUES (?, ?, ?, ?)')
      .run(hashOf(token), memberId, now, now);
    return { token, expiresAt: now + IDLE_MS };
  }

  /** The session behind a token, extended; null when unknown or expired, idle or of age. */
  resume(token: string, now: number): LiveSession | null {
    const hash = hashOf(token);
    const row = this.#db
      .prepare<[Buffer], Row>('SELECT member_id, created_at, seen_at FROM sessions WHERE token_hash = ?')
      .get(hash);
    if (row === undefined) return null;
    if (now >= row.seen_at + IDLE_MS || now >= row.created_at + ABSOLUTE_MS || wasSetBack(row, now)) {
      this.#db.prepare('DELETE FROM sessions WHERE token_hash = ?').run(hash);
      return null;
    }
    if (now - row.seen_at >= SEEN_EVERY_MS)
      this.#db.prepare('UPDATE sessions SET seen_at = ? WHERE token_hash = ?').run(now, hash);
    return { memberId: row.member_id, expiresAt: Math.min(now + IDLE_MS, row.created_at + ABSOLUTE_MS) };
  }

  /** Ends a session; returns whose it was, or null. */
  end(token: string): string | null {
    const memberId = this.#db
      .prepare<[Buffer], string>('DELETE FROM sessions WHERE token_hash = ? RETURNING member_id')
      .pluck()
      .get(hashOf(token));
    return memberId ?? null;
  }

  /** Signs a member out everywhere. */
  endAllOf(memberId: string): void {
    this.#db.prepare('DELETE FROM sessions WHERE member_id = ?').run(memberId);
  }
}

/** A clock that was set back would lengthen every session: it ends them instead. */
function wasSetBack(row: Row, now: number): boolean {
  return now < row.seen_at - SEEN_EVERY_MS;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
