import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type Member, ROLES } from './contract.ts';

const rolesSchema = z.array(z.enum(ROLES));

interface Row {
  readonly id: string;
  readonly username: string;
  readonly display_name: string;
  readonly roles: string;
  readonly passphrase: string;
  readonly created_at: number;
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
        `INSERT INTO members (id, username, display_name, roles, passphrase, created_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(
        member.id,
        member.username,
        member.displayName,
        JSON.stringify(member.roles),
        passphraseHash,
        member.createdAt,
      );
  }

  byId(id: string): Member | null {
    const row = this.#db.prepare<[string], Row>('SELECT * FROM members WHERE id = ?').get(id);
    return row === undefined ? null : memberOf(row);
  }

  byUsername(username: string): { readonly member: Member; readonly passphraseHash: string } | null {
    const row = this.#db.prepare<[string], Row>('SELECT * FROM members WHERE username = ?').get(username);
    return row === undefined ? null : { member: memberOf(row), passphraseHash: row.passphrase };
  }

  all(): readonly Member[] {
    return this.#db.prepare<[], Row>('SELECT * FROM members ORDER BY username').all().map(memberOf);
  }
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
