import type { AuditAction, AuditEvent, AuditLog } from '../audit/index.ts';
import type { Vault } from '../vault/index.ts';
import type {
  ConversationWriter,
  SoundRecorder,
  SubjectReference,
  ToolCallRecord,
  TurnRecord,
} from './contract.ts';
import { VaultSoundRecorder } from './recorder.ts';
import type { Recordings } from './recordings.ts';
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
}

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

  disclosed(disclosureId: string, wordingHash: string, at: number): void {
    this.#audit.record(
      this.#event('disclosure.give', 'success', { disclosure: disclosureId, wordingHash }),
      () => this.#tables.addDisclosure(this.id, disclosureId, wordingHash, at),
    );
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
        const approval = by === null || by === 'none' ? [] : [event('tool.approve', true, { by })];
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

  #event(
    action: AuditAction,
    outcome: AuditEvent['outcome'],
    detail: NonNullable<AuditEvent['detail']>,
  ): AuditEvent {
    return { action, actor: `conversation:${this.id}`, target: `conversation:${this.id}`, outcome, detail };
  }
}
