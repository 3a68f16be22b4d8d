import { z } from 'zod';
import type { AuditLog } from '../../audit/index.ts';
import type { Clock } from '../../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../../vault/index.ts';
import { type ConsentPolicy, consentPolicy, DEFAULT_POLICY, readConsentPolicy } from './policy.ts';

const SETTING = 'consent';

/** What a site chose: a policy that ships with Sotto or a file of its own, and whether sound is recorded at all. */
export const consentSettingsSchema = z.strictObject({
  policy: z.union([z.strictObject({ id: z.string() }), z.strictObject({ file: z.string().min(1) })]),
  /** Sound is kept where the person agrees. Off: there is no recording, and nobody is asked for one. */
  recording: z.boolean(),
});
export type ConsentSettings = z.infer<typeof consentSettingsSchema>;

export const DEFAULT_CONSENT: ConsentSettings = { policy: { id: DEFAULT_POLICY }, recording: false };

/** What holds at a site. */
export interface SiteConsent {
  readonly policy: ConsentPolicy;
  readonly recording: boolean;
}

/** What holds where no site says otherwise: the strictest policy, and no recording. */
export function defaultConsent(): SiteConsent {
  return { policy: consentPolicy(DEFAULT_POLICY), recording: false };
}

export function consentSettings(vault: Vault): ConsentSettings {
  return readSetting(vault, SETTING, consentSettingsSchema) ?? DEFAULT_CONSENT;
}

/** The policy of the site, read and checked. @throws SottoError `consent/no-policy`, `consent/bad-policy`. */
export function siteConsent(vault: Vault): SiteConsent {
  const settings = consentSettings(vault);
  return { policy: policyOf(settings), recording: settings.recording };
}

/** Chooses for the site. @throws SottoError `consent/no-policy`, `consent/bad-policy`: then nothing is changed. */
export function setConsent(
  vault: Vault,
  audit: AuditLog,
  settings: ConsentSettings,
  { memberId, clock }: { readonly memberId: string; readonly clock: Clock },
): SiteConsent {
  const policy = policyOf(settings);
  const { recording } = settings;
  const detail = {
    setting: SETTING,
    policy: policy.id,
    version: policy.version,
    hash: policy.hash,
    recording,
  };
  const event = {
    action: 'configuration.change',
    actor: memberId,
    target: 'consent',
    outcome: 'success',
  } as const;
  audit.record({ ...event, detail }, () => writeSetting(vault, SETTING, settings, clock));
  return { policy, recording };
}

function policyOf({ policy }: ConsentSettings): ConsentPolicy {
  return 'file' in policy ? readConsentPolicy(policy.file) : consentPolicy(policy.id);
}
