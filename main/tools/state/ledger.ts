import type { Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { AuditLog } from '../../audit/index.ts';
import { type Clock, SottoError } from '../../base/index.ts';
import type { ToolEntry } from '../desk-tools.ts';
import type { UnresolvedCall } from '../gateway.ts';
import { SAY_UNKNOWN } from '../refusal.ts';
import { SteadyTime } from './steady-time.ts';
import { storeInMemory, type ToolStore } from './store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Calls whose end is known are let go after no limit counts them any more. */
const KEPT_MS = 2 * DAY_MS;

/** One call that is about to go out. */
export interface LedgerCall {
  readonly proposalId: string;
  readonly deskId: string;
  readonly conversationId: string;
  readonly tool: string;
  readonly risk: ToolEntry['risk'];
  readonly argumentsHash: string;
  /** The arguments whose daily sum is limited, in hundredths. */
  readonly hundredths: ReadonlyMap<string, number>;
}

/** What a call that went out came to. */
export type Ending = 'ok' | 'refused' | 'failed' | 'unknown';

const row = z
  .object({
    proposal_id: z.string(),
    desk_id: z.string(),
    conversation_id: z.string(),
    tool: z.string(),
    risk: z.enum(['read', 'write', 'money', 'clinical']),
    at: z.int(),
    code: z.string().nullable(),
  })
  .transform(
    (one): UnresolvedCall => ({
      proposalId: one.proposal_id,
      deskId: one.desk_id,
      conversationId: one.conversation_id,
      tool: one.tool,
      risk: one.risk,
      calledAt: one.at,
      code: one.code ?? 'tools/interrupted',
      say: SAY_UNKNOWN,
    }),
  );

/**
 * The calls that went out, as the vault keeps them: what limits are counted by, and what tells the truth when the
 * appliance died between a call and its answer. A call is written down in the transaction of its journal entry.
 */
export class ToolLedger {
  readonly #store: ToolStore;
  readonly #audit: Pick<AuditLog, 'append'> | null;
  readonly #clock: Clock;
  readonly #time: SteadyTime;
  readonly #count: Statement<[string, string, number], number>;
  readonly #sum: Statement<[string, string, string, number], number>;

  constructor(store: ToolStore, audit: Pick<AuditLog, 'append'> | null, clock: Clock) {
    this.#store = store;
    this.#audit = audit;
    this.#clock = clock;
    this.#time = new SteadyTime(store, clock);
    this.#count = store.db
      .prepare<[string, string, number], number>(
        'SELECT count(*) FROM tool_uses WHERE desk_id = ? AND tool = ? AND at > ?',
      )
      .pluck();
    this.#sum = store.db
      .prepare<[string, string, string, number], number>(
        `SELECT coalesce(sum(hundredths), 0) FROM tool_uses JOIN tool_amounts USING (proposal_id)
         WHERE desk_id = ? AND tool = ? AND argument = ? AND at > ?`,
      )
      .pluck();
  }

  get store(): ToolStore {
    return this.#store;
  }

  /** Time that never goes back: what limits and guesses are counted by. */
  now(): number {
    return this.#time.now();
  }

  /** Calls of a tool in the last hour or day. */
  calls(deskId: string, tool: string, within: 'hour' | 'day'): number {
    return this.#count.get(deskId, tool, this.#time.now() - (within === 'hour' ? HOUR_MS : DAY_MS)) ?? 0;
  }

  /** What an argument summed up to in the last day, in hundredths. */
  sumOfDay(deskId: string, tool: string, argument: string): number {
    return this.#sum.get(deskId, tool, argument, this.#time.now() - DAY_MS) ?? 0;
  }

  /** What the arguments of a call sum up to that its pack limits by the day; null where it limits none. */
  amountOf(proposalId: string): number | null {
    const hundredths = this.#store.db
      .prepare<[string], number | null>('SELECT sum(hundredths) FROM tool_amounts WHERE proposal_id = ?')
      .pluck()
      .get(proposalId);
    return hundredths === undefined || hundredths === null ? null : hundredths / 100;
  }

  /**
   * Writes down that a call goes out, together with `journal`: both or neither.
   * @throws what the journal or the disk refuses.
   */
  called(call: LedgerCall, journal: () => void): void {
    const { db } = this.#store;
    this.#store.transaction(() => {
      const at = this.#time.keep();
      db.prepare(
        "DELETE FROM tool_uses WHERE at < ? AND (state IN ('ok', 'refused', 'failed') OR resolved_at IS NOT NULL)",
      ).run(at - KEPT_MS);
      db.prepare(
        `INSERT INTO tool_uses (proposal_id, desk_id, conversation_id, tool, risk, arguments_hash, at, state)
         VALUES (@proposalId, @deskId, @conversationId, @tool, @risk, @argumentsHash, @at, 'called')`,
      ).run({
        proposalId: call.proposalId,
        deskId: call.deskId,
        conversationId: call.conversationId,
        tool: call.tool,
        risk: call.risk,
        argumentsHash: call.argumentsHash,
        at,
      });
      const amount = db.prepare('INSERT INTO tool_amounts VALUES (?, ?, ?)');
      for (const [argument, hundredths] of call.hundredths) amount.run(call.proposalId, argument, hundredths);
      journal();
    });
  }

  /** Writes down what a call came to. */
  answered(proposalId: string, state: Ending, code: string | null): void {
    this.#store.transaction(() => {
      const at = this.#time.keep();
      this.#store.db
        .prepare('UPDATE tool_uses SET state = ?, code = ?, answered_at = ? WHERE proposal_id = ?')
        .run(state, code, at, proposalId);
    });
  }

  /**
   * Ends the calls that went out and had no answer when the process died: what only reads has failed, of the rest
   * nobody can say. Each leaves an entry in the log. To be called once, when the vault was opened.
   */
  endInterrupted(): readonly UnresolvedCall[] {
    return this.#store.transaction(() => {
      const found = this.#select("state = 'called'");
      for (const call of found) {
        const state = call.risk === 'read' ? 'failed' : 'unknown';
        this.answered(call.proposalId, state, 'tools/interrupted');
        this.#audit?.append({
          action: 'tool.answer',
          actor: 'system',
          target: `conversation:${call.conversationId}`,
          outcome: 'failure',
          detail: {
            tool: call.tool,
            risk: call.risk,
            proposal: call.proposalId,
            outcome: state,
            code: 'tools/interrupted',
          },
        });
      }
      return found.filter(({ risk }) => risk !== 'read');
    });
  }

  /** Calls of which nobody can say whether they went through, and nobody has looked yet. */
  unresolved(): readonly UnresolvedCall[] {
    return this.#select("state = 'unknown' AND resolved_at IS NULL AND risk <> 'read'");
  }

  /**
   * Somebody looked, in the system behind the tool, whether the call went through.
   * @throws SottoError `tools/not-unresolved`.
   */
  resolve(proposalId: string, memberId: string, happened: boolean): void {
    this.#store.transaction(() => {
      const call = this.unresolved().find((one) => one.proposalId === proposalId);
      if (!call)
        throw new SottoError('tools/not-unresolved', 'There is no such call that waits to be checked.');
      this.#store.db
        .prepare('UPDATE tool_uses SET resolved_at = ?, resolved_by = ?, happened = ? WHERE proposal_id = ?')
        .run(this.#clock.now(), memberId, happened ? 1 : 0, proposalId);
      this.#audit?.append({
        action: 'tool.resolve',
        actor: memberId,
        target: `conversation:${call.conversationId}`,
        outcome: 'success',
        detail: { tool: call.tool, risk: call.risk, proposal: proposalId, happened },
      });
    });
  }

  #select(condition: string): readonly UnresolvedCall[] {
    return this.#store.db
      .prepare(
        `SELECT proposal_id, desk_id, conversation_id, tool, risk, at, code FROM tool_uses
         WHERE ${condition} ORDER BY at, proposal_id`,
      )
      .all()
      .map((one) => row.parse(one));
  }
}

/**
 * Opens the ledger of a vault and ends what the last run left open. One for a vault, before any gateway.
 * @throws SottoError of the vault when it cannot be written.
 */
export function openToolLedger(
  store: ToolStore,
  audit: Pick<AuditLog, 'append'> | null,
  ports: { readonly clock: Clock },
): ToolLedger {
  const ledger = new ToolLedger(store, audit, ports.clock);
  ledger.endInterrupted();
  return ledger;
}

/** A ledger that forgets everything with the process. */
export function ledgerInMemory(clock: Clock): ToolLedger {
  return new ToolLedger(storeInMemory(), null, clock);
}

/** The arguments of a call whose daily sum the pack limits, in hundredths, rounded up. */
export function summedArguments(
  tool: ToolEntry,
  given: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, number> {
  return new Map(
    Object.keys(tool.limits.mostPerDay ?? {}).flatMap((argument) => {
      const value = Object.hasOwn(given, argument) ? given[argument] : undefined;
      return typeof value === 'number' ? [[argument, Math.ceil(value * 100 - 1e-6)] as const] : [];
    }),
  );
}
