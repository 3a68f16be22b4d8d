import type { KeyScope, Vault } from '../vault/index.ts';
import type { TurnRecord } from './contract.ts';
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

  constructor(vault: Vault, tables: RecordTables, index: SearchIndex) {
    this.#vault = vault;
    this.#tables = tables;
    this.#index = index;
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

  /** A new key for one conversation, and all that it holds sealed under it. */
  rotate(conversationId: string): void {
    const turns = this.#tables.turns(conversationId);
    const texts = turns.map((turn) => this.open(conversationId, turn).text);
    this.#vault.keys.rotate(scope(conversationId), () => {
      turns.forEach(({ position }, i) => {
        const words = this.#seal(conversationId, position, texts[i] ?? '');
        this.#tables.replaceWords(conversationId, position, words);
      });
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
