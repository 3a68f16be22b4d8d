import { z } from 'zod';
import { newId } from '../../base/index.ts';
import { type ConsentPolicy, PURPOSES, type Purpose, wordingHash } from './policy.ts';

/** A decision of the person, or that they were told. */
export interface ConsentDecision {
  readonly purpose: Purpose;
  readonly decision: 'given' | 'refused' | 'withdrawn' | 'notified';
  /** Which words of the policy or of the desk pack it answers. */
  readonly wordingId: string;
  readonly wording: string;
  readonly policy: ConsentPolicy;
  /** How the person said so; `none`: they were told, or never answered. */
  readonly by: 'voice' | 'typed' | 'screen' | 'none';
  /** Whose desk it is, as its pack says. */
  readonly controller: string;
  /** Whom to turn to: a teller. */
  readonly contact: string;
  readonly at: number;
}

const text = z.string().min(1);
const texts = z.array(text);

/**
 * A consent receipt: the information structure of ISO/IEC TS 27560:2023 (record header 6.3.3, PII processing 6.3.4, PII
 * 6.3.5, parties 6.3.6, event 6.3.7, receipt metadata 6.4.5), its fields by the names that the standard gives them.
 */
export const consentReceiptSchema = z.strictObject({
  receipt_metadata: z.strictObject({ schema_version: text, receipt_id: z.uuid() }),
  record_header: z.strictObject({
    schema_version: text,
    record_id: z.uuid(),
    /** The subject's id where they are known, else the conversation's. */
    pii_principal_id: text,
  }),
  pii_processing: z.strictObject({
    privacy_notice: z.strictObject({
      policy: text,
      version: z.int(),
      policy_hash: text,
      wording_id: text,
      wording: text,
      wording_hash: text,
    }),
    language: text,
    purposes: z.tuple([
      z.strictObject({
        purpose: z.enum(PURPOSES),
        purpose_type: text,
        purpose_description: text,
        lawful_basis: texts,
        pii_information: z.array(
          z.strictObject({ pii_type: text, pii_optional: z.boolean(), sensitive_pii_category: z.boolean() }),
        ),
        pii_controllers: texts,
        collection_method: text,
        processing_method: text,
        storage_location: text,
        retention_period: text,
        processing_locations: texts,
        geographic_restrictions: texts,
        services: texts,
        jurisdictions: texts,
        recipient_third_parties: texts,
        withdrawal_method: text,
        privacy_rights: texts,
      }),
    ]),
  }),
  party_identification: z.array(
    z.strictObject({ party_id: text, party_name: text, party_role: text, party_contact: text }),
  ),
  event: z.strictObject({
    event_time: z.iso.datetime(),
    event_type: z.enum(['explicit', 'notice']),
    event_state: z.enum(['given', 'refused', 'withdrawn', 'notified']),
    entity_id: text,
    validity_duration: text,
    expressed_by: z.enum(['voice', 'typed', 'screen', 'none']),
  }),
});
export type ConsentReceipt = z.infer<typeof consentReceiptSchema>;

/** Where a decision was made, as the records know it. */
export interface ReceiptPlace {
  readonly conversationId: string;
  readonly deskId: string;
  readonly subjectId: string | null;
  /** Days that this is kept by the rules in force. */
  readonly keepDays: number;
}

const DESCRIBED: Readonly<Record<Purpose, { type: string; says: string; pii: readonly string[] }>> = {
  disclosure: { type: 'transparency', says: 'to tell that it is a machine', pii: [] },
  processing: {
    type: 'service provision',
    says: 'to understand what is said, do what is asked for, and keep the words, masked',
    pii: ['voice', 'words said'],
  },
  recording: {
    type: 'evidence and quality',
    says: 'to keep the sound of the conversation',
    pii: ['voice recording'],
  },
};
const SCHEMA = 'ISO/IEC TS 27560:2023';

/** The receipt of a decision. */
export function receiptOf(decision: ConsentDecision, place: ReceiptPlace): ConsentReceipt {
  const { purpose, policy, wording, wordingId } = decision;
  const { type, says, pii } = DESCRIBED[purpose];
  const controller = `desk:${place.deskId}`;
  return {
    receipt_metadata: { schema_version: SCHEMA, receipt_id: newId() },
    record_header: {
      schema_version: SCHEMA,
      record_id: newId(),
      pii_principal_id: place.subjectId ?? `conversation:${place.conversationId}`,
    },
    pii_processing: {
      privacy_notice: {
        policy: policy.id,
        version: policy.version,
        policy_hash: policy.hash,
        wording_id: wordingId,
        wording,
        wording_hash: wordingHash(wording),
      },
      language: policy.language,
      purposes: [
        {
          purpose,
          purpose_type: type,
          purpose_description: says,
          lawful_basis: policy.basis.filter((one) => one.purpose === purpose).map(({ ref }) => ref),
          pii_information: pii.map((each) => ({
            pii_type: each,
            pii_optional: purpose === 'recording',
            sensitive_pii_category: false,
          })),
          pii_controllers: [controller],
          collection_method: 'conversation at the desk',
          processing_method: 'on this machine, automated',
          storage_location: 'encrypted vault of this machine',
          retention_period: `P${place.keepDays}D`,
          processing_locations: ['this machine'],
          geographic_restrictions: ['does not leave this machine'],
          services: [place.deskId],
          jurisdictions: [policy.jurisdiction],
          recipient_third_parties: [],
          withdrawal_method: `say "stop recording" or "I withdraw my consent", press the button, or ask ${decision.contact}`,
          privacy_rights: ['access', 'erasure', 'withdrawal', 'objection'],
        },
      ],
    },
    party_identification: [
      {
        party_id: controller,
        party_name: decision.controller,
        party_role: 'PII controller',
        party_contact: decision.contact,
      },
    ],
    event: {
      event_time: new Date(decision.at).toISOString(),
      event_type: decision.decision === 'notified' ? 'notice' : 'explicit',
      event_state: decision.decision,
      entity_id: `conversation:${place.conversationId}`,
      validity_duration: 'this conversation',
      expressed_by: decision.by,
    },
  };
}
