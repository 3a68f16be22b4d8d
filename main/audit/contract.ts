import type { Json } from '../base/index.ts';

/** Every act that the log knows. One place, so that an auditor can read what can occur. */
export type AuditAction =
  | 'appliance.start'
  | 'appliance.stop'
  | 'vault.create'
  | 'vault.unlock'
  | 'setup.complete'
  | 'member.create'
  | 'signIn.succeed'
  | 'signIn.refuse'
  | 'signIn.end'
  | 'access.refuse'
  | 'conversation.start'
  | 'conversation.end'
  | 'conversation.handOff'
  | 'disclosure.give'
  | 'tool.propose'
  | 'tool.approve'
  | 'tool.withdraw'
  | 'tool.call'
  | 'tool.answer'
  | 'tool.refuse'
  | 'record.list'
  | 'record.read'
  | 'audit.read'
  | 'audit.verify'
  | 'guard.finding'
  | 'engine.crash'
  | 'configuration.change'
  /** Written by the log itself when the clock was set back. */
  | 'clock.change';

/** What a caller writes. Never a transcript, a name or a number of a person: ids, hashes, codes, counts. */
export interface AuditEvent {
  readonly action: AuditAction;
  /** A member's id, `system`, or `conversation:<id>`. */
  readonly actor: string;
  /** What it was done to, e.g. `conversation:<id>`, `tool:transfer_money`. */
  readonly target?: string;
  readonly outcome: 'success' | 'failure';
  readonly detail?: Readonly<Record<string, Json>>;
}

export interface AuditEntry {
  /** From 0, without gaps: the leaf index in the Merkle tree. */
  readonly seq: number;
  readonly at: number;
  /** The canonical JSON (OCSF) that was hashed. */
  readonly json: string;
}

export interface AuditProblem {
  readonly seq: number | null;
  readonly code: string;
  readonly message: string;
}

export interface AuditVerification {
  readonly ok: boolean;
  readonly entries: number;
  readonly checkpoints: number;
  readonly root: string;
  readonly problems: readonly AuditProblem[];
  /** What an auditor should look at though the log is whole, e.g. a clock that was set back. */
  readonly notices: readonly AuditProblem[];
}

/**
 * The append-only log. `append` joins the transaction of what it describes: if it throws, the act is undone.
 */
export interface AuditLog {
  append(event: AuditEvent): AuditEntry;
  /** Runs an act and its entry in one transaction. */
  record<T>(event: AuditEvent, act: () => T): T;
  /** A keyed hash (hex, 16 bytes) that stands for a personal datum. */
  pseudonym(value: string): string;
  /** Signs the tree as it stands: C2SP signed note. */
  checkpoint(): string;
  verify(): AuditVerification;
  recent(limit: number, before?: number): readonly AuditEntry[];
  /** `name+keyid+key`, what an auditor pins. */
  readonly verifierKey: string;
  close(): void;
}
