import type { Json } from '../base/index.ts';

/** Every act that the log knows. One place, so that an auditor can read what can occur. */
export type AuditAction =
  | 'appliance.start'
  | 'appliance.stop'
  | 'vault.create'
  | 'vault.unlock'
  | 'vault.backup'
  | 'vault.restore'
  | 'key.rotate'
  | 'key.source'
  | 'recoveryKey.set'
  | 'setup.complete'
  | 'member.create'
  | 'member.roles'
  | 'member.lock'
  | 'member.unlock'
  | 'member.remove'
  | 'member.passphrase'
  /** One-time codes were set up, confirmed or taken away. */
  | 'member.codes'
  | 'member.review'
  | 'signIn.succeed'
  | 'signIn.refuse'
  | 'signIn.end'
  | 'access.refuse'
  | 'conversation.start'
  | 'conversation.end'
  | 'conversation.handOff'
  | 'conversation.subject'
  | 'disclosure.give'
  | 'consent.give'
  | 'consent.refuse'
  | 'consent.withdraw'
  | 'tool.propose'
  | 'tool.approve'
  | 'tool.withdraw'
  | 'tool.call'
  | 'tool.answer'
  | 'tool.refuse'
  /** Somebody looked whether a call went through of which nobody could say. */
  | 'tool.resolve'
  | 'tool.stop'
  | 'tool.allow'
  | 'record.list'
  | 'record.read'
  | 'record.search'
  | 'record.export'
  /** Consent was withdrawn: what it covered is gone, or a hold keeps it. */
  | 'record.forget'
  | 'recording.start'
  | 'recording.play'
  | 'hold.place'
  | 'hold.lift'
  | 'retention.rules'
  | 'retention.sweep'
  | 'erasure.request'
  | 'erasure.withdraw'
  | 'erasure.refuse'
  | 'erasure.complete'
  | 'model.trust'
  | 'model.distrust'
  | 'model.install'
  | 'model.remove'
  | 'model.choose'
  /** An installed pack was not loaded: damaged, or its key is not trusted any more. */
  | 'model.refuse'
  | 'audit.read'
  | 'audit.verify'
  | 'audit.export'
  | 'guard.finding'
  /** A rule of the site found more than it allows; what was done about it is in the detail. */
  | 'limit.exceed'
  | 'standstill.begin'
  | 'standstill.askLift'
  | 'standstill.lift'
  | 'incident.open'
  | 'incident.evidence'
  | 'incident.owner'
  | 'incident.check'
  | 'incident.contain'
  | 'incident.sign'
  | 'incident.export'
  | 'alert.mail'
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

/** What to export of the log, and where to. */
export interface AuditExportRequest {
  /** A folder that does not exist yet. */
  readonly out: string;
  /** The readable part begins with the first entry of this time or later, epoch milliseconds. Absent: with the first. */
  readonly since?: number;
  /** The readable part ends before this time. Absent: with the entry that records the export. */
  readonly until?: number;
  /** Who exports: a member's id, or `system`. */
  readonly actor: string;
  /** By what way, e.g. `command-line`. */
  readonly via: string;
  /** Gives the export up: nothing is left of it but its entries in the log. */
  readonly signal?: AbortSignal;
}

/** An export as it stands in its folder. */
export interface AuditExport {
  readonly folder: string;
  readonly origin: string;
  /** Entries under the checkpoint. */
  readonly size: number;
  /** Root under the checkpoint, hex. */
  readonly root: string;
  /** The entries that are exported readable: from `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
  readonly files: number;
  /** `SHA256:…` of the key that signed SHA256SUMS. */
  readonly signer: string;
  readonly verifierKey: string;
  /** Of the whole log, made while it was exported. A log that is not whole is exported too, and says so. */
  readonly verification: AuditVerification;
}

/**
 * The append-only log. `append` joins the transaction of what it describes: if it throws, the act is undone.
 */
export interface AuditLog {
  append(event: AuditEvent): AuditEntry;
  /** Runs an act and its entry in one transaction. */
  record<T>(event: AuditEvent, act: () => T): T;
  /**
   * As `record`, for acts that may wait for each other: those that come together share one transaction and one write
   * to the disk. Resolves once the act and its entry are durable; an act that throws is undone alone.
   * @throws SottoError `audit/closed`, and what the act or the disk refuses.
   */
  recordTogether<T>(event: AuditEvent, act: () => T): Promise<T>;
  /** A keyed hash (hex, 16 bytes) that stands for a personal datum. */
  pseudonym(value: string): string;
  /** Signs the tree as it stands: C2SP signed note. */
  checkpoint(): string;
  verify(): AuditVerification;
  /** As `verify`, with a turn for others between pages of entries; tells how far it is. @throws the signal's reason. */
  verifyInSteps(
    onChecked: (entries: number, of: number) => void,
    signal?: AbortSignal,
  ): Promise<AuditVerification>;
  /**
   * Writes the log to a folder so that others can verify it with their own tools. The export is itself an entry, the
   * last under the checkpoint that it carries.
   * @throws SottoError `audit/export-exists`, `audit/export-failed`, `audit/damaged` when entries are missing.
   */
  export(request: AuditExportRequest): Promise<AuditExport>;
  recent(limit: number, before?: number): readonly AuditEntry[];
  /**
   * Signs a statement with the key of the log (C2SP signed note), such as the certificate of an erasure. Its first line
   * says what it is, so that it can never be taken for a checkpoint.
   */
  certify(kind: string, statement: Json): string;
  /** The name of this log (C2SP: origin). */
  readonly origin: string;
  /** `name+keyid+key`, what an auditor pins. */
  readonly verifierKey: string;
  close(): void;
}
