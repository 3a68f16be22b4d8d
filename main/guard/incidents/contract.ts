import type { Step } from './steps.ts';

export type Severity = 'low' | 'medium' | 'high';

/** What is held against or for something; references and codes, never what anybody said. */
export type EvidenceBody =
  | { readonly kind: 'conversation'; readonly conversationId: string }
  /** An entry of the log that tells of something found. */
  | { readonly kind: 'finding'; readonly seq: number; readonly code: string }
  /** Entries of the log, from `first` up to, not including, `end`. */
  | { readonly kind: 'log'; readonly first: number; readonly end: number }
  | { readonly kind: 'containment'; readonly what: string }
  /** In a member's own words; kept in the vault, in the export, and nowhere else. */
  | { readonly kind: 'note'; readonly text: string };

export type Evidence = EvidenceBody & { readonly id: string; readonly at: number; readonly by: string };

export interface CheckState {
  readonly item: string;
  readonly text: string;
  readonly outcome: 'done' | 'notNeeded' | null;
  readonly at: number | null;
  readonly by: string | null;
}

export interface StepState {
  readonly step: Step;
  readonly owner: string | null;
  readonly signedAt: number | null;
  readonly signedBy: string | null;
  readonly checks: readonly CheckState[];
}

export interface Incident {
  readonly id: string;
  /** As people name it: 1, 2, 3. */
  readonly number: number;
  /** What it is about, as a code: the id of a limit, `manual`. */
  readonly kind: string;
  readonly severity: Severity;
  readonly openedAt: number;
  readonly openedBy: string;
  /** In a member's words, or those of the rule. */
  readonly summary: string;
  readonly closedAt: number | null;
  /** The step to be signed next; null when it is closed. */
  readonly step: Step | null;
  readonly steps: readonly StepState[];
  readonly evidence: readonly Evidence[];
}

export type IncidentLine = Pick<
  Incident,
  'id' | 'number' | 'kind' | 'severity' | 'openedAt' | 'closedAt' | 'step'
>;

export type Containment =
  | { readonly stop: 'all' }
  | { readonly stop: 'desk' | 'tool'; readonly name: string }
  | { readonly lock: string };

/** Something that people should know of now. Fit for a screen in the open, a syslog and a mail. */
export interface Alert {
  readonly id: string;
  readonly at: number;
  readonly about: 'incident' | 'limit' | 'standstill';
  readonly severity: Severity;
  /** The rule, the kind of incident, or what stands still. */
  readonly code: string;
  readonly incident: number | null;
}
