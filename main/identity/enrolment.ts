import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { type Clock, SottoError } from '../base/index.ts';
import type { CodeEnrolment } from './contract.ts';
import { base32, keyUri, stepOfCode } from './totp.ts';

/** RFC 4226, R6 recommends 160 bits. */
const KEY_BYTES = 20;
const BEGUN_FOR_MS = 10 * 60_000;
const MOST_TRIES = 5;
const MOST_BEGUN = 100;

interface Begun {
  readonly key: Buffer;
  readonly at: number;
  tries: number;
}

/**
 * The keys of members' one-time codes. A new key counts only once its first code was typed in; until then it lies in
 * memory, and what was set up before stays good.
 */
export class CodeKeys {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #begun = new Map<string, Begun>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  begin(memberId: string, username: string): CodeEnrolment {
    const oldest = this.#begun.keys().next();
    if (this.#begun.size >= MOST_BEGUN && !oldest.done) this.#begun.delete(oldest.value);
    const key = randomBytes(KEY_BYTES);
    this.#begun.set(memberId, { key, at: this.#clock.now(), tries: 0 });
    return { uri: keyUri(key, username, 'Sotto'), secret: base32(key) };
  }

  /**
   * The key whose first code this is.
   * @throws SottoError `identity/no-enrolment`, `identity/wrong-code`.
   */
  prove(memberId: string, code: string): Buffer {
    const begun = this.#begun.get(memberId);
    const now = this.#clock.now();
    if (!begun || now - begun.at > BEGUN_FOR_MS || begun.tries >= MOST_TRIES) {
      this.#begun.delete(memberId);
      throw new SottoError('identity/no-enrolment', 'No one-time codes are being set up.', {
        remedy: 'Begin again, and scan the new code.',
      });
    }
    begun.tries += 1;
    if (stepOfCode(begun.key, code.replaceAll(/\s/g, ''), now) !== null) return begun.key;
    throw new SottoError('identity/wrong-code', 'That code is not right.', {
      remedy: 'Type the code that the app shows now. If it stays wrong, compare the clocks.',
    });
  }

  keep(memberId: string, key: Buffer): void {
    const at = this.#clock.now();
    this.#db
      .prepare(
        `INSERT INTO member_codes (member_id, key, begun_at, confirmed_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (member_id) DO UPDATE SET key = excluded.key, confirmed_at = excluded.confirmed_at`,
      )
      .run(memberId, key, this.#begun.get(memberId)?.at ?? at, at);
    this.#begun.delete(memberId);
  }

  remove(memberId: string): void {
    this.#db.prepare('DELETE FROM member_codes WHERE member_id = ?').run(memberId);
    this.#begun.delete(memberId);
  }

  of(memberId: string): Uint8Array | null {
    const key = this.#db
      .prepare<[string], Buffer>(
        'SELECT key FROM member_codes WHERE member_id = ? AND confirmed_at IS NOT NULL',
      )
      .pluck()
      .get(memberId);
    return key ?? null;
  }
}
