import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type Member, type MemberState, ROLES } from './contract.ts';

const rolesSchema = z.array(z.enum(ROLES));

interface Row {
  readonly id: string;
  readonly username: string;
  readonly display_name: string;
  readonly roles: string;
  readonly passphrase: string;
  readonly created_at: number;
  readonly locked_at: number | null;
  readonly locked_by: string | null;
  readonly lock_reason: string | null;
  readonly passphrase_at: number | null;
  readonly must_change: 0 | 1;
  readonly signed_in_at: number | null;
  readonly reviewed_at: number | null;
  /** Of the one-time codes, joined. */
  readonly codes_at?: number | null;
}

/** A member as signing in needs it. */
export interface Found {
  readonly member: Member;
  readonly passphraseHash: string;
  readonly locked: boolean;
  /** An administrator chose the passphrase: the member must choose another at the first sign-in. */
  readonly mustChange: boolean;
}

/** The people who sign in, with the hashes of their passphrases. */
export class MemberTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get empty(): boolean {
    return this.#db.prepare('SELECT 1 FROM members LIMIT 1').get() === undefined;
  }

  has(username: string): boolean {
    return this.#db.prepare('SELECT 1 FROM members WHERE username = ?').get(username) !== undefined;
  }

  add(member: Member, passphraseHash: string): void {
    this.#db
      .prepare(
        `INSERT INTO members (id, username, display_name, roles, passphrase, created_at, passphrase_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        member.id,
        member.username,
        member.displayName,
        JSON.stringify(member.roles),
        passphraseHash,
        member.createdAt,
        member.createdAt,
      );
  }

  byId(id: string): Found | null {
    const row = this.#db.prepare<[string], Row>('SELECT * FROM members WHERE id = ?').get(id);
    return row === undefined ? null : foundOf(row);
  }

  byUsername(username: string): Found | null {
    const row = this.#db.prepare<[string], Row>('SELECT * FROM members WHERE username = ?').get(username);
    return row === undefined ? null : foundOf(row);
  }

  all(): readonly Member[] {
    return this.#db.prepare<[], Row>('SELECT * FROM members ORDER BY username').all().map(memberOf);
  }

  states(): readonly MemberState[] {
    return this.#db
      .prepare<[], Row>(
        `SELECT members.*, member_codes.confirmed_at AS codes_at
         FROM members LEFT JOIN member_codes ON member_codes.member_id = members.id ORDER BY username`,
      )
      .all()
      .map(stateOf);
  }

  setRoles(id: string, roles: readonly string[]): void {
    this.#db.prepare('UPDATE members SET roles = ? WHERE id = ?').run(JSON.stringify(roles), id);
  }

  /** `lock` null unlocks. */
  setLock(
    id: string,
    lock: { readonly at: number; readonly by: string; readonly reason: string } | null,
  ): void {
    this.#db
      .prepare('UPDATE members SET locked_at = ?, locked_by = ?, lock_reason = ? WHERE id = ?')
      .run(lock?.at ?? null, lock?.by ?? null, lock?.reason ?? null, id);
  }

  setPassphrase(id: string, hash: string, at: number, mustChange: boolean): void {
    this.#db
      .prepare('UPDATE members SET passphrase = ?, passphrase_at = ?, must_change = ? WHERE id = ?')
      .run(hash, at, mustChange ? 1 : 0, id);
  }

  signedIn(id: string, at: number): void {
    this.#db.prepare('UPDATE members SET signed_in_at = ? WHERE id = ?').run(at, id);
  }

  reviewed(id: string, at: number): void {
    this.#db.prepare('UPDATE members SET reviewed_at = ? WHERE id = ?').run(at, id);
  }

  /** With the sessions and the one-time codes of the member. */
  remove(id: string): void {
    this.#db.prepare('DELETE FROM members WHERE id = ?').run(id);
  }
}

function foundOf(row: Row): Found {
  return {
    member: memberOf(row),
    passphraseHash: row.passphrase,
    locked: row.locked_at !== null,
    mustChange: row.must_change === 1,
  };
}

function memberOf(row: Row): Member {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    roles: rolesSchema.parse(JSON.parse(row.roles)),
    createdAt: row.created_at,
  };
}

function stateOf(row: Row): MemberState {
  return {
    ...memberOf(row),
    locked:
      row.locked_at === null
        ? null
        : { at: row.locked_at, by: row.locked_by ?? 'system', reason: row.lock_reason ?? '' },
    passphraseAt: row.passphrase_at ?? row.created_at,
    mustChangePassphrase: row.must_change === 1,
    signedInAt: row.signed_in_at,
    codesSince: row.codes_at ?? null,
    reviewedAt: row.reviewed_at,
  };
}
