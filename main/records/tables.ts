import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { ConversationRecord, Reader, ToolCallRecord, TurnRecord } from './contract.ts';

/** A turn as it lies in the table: its words sealed, or in the clear as an earlier version left them. */
export interface SealedTurn extends Omit<TurnRecord, 'text'> {
  readonly position: number;
  readonly words: Buffer | null;
  readonly legacy: string | null;
}

const nullableText = z.string().nullable();
const conversationSchema = z
  .object({
    id: z.string(),
    desk_id: z.string(),
    pack_hash: z.string(),
    member_id: nullableText,
    carrier: z.enum(['wav', 'device', 'webrtc', 'typed']),
    started_at: z.int(),
    ended_at: z.int().nullable(),
    end_reason: nullableText,
    turns: z.int(),
    subject_id: nullableText,
  })
  .transform(
    (row): ConversationRecord => ({
      id: row.id,
      deskId: row.desk_id,
      packHash: row.pack_hash,
      memberId: row.member_id,
      carrier: row.carrier,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      endReason: row.end_reason,
      turns: row.turns,
      subjectId: row.subject_id,
    }),
  );
const turnSchema = z
  .object({
    position: z.int(),
    turn: z.int(),
    speaker: z.enum(['person', 'agent']),
    at: z.int(),
    words: z.instanceof(Buffer).nullable(),
    legacy: z.string().nullable(),
    flow: nullableText,
    confidence: z.number().nullable(),
    interrupted: z.int(),
  })
  .transform((row): SealedTurn => ({ ...row, interrupted: row.interrupted === 1 }));
const toolCallSchema = z
  .object({
    proposal_id: z.string(),
    turn: z.int(),
    at: z.int(),
    tool: z.string(),
    risk: z.string(),
    approved_by: z.enum(['none', 'voice', 'typed', 'screen']).nullable(),
    outcome: z.enum(['proposed', 'withdrawn', 'called', 'ok', 'refused', 'failed', 'unknown']),
    code: nullableText,
  })
  .transform(
    ({ proposal_id: proposalId, approved_by: approvedBy, ...row }): ToolCallRecord => ({
      proposalId,
      approvedBy,
      ...row,
    }),
  );

const TURN = 'position, turn, speaker, at, words, legacy, flow, confidence, interrupted';
/** `turns` counts what the person said. */
const CONVERSATION = `
  SELECT c.*, (SELECT count(*) FROM turns t WHERE t.conversation_id = c.id AND t.speaker = 'person') AS turns
  FROM conversations c`;

/** The rows behind the records; knows no audit log and opens no transaction. */
export class RecordTables {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  addConversation(
    conversation: Omit<ConversationRecord, 'endedAt' | 'endReason' | 'turns' | 'subjectId'>,
  ): void {
    this.#db
      .prepare(
        `INSERT INTO conversations (id, desk_id, pack_hash, member_id, carrier, started_at)
         VALUES (@id, @deskId, @packHash, @memberId, @carrier, @startedAt)`,
      )
      .run({ ...conversation });
  }

  /** False when it was closed before. */
  close(id: string, reason: string, at: number): boolean {
    return (
      this.#db
        .prepare('UPDATE conversations SET ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL')
        .run(at, reason, id).changes === 1
    );
  }

  open(): readonly string[] {
    return this.#db
      .prepare<[], string>('SELECT id FROM conversations WHERE ended_at IS NULL ORDER BY id')
      .pluck()
      .all();
  }

  nextPosition(id: string): number {
    return (
      this.#db
        .prepare<[string], number>(
          'SELECT coalesce(max(position) + 1, 0) FROM turns WHERE conversation_id = ?',
        )
        .pluck()
        .get(id) ?? 0
    );
  }

  addTurn(id: string, turn: Omit<SealedTurn, 'legacy'>): void {
    this.#db
      .prepare(
        `INSERT INTO turns (conversation_id, position, turn, speaker, at, words, flow, confidence, interrupted)
         VALUES (@id, @position, @turn, @speaker, @at, @words, @flow, @confidence, @interrupted)`,
      )
      .run({ ...turn, id, interrupted: turn.interrupted ? 1 : 0 });
  }

  replaceWords(id: string, position: number, words: Buffer): void {
    this.#db
      .prepare('UPDATE turns SET words = ?, legacy = NULL WHERE conversation_id = ? AND position = ?')
      .run(words, id, position);
  }

