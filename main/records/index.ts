/**
 * Records: conversations as kept: turns (masked before they come here, sealed under the key of their conversation),
 * recorded sound, tool calls, disclosures given, and who read what and why; whom they are about; how long they are kept,
 * what a legal hold keeps, and how a subject is forgotten. Every write is durable when the call returns and stands in one
 * transaction with its audit entry.
 */
export {
  type ExportedConversation,
  exportSubject,
  type SubjectExport,
  type SubjectExportRequest,
} from './access/export-subject.ts';
export { wavOf } from './access/wav.ts';
export {
  type ConsentAsk,
  type ConsentNotice,
  type ConsentPolicy,
  consentPolicies,
  consentPolicy,
  type Purpose,
  readConsentPolicy,
  wordingHash,
} from './consent/policy.ts';
export { type ConsentDecision, type ConsentReceipt, consentReceiptSchema } from './consent/receipt.ts';
export type { KeptReceipt } from './consent/receipts.ts';
export {
  type ConsentSettings,
  consentSettings,
  consentSettingsSchema,
  defaultConsent,
  type SiteConsent,
  setConsent,
  siteConsent,
} from './consent/settings.ts';
export type * from './contract.ts';
export type { Erasure, ErasureRequest, SubjectReview } from './erasure/erasure.ts';
export { openRecords } from './records.ts';
export type { Holds, LegalHold } from './retention/holds.ts';
export { openRetention, type Retention } from './retention/open.ts';
export {
  DATA_CLASSES,
  type DataClass,
  DEFAULT_RULES,
  type RetentionRule,
  retentionRulesSchema,
} from './retention/rules.ts';
export type { DueClass, Swept } from './retention/sweep.ts';
