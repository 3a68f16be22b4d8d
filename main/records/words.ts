import type { KeyScope, Vault } from '../vault/index.ts';
import { Receipts } from './consent/receipts.ts';
import type { TurnRecord } from './contract.ts';
import type { Recordings } from './recordings.ts';
import type { SearchIndex } from './search-index.ts';
import type { RecordTables, SealedTurn } from './tables.ts';

/**
 * What was said, sealed under the key of its conversation before it reaches a table. Nothing else in this room sees
 * the words of a turn.
 */
export class Words {
  readonly #vault: Vault;
  readonly #tables: RecordTables;
  readonly #index: SearchIndex;
  readonly #recordings: Recordings;
  readonly #receipts: Receipts;

  constructor(vault: Vault, tables: RecordTables, index: SearchIndex, recordings: Recordings) {
    this.#vault = vault;
    this.#tables = tables;
    this.#index = index;
    this.#recordings = recordings;
    this.#receipts = new Receipts(vault);
  }

  /** The key of a new conversation. */
  begin(conversationId: string): void {
    this.#vault.keys.create(scope(conversationId));
  }

  add(conversationId: string, { text, ...turn }: TurnRecord): void {
    const position = this.#tables.nextPosition(conversationId);
    const words = this.#seal(conversationId, position, text);
    this.#tables.addTurn(conversationId, { ...turn, position, words });
    this.#index.add(conversationId, position, text);
  }

  /** All turns of a conversation. @throws SottoError `vault/key-destroyed`, `vault/damaged`. */
  read(conversationId: string): readonly TurnRecord[] {
    return this.#tables.turns(conversationId).map((turn) => this.open(conversationId, turn));
  }

  open(conversationId: string, { position, words, legacy, ...turn }: SealedTurn): TurnRecord {
    if (words === null) return { ...turn, text: legacy ?? '' };
    const text = this.#vault.keys.open(scope(conversationId), words, context(position)).toString();
    return { ...turn, text };
  }

  /** Takes what was said out of the tables and the index. */
  remove(conversationId: string): void {
    for (const turn of this.#tables.turns(conversationId)) {
      const { text } = this.open(conversationId, turn);
      this.#index.remove(conversationId, turn.position, text);
    }
    this.#tables.removeTurns(conversationId);
  }

  /** A new key for one conversation: what it still holds is sealed under it, what it held opens in no copy any more. */
  renewKey(conversationId: string): void {
    const turns = this.#tables.turns(conversationId);
    const texts = turns.map((turn) => this.open(conversationId, turn).text);
    const sounds = this.#recordings.all(conversationId);
    const receipts = this.#receipts.list({ conversationId });
    this.#vault.keys.rotate(scope(conversationId), () => {
      turns.forEach(({ position }, i) => {
        const words = this.#seal(conversationId, position, texts[i] ?? '');
        this.#tables.replaceWords(conversationId, position, words);
      });
      for (const segment of sounds) this.#recordings.replace(conversationId, segment);
      this.#receipts.reseal(receipts);
    });
  }

  /** Seals what an earlier version kept in the clear of the database. */
  sealLegacy(): void {
    this.#vault.transaction(() => {
      for (const id of this.#tables.legacy()) {
        this.begin(id);
        for (const { position, legacy } of this.#tables.turns(id))
          if (legacy !== null) this.#tables.replaceWords(id, position, this.#seal(id, position, legacy));
      }
    });
  }

  #seal(conversationId: string, position: number, text: string): Buffer {
    return this.#vault.keys.seal(scope(conversationId), Buffer.from(text), context(position));
  }
}

const scope = (id: string): KeyScope => ({ kind: 'conversation', id });
const context = (position: number): string => `turn/${position}`;