  removeTurns(id: string): void {
    this.#db.prepare('DELETE FROM turns WHERE conversation_id = ?').run(id);
  }

  /** Conversations with words that an earlier version left in the clear. */
  legacy(): readonly string[] {
    return this.#db
      .prepare<[], string>('SELECT DISTINCT conversation_id FROM turns WHERE legacy IS NOT NULL')
      .pluck()
      .all();
  }

  addDisclosure(id: string, disclosureId: string, wordingHash: string, at: number): void {
    this.#db
      .prepare(
        `INSERT INTO disclosures (conversation_id, position, disclosure_id, wording_hash, at)
         VALUES (@id, (SELECT count(*) FROM disclosures WHERE conversation_id = @id), @disclosureId, @wordingHash, @at)`,
      )
      .run({ id, disclosureId, wordingHash, at });
  }

  toolOutcome(id: string, proposalId: string): string | null {
    const outcome = this.#db
      .prepare<[string, string], string>(
        'SELECT outcome FROM tool_calls WHERE conversation_id = ? AND proposal_id = ?',
      )
      .pluck()
      .get(id, proposalId);
    return outcome ?? null;
  }

  /** One row a proposal, holding its latest step; `at` and `turn` stay those of the first, an approval is kept. */
  putToolCall(id: string, call: ToolCallRecord): void {
    this.#db
      .prepare(
        `INSERT INTO tool_calls (conversation_id, proposal_id, turn, at, tool, risk, approved_by, outcome, code)
         VALUES (@id, @proposalId, @turn, @at, @tool, @risk, @approvedBy, @outcome, @code)
         ON CONFLICT (conversation_id, proposal_id) DO UPDATE SET outcome = excluded.outcome, code = excluded.code,
           approved_by = coalesce(excluded.approved_by, approved_by)`,
      )
      .run({ ...call, id });
  }

  /** A call that went out and was cut off before its answer: nobody knows whether it came to pass, and that is said. */
  interruptCalls(id: string): void {
    this.#db
      .prepare(
        `UPDATE tool_calls SET outcome = 'unknown', code = 'tools/interrupted'
         WHERE conversation_id = ? AND outcome = 'called'`,
      )
      .run(id);
  }

  addRead(reader: Reader, conversationId: string | null, at: number): void {
    this.#db
      .prepare('INSERT INTO record_reads (at, member_id, conversation_id, reason) VALUES (?, ?, ?, ?)')
      .run(at, reader.memberId, conversationId, reader.reason ?? null);
  }

  /** All conversations that have a key: what was erased has none. */
  ids(): readonly string[] {
    return this.#db
      .prepare<[], string>(
        `SELECT id FROM conversations c
         WHERE EXISTS (SELECT 1 FROM data_keys k WHERE k.scope = 'conversation' AND k.id = c.id) ORDER BY id`,
      )
      .pluck()
      .all();
  }

  /** The newest first; of one member, or of all. */
  list(limit: number, before: number, memberId: string | null): readonly ConversationRecord[] {
    return this.#db
      .prepare(
        `${CONVERSATION} WHERE c.started_at < @before AND (@memberId IS NULL OR c.member_id = @memberId)
         ORDER BY c.started_at DESC, c.id DESC LIMIT @limit`,
      )
      .all({ before, limit, memberId })
      .map((row) => conversationSchema.parse(row));
  }

  conversation(id: string): ConversationRecord | null {
    const row = this.#db.prepare(`${CONVERSATION} WHERE c.id = ?`).get(id);
    return row === undefined ? null : conversationSchema.parse(row);
  }

  turnAt(id: string, position: number): SealedTurn | null {
    const row = this.#db
      .prepare(`SELECT ${TURN} FROM turns WHERE conversation_id = ? AND position = ?`)
      .get(id, position);
    return row === undefined ? null : turnSchema.parse(row);
  }

  turns(id: string): readonly SealedTurn[] {
    return this.#db
      .prepare(`SELECT ${TURN} FROM turns WHERE conversation_id = ? ORDER BY position`)
      .all(id)
      .map((row) => turnSchema.parse(row));
  }

  toolCalls(id: string): readonly ToolCallRecord[] {
    return this.#db
      .prepare(
        `SELECT proposal_id, turn, at, tool, risk, approved_by, outcome, code
         FROM tool_calls WHERE conversation_id = ? ORDER BY at, proposal_id`,
      )
      .all(id)
      .map((row) => toolCallSchema.parse(row));
  }
}
