import type { AuditLog } from '../audit/index.ts';
import { type Clock, SottoError } from '../base/index.ts';
import type { Vault } from '../vault/index.ts';
import type { ConversationRecord, ConversationWriter, Reader, Records } from './contract.ts';
import { RecordTables } from './tables.ts';
import { VaultConversationWriter } from './writer.ts';

const LIST_LIMIT = 50;
const LARGEST_LIST = 500;

/** Opens the records of a vault. */
export function openRecords(vault: Vault, audit: AuditLog, ports: { readonly clock: Clock }): Records {
  return new VaultRecords(vault, audit, ports.clock);
}

class VaultRecords implements Records {
  readonly #vault: Vault;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #tables: RecordTables;

  constructor(vault: Vault, audit: AuditLog, clock: Clock) {
    this.#vault = vault;
    this.#audit = audit;
    this.#clock = clock;
    this.#tables = new RecordTables(vault.db);
  }

  begin(conversation: Parameters<Records['begin']>[0]): ConversationWriter {
    const { id, deskId, packHash, memberId, carrier } = conversation;
    this.#audit.record(
      {
        action: 'conversation.start',
        actor: memberId ?? 'system',
        target: `conversation:${id}`,
        outcome: 'success',
        detail: { desk: deskId, packHash, carrier },
      },
      () => this.#tables.addConversation(conversation),
    );
    return new VaultConversationWriter(id, this.#vault, this.#audit, this.#tables);
  }

  list(
    reader: Reader,
    options: { readonly limit?: number; readonly before?: number } = {},
  ): readonly ConversationRecord[] {
    const limit = Math.min(options.limit ?? LIST_LIMIT, LARGEST_LIST);
    return this.#vault.transaction(() => {
      const found = this.#tables.list(limit, options.before ?? Number.MAX_SAFE_INTEGER);
      this.#tables.addRead(reader, null, this.#clock.now());
      this.#audit.append({
        action: 'record.list',
        actor: reader.memberId,
        target: 'records',
        outcome: 'success',
        detail: { count: found.length, reason: this.#reason(reader) },
      });
      return found;
    });
  }

  read(reader: Reader, conversationId: string): ReturnType<Records['read']> {
    const found = this.#vault.transaction(() => {
      const conversation = this.#tables.conversation(conversationId);
      this.#tables.addRead(reader, conversationId, this.#clock.now());
      this.#audit.append({
        action: 'record.read',
        actor: reader.memberId,
        target: `conversation:${conversationId}`,
        outcome: conversation === null ? 'failure' : 'success',
        detail: { reason: this.#reason(reader) },
      });
      if (conversation === null) return null;
      return {
        conversation,
        turns: this.#tables.turns(conversationId),
        toolCalls: this.#tables.toolCalls(conversationId),
      };
    });
    if (found !== null) return found;
    throw new SottoError('records/not-found', 'There is no such conversation in the records.');
  }

  closeAbandoned(at: number): number {
    return this.#vault.transaction(() => {
      const open = this.#tables.open();
      for (const id of open) {
        this.#tables.close(id, 'abandoned', at);
        this.#audit.append({
          action: 'conversation.end',
          actor: 'system',
          target: `conversation:${id}`,
          outcome: 'failure',
          detail: { reason: 'abandoned' },
        });
      }
      return open.length;
    });
  }

  /** A reason is free text and may name somebody: the words stay in the records, the log holds their keyed hash. */
  #reason(reader: Reader): string | null {
    return reader.reason === undefined ? null : this.#audit.pseudonym(reader.reason);
  }
}
