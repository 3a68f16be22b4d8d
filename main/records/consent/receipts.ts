import { canonicalJson } from '../../base/index.ts';
import type { KeyScope, Vault } from '../../vault/index.ts';
import { type ConsentReceipt, consentReceiptSchema } from './receipt.ts';

/** A receipt as it is kept, with the conversation it belongs to. */
export interface KeptReceipt {
  readonly conversationId: string;
  readonly receipt: ConsentReceipt;
}

interface Row {
  readonly id: string;
  readonly conversationId: string;
  readonly receipt: Buffer;
}

/** Consent receipts, each sealed under the key of its conversation. */
export class Receipts {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  add(conversationId: string, receipt: ConsentReceipt): void {
    const { receipt_id: id } = receipt.receipt_metadata;
    const { purpose } = receipt.pii_processing.purposes[0];
    this.#vault.db
      .prepare(
        `INSERT INTO consent_receipts (id, conversation_id, at, purpose, decision, receipt)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        conversationId,
        Date.parse(receipt.event.event_time),
        purpose,
        receipt.event.event_state,
        this.#seal(conversationId, id, receipt),
      );
  }

  /** In the order in which they were made: of one conversation, of a subject, or all (the newest 500 of them). */
  list(of: { readonly conversationId?: string; readonly subjectId?: string } = {}): readonly KeptReceipt[] {
    return this.#vault.db
      .prepare<{ conversationId: string | null; subjectId: string | null }, Row>(
        `SELECT * FROM (
           SELECT r.id, r.conversation_id AS conversationId, r.receipt, r.at FROM consent_receipts r
           JOIN conversations c ON c.id = r.conversation_id
           WHERE (@conversationId IS NULL OR r.conversation_id = @conversationId)
             AND (@subjectId IS NULL OR c.subject_id = @subjectId)
           ORDER BY r.at DESC, r.id DESC LIMIT 500) ORDER BY at, id`,
      )
      .all({ conversationId: of.conversationId ?? null, subjectId: of.subjectId ?? null })
      .map((row) => ({ conversationId: row.conversationId, receipt: this.#open(row) }));
  }

  /** Seals them again under the newest key of their conversation; to be called with what `list` gave before. */
  reseal(receipts: readonly KeptReceipt[]): void {
    for (const { conversationId, receipt } of receipts) {
      const { receipt_id: id } = receipt.receipt_metadata;
      this.#vault.db
        .prepare('UPDATE consent_receipts SET receipt = ? WHERE id = ?')
        .run(this.#seal(conversationId, id, receipt), id);
    }
  }

  #seal(conversationId: string, id: string, receipt: ConsentReceipt): Buffer {
    return this.#vault.keys.seal(scope(conversationId), Buffer.from(canonicalJson(receipt)), context(id));
  }

  #open({ id, conversationId, receipt }: Row): ConsentReceipt {
    const plain = this.#vault.keys.open(scope(conversationId), receipt, context(id));
    return consentReceiptSchema.parse(JSON.parse(plain.toString()));
  }
}

const scope = (id: string): KeyScope => ({ kind: 'conversation', id });
const context = (id: string): string => `receipt/${id}`;
