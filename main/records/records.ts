import type { AuditLog } from '../audit/index.ts';
import { type Clock, SottoError } from '../base/index.ts';
import type { Vault } from '../vault/index.ts';
import { type KeptReceipt, Receipts } from './consent/receipts.ts';
import type {
  ConversationRecord,
  ConversationWriter,
  Reader,
  RecordedChannel,
  Records,
  SearchHit,
  SubjectReference,
} from './contract.ts';
import { channelsOf, Recordings } from './recordings.ts';
import { type Place, queryWords, SearchIndex } from './search-index.ts';
import { Subjects } from './subjects.ts';
import { RecordTables } from './tables.ts';
import { Words } from './words.ts';
import { VaultConversationWriter } from './writer.ts';

const LIST_LIMIT = 50;
const LARGEST_LIST = 500;

/** Opens the records of a vault. */
export function openRecords(vault: Vault, audit: AuditLog, ports: { readonly clock: Clock }): Records {
  // In a transaction, so that a damaged page has the vault's words for it.
  return vault.transaction(() => new VaultRecords(vault, audit, ports.clock));
}

class VaultRecords implements Records {
  readonly #vault: Vault;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #tables: RecordTables;
  readonly #index: SearchIndex;
  readonly #words: Words;
  readonly #subjects: Subjects;
  readonly #recordings: Recordings;
  readonly #receipts: Receipts;

  constructor(vault: Vault, audit: AuditLog, clock: Clock) {
    this.#vault = vault;
    this.#audit = audit;
    this.#clock = clock;
    this.#tables = new RecordTables(vault.db);
    this.#index = new SearchIndex(vault.db);
    this.#recordings = new Recordings(vault);
    this.#receipts = new Receipts(vault);
    this.#words = new Words(vault, this.#tables, this.#index, this.#recordings);
    this.#subjects = new Subjects(vault, audit, clock);
    this.#words.sealLegacy();
    if (this.#index.missing) this.rebuildIndex();
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
      () => {
        this.#tables.addConversation(conversation);
        this.#words.begin(id);
      },
    );
    return new VaultConversationWriter(id, {
      vault: this.#vault,
      audit: this.#audit,
      tables: this.#tables,
      words: this.#words,
      subjects: this.#subjects,
      recordings: this.#recordings,
      receipts: this.#receipts,
    });
  }

  list(
    reader: Reader,
    options: { readonly limit?: number; readonly before?: number } = {},
  ): readonly ConversationRecord[] {
    const limit = Math.min(options.limit ?? LIST_LIMIT, LARGEST_LIST);
    return this.#vault.transaction(() => {
      const before = options.before ?? Number.MAX_SAFE_INTEGER;
      const found = this.#tables.list(limit, before, onlyOf(reader));
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
      const kept = this.#tables.conversation(conversationId);
      const conversation = kept !== null && maySee(reader, kept) ? kept : null;
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
        turns: this.#words.read(conversationId),
        toolCalls: this.#tables.toolCalls(conversationId),
      };
    });
    if (found !== null) return found;
    throw new SottoError('records/not-found', 'There is no such conversation in the records.');
  }

  search(
    reader: Reader,
    text: string,
    { limit = LIST_LIMIT }: { readonly limit?: number } = {},
  ): readonly SearchHit[] {
    const words = queryWords(text);
    if (words.length === 0)
      throw new SottoError('records/empty-search', 'There is no word to search for.', {
        remedy: 'Write one or more words.',
      });
    return this.#vault.transaction(() => {
      const places = this.#index.find(words, Math.min(limit, LARGEST_LIST), onlyOf(reader));
      const hits = places.flatMap((place) => this.#hit(place));
      this.#tables.addRead(reader, null, this.#clock.now());
      this.#audit.append({
        action: 'record.search',
        actor: reader.memberId,
        target: 'records',
        outcome: 'success',
        detail: {
          count: hits.length,
          words: this.#audit.pseudonym(words.join(' ')),
          reason: this.#reason(reader),
        },
      });
      return hits;
    });
  }

  listen(reader: Reader, conversationId: string): readonly RecordedChannel[] {
    if (!reader.reason?.trim())
      throw new SottoError('records/reason-missing', 'Whoever listens to a recording says why.', {
        remedy: 'Write down the reason; it is kept with the fact that you listened.',
      });
    const { conversation } = this.read(reader, conversationId);
    this.#audit.append({
      action: 'recording.play',
      actor: reader.memberId,
      target: `conversation:${conversation.id}`,
      outcome: 'success',
      detail: { reason: this.#reason(reader) },
    });
    return channelsOf(this.#recordings.all(conversation.id));
  }

  receipts(
    reader: Reader,
    of: { readonly conversationId?: string; readonly subjectId?: string } = {},
  ): readonly KeptReceipt[] {
    return this.#vault.transaction(() => {
      const found = this.#receipts.list(of).filter(({ conversationId }) => {
        const conversation = this.#tables.conversation(conversationId);
        return conversation !== null && maySee(reader, conversation);
      });
      this.#tables.addRead(reader, of.conversationId ?? null, this.#clock.now());
      this.#audit.append({
        action: 'record.read',
        actor: reader.memberId,
        target: of.conversationId === undefined ? 'receipts' : `conversation:${of.conversationId}`,
        outcome: 'success',
        detail: { what: 'receipts', count: found.length, reason: this.#reason(reader) },
      });
      return found;
    });
  }

  putUnder(conversationId: string, reference: SubjectReference): string {
    return this.#subjects.put(conversationId, reference);
  }

  forgetSound(conversationId: string): number {
    return this.#vault.transaction(() => {
      const gone = this.#recordings.removeAll(conversationId);
      if (gone > 0) this.#words.renewKey(conversationId);
      return gone;
    });
  }

  rebuildIndex(): number {
    return this.#vault.transaction(() => {
      this.#index.clear();
      for (const id of this.#tables.ids())
        for (const turn of this.#tables.turns(id))
          this.#index.add(id, turn.position, this.#words.open(id, turn).text);
      return this.#index.size;
    });
  }

  #hit({ conversationId, position }: Place): readonly SearchHit[] {
    const conversation = this.#tables.conversation(conversationId);
    const turn = this.#tables.turnAt(conversationId, position);
    if (conversation === null || turn === null) return [];
    return [{ conversation, turn: this.#words.open(conversationId, turn) }];
  }

  closeAbandoned(at: number): number {
    return this.#vault.transaction(() => {
      const open = this.#tables.open();
      for (const id of open) {
        this.#recordings.removeUnscreened(id);
        this.#tables.interruptCalls(id);
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

function onlyOf({ memberId, sees = 'all' }: Reader): string | null {
  return sees === 'own' ? memberId : null;
}

function maySee(reader: Reader, { memberId }: ConversationRecord): boolean {
  return reader.sees !== 'own' || memberId === reader.memberId;
}
