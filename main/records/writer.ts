import type { AuditAction, AuditEvent, AuditLog } from '../audit/index.ts';
import type { Vault } from '../vault/index.ts';
import { type ConsentDecision, type ConsentReceipt, receiptOf } from './consent/receipt.ts';
import type { Receipts } from './consent/receipts.ts';
import type {
  ConversationWriter,
  SoundRecorder,
  SubjectReference,
  ToolCallRecord,
  TurnRecord,
} from './contract.ts';
import { VaultSoundRecorder } from './recorder.ts';
import type { Recordings } from './recordings.ts';
import { NOT_HELD } from './retention/holds.ts';
import { ruleFor } from './retention/rules.ts';
import { rulesInForce } from './retention/site-policy.ts';
import type { Subjects } from './subjects.ts';
import type { RecordTables } from './tables.ts';
import type { Words } from './words.ts';

export interface WriterParts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly tables: RecordTables;
  readonly words: Words;
  readonly subjects: Subjects;
  readonly recordings: Recordings;
  readonly receipts: Receipts;
}

const DECIDED = { given: 'consent.give', refused: 'consent.refuse', withdrawn: 'consent.withdraw' } as const;

/** Writes one conversation; every call is one durable transaction with what the audit log says of it. */
export class VaultConversationWriter implements ConversationWriter {
  readonly id: string;
  readonly #vault: Vault;
  readonly #audit: AuditLog;
  readonly #tables: RecordTables;
  readonly #words: Words;
  readonly #parts: WriterParts;

  constructor(id: string, parts: WriterParts) {
    const { vault, audit, tables, words } = parts;
    this.id = id;
    this.#parts = parts;
    this.#vault = vault;
    this.#audit = audit;
    this.#tables = tables;
    this.#words = words;
  }

  disclosed(disclosureId: string, wordingHash: string, at: number, receipt?: ConsentDecision): void {
    const under = receipt ? { policy: receipt.policy.id, version: receipt.policy.version } : {};
    const detail = { disclosure: disclosureId, wordingHash, ...under };
    this.#audit.record(this.#event('disclosure.give', 'success', detail), () => {
      this.#tables.addDisclosure(this.id, disclosureId, wordingHash, at);
      if (receipt) this.#parts.receipts.add(this.id, this.#receiptOf(receipt));
    });
  }

  decide(decision: ConsentDecision): ConsentReceipt {
    const { purpose, policy, by } = decision;
    const action = decision.decision === 'notified' ? 'disclosure.give' : DECIDED[decision.decision];
    const receipt = this.#receiptOf(decision);
    const { wording_hash: wordingHash } = receipt.pii_processing.privacy_notice;
    const { id: policyId, version, hash } = policy;
    const detail = { purpose, policy: policyId, version, policyHash: hash, wordingHash, by };
    const { receipt_id: id } = receipt.receipt_metadata;
    return this.#audit.record(this.#event(action, 'success', { ...detail, receipt: id }), () => {
      this.#parts.receipts.add(this.id, receipt);
      return receipt;
    });
  }

  forget(what: 'sound' | 'words'): 'forgotten' | 'held' {
    const { recordings } = this.#parts;
    return this.#vault.transaction(() => {
      const free = this.#vault.db
        .prepare(`SELECT 1 FROM conversations c WHERE c.id = ? AND ${NOT_HELD}`)
        .get(this.id);
      const outcome = free === undefined ? 'held' : 'forgotten';
      if (outcome === 'forgotten') {
        const segments = recordings.removeAll(this.id);
        if (what === 'words') this.#words.remove(this.id);
        if (what === 'words' || segments > 0) this.#words.renewKey(this.id);
      }
      this.#audit.append(this.#event('record.forget', 'success', { what, outcome }));
      return outcome;
    });
  }

  finding(code: string, detail: Readonly<Record<string, number | string>> = {}): void {
    this.#audit.append(this.#event('guard.finding', 'success', { code, ...detail }));
  }

  turn(turn: TurnRecord): void {
    this.#vault.transaction(() => this.#words.add(this.id, turn));
  }

  toolCall(call: ToolCallRecord): void {
    this.#vault.transaction(() => {
      const before = this.#tables.toolOutcome(this.id, call.proposalId);
      this.#tables.putToolCall(this.id, call);
      for (const event of this.#toolEvents(call, before)) this.#audit.append(event);
    });
  }

  about(reference: SubjectReference): string {
    return this.#parts.subjects.put(this.id, reference);
  }

  record(channel: 'person' | 'agent', sampleRate: number, startedMs = 0): SoundRecorder {
    const { vault, recordings } = this.#parts;
    this.#audit.append(this.#event('recording.start', 'success', { channel }));
    return new VaultSoundRecorder(vault, recordings, {
      conversationId: this.id,
      channel,
      sampleRate,
      startedMs,
    });
  }

  end(reason: string, at: number): void {
    this.#vault.transaction(() => {
      if (!this.#tables.close(this.id, reason, at)) return;
      this.#audit.append(this.#event('conversation.end', 'success', { reason }));
    });
  }

  /** What a step of a tool call means to the log: an approved call is two acts, the approval and the call. */
  #toolEvents(call: ToolCallRecord, before: string | null): readonly AuditEvent[] {
    const detail = { tool: call.tool, risk: call.risk, proposal: call.proposalId, turn: call.turn };
    const event = (action: AuditAction, ok = true, more: Readonly<Record<string, string>> = {}) =>
      this.#event(action, ok ? 'success' : 'failure', { ...detail, ...more });
    const code = { outcome: call.outcome, code: call.code ?? 'none' };
    switch (call.outcome) {
      case 'proposed':
        return [event('tool.propose')];
      case 'withdrawn':
        return [event('tool.withdraw')];
      case 'called': {
        const by = call.approvedBy;
        const stepUp = call.stepUp ? { stepUp: call.stepUp.kind, stepUpBy: call.stepUp.by } : {};
        const approval = by === null || by === 'none' ? [] : [event('tool.approve', true, { by, ...stepUp })];
        return [...approval, event('tool.call')];
      }
      case 'ok':
        return [event('tool.answer', true, code)];
      case 'refused':
        return [event(before === 'called' ? 'tool.answer' : 'tool.refuse', false, code)];
      default:
        return [event('tool.answer', false, code)];
    }
  }

  #receiptOf(decision: ConsentDecision): ConsentReceipt {
    const conversation = this.#tables.conversation(this.id);
    const { keepDays } = ruleFor(
      rulesInForce(this.#vault).rules,
      decision.purpose === 'recording' ? 'recording' : 'transcript',
    );
    return receiptOf(decision, {
      conversationId: this.id,
      deskId: conversation?.deskId ?? 'unknown',
      subjectId: conversation?.subjectId ?? null,
      keepDays,
    });
  }

  #event(
    action: AuditAction,
    outcome: AuditEvent['outcome'],
    detail: NonNullable<AuditEvent['detail']>,
  ): AuditEvent {
    return { action, actor: `conversation:${this.id}`, target: `conversation:${this.id}`, outcome, detail };
  }
}
