import type { Database } from 'better-sqlite3';

/** A turn that matches. */
export interface Place {
  readonly conversationId: string;
  readonly position: number;
}

/**
 * The full-text index over turns: it holds no text, only which words occur where (FTS5, contentless), inside the
 * encrypted database. What is taken out is overwritten at once; it takes the words themselves to take them out.
 */
export class SearchIndex {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(conversationId: string, position: number, text: string): void {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO turn_places (conversation_id, position) VALUES (?, ?)')
      .run(conversationId, position);
    this.#db.prepare('INSERT INTO turn_index (rowid, words) VALUES (?, ?)').run(lastInsertRowid, text);
  }

  remove(conversationId: string, position: number, text: string): void {
    const place = this.#db
      .prepare<[string, number], number>(
        'DELETE FROM turn_places WHERE conversation_id = ? AND position = ? RETURNING place',
      )
      .pluck()
      .get(conversationId, position);
    if (place === undefined) return;
    this.#db
      .prepare("INSERT INTO turn_index (turn_index, rowid, words) VALUES ('delete', ?, ?)")
      .run(place, text);
  }

  /** Whether there are turns and none of them is in it: so it is after a backup was restored. */
  get missing(): boolean {
    const found = this.#db.prepare<[], number>(
      'SELECT EXISTS (SELECT 1 FROM turns) AND NOT EXISTS (SELECT 1 FROM turn_places)',
    );
    return found.pluck().get() === 1;
  }

  clear(): void {
    this.#db.exec("DELETE FROM turn_places; INSERT INTO turn_index (turn_index) VALUES ('delete-all')");
  }

  get size(): number {
    return this.#db.prepare<[], number>('SELECT count(*) FROM turn_places').pluck().get() ?? 0;
  }

  /** Turns that hold every word, the newest first; of one member's conversations, or of all. */
  find(words: readonly string[], limit: number, memberId: string | null): readonly Place[] {
    // Quoted, a word is never an operator of the index's own language.
    const query = words.map((word) => `"${word}"`).join(' ');
    return this.#db
      .prepare<{ query: string; limit: number; memberId: string | null }, Place>(
        `SELECT p.conversation_id AS conversationId, p.position
         FROM turn_index i JOIN turn_places p ON p.place = i.rowid
         WHERE turn_index MATCH @query AND (@memberId IS NULL OR EXISTS (
           SELECT 1 FROM conversations c WHERE c.id = p.conversation_id AND c.member_id = @memberId))
         ORDER BY i.rowid DESC LIMIT @limit`,
      )
      .all({ query, limit, memberId });
  }
}

/** The words of a query as the index knows them: letters and digits, nothing else. */
export function queryWords(text: string): readonly string[] {
  return (text.normalize('NFKC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).slice(0, 16);
}
