/**
 * Guard: what must not get in and what must not get out. Transcripts are screened before they are understood, replies
 * before they are spoken, texts masked before they are kept, sound before it counts as heard. It judges; the
 * conversation acts on the verdict.
 */
export type { MaskedSpan, MaskedText, Verdict } from './contract.ts';
export { Alerts } from './incidents/alerts.ts';
export type * from './incidents/contract.ts';
export { type IncidentParts, Incidents } from './incidents/incidents.ts';
export {
  type MailRelay,
  mailRelaySchema,
  mailRelayStatus,
  parseMailRelay,
  setMailRelay,
  setSiteHosts,
  siteHosts,
} from './incidents/mail.ts';
export { CHECKLISTS, STEPS, type Step } from './incidents/steps.ts';
export type { Comparison } from './limits/baseline.ts';
export type { LimitDecision, RuleState, WatchedEvent, Who } from './limits/events.ts';
export {
  ACTIONS as LIMIT_ACTIONS,
  DEFAULT_LIMITS,
  type LimitAction,
  type LimitRule,
  limitRuleSchema,
  limitRulesSchema,
  MEASURES,
  type Measure,
  readLimits,
  writeLimits,
} from './limits/rules.ts';
export { Sentinel, type SentinelOptions } from './limits/sentinel.ts';
export { type PackType, SENSITIVE_TYPES, type Surroundings } from './sensitive/finding.ts';
export { createMasker, type Masker, maskSensitive, NUMBERS as NUMBER_TYPES } from './sensitive/mask.ts';
export { type SpokenChallenge, spokenChallenge } from './sound/challenge.ts';
export {
  type ClientTrace,
  clientTraceSchema,
  DEFAULT_SOUND_POLICY,
  SOUND_KINDS,
  type SoundAction,
  type SoundFinding,
  type SoundKind,
  type SoundPolicy,
  soundPolicySchema,
} from './sound/contract.ts';
export { syntheticFinding } from './sound/findings.ts';
export {
  type OpenSoundGuard,
  openSoundGuard,
  readSoundPolicy,
  type SoundGuard,
  type SoundVerdict,
  type SoundWatch,
  writeSoundPolicy,
} from './sound/guard.ts';
export type { SoundMeasures } from './sound/measures.ts';
export { actionFor, decide } from './sound/policy.ts';
export { RepeatMemory } from './sound/repeats.ts';
export { type ScreenedSound, SoundScreen } from './sound/screen.ts';
export type { StreamResampler, SyntheticVoices } from './sound/synthetic/listener.ts';
export {
  NO_SYNTHETIC_VOICE_MODEL,
  openSyntheticVoiceModel,
  type SyntheticVoiceModel,
} from './sound/synthetic/model.ts';
export { type TraceMeasure, TraceMeter } from './sound/trace.ts';
export { requestStandstill, standstillFolder, targetSchema } from './standstill/requests.ts';
export {
  type Lifting,
  STANDSTILL_REASONS,
  type Standing,
  Standstill,
  type StandstillOptions,
  type StandstillReason,
  type StandstillTarget,
} from './standstill/standstill.ts';
export { type OwnWords, ownWords } from './words/own-words.ts';
export { type ReplyContext, type ScreenedReply, screenReply, WITHHELD_REPLY } from './words/reply.ts';
export {
  createScreen,
  LONGEST_UTTERANCE,
  type Screened,
  type ScreenOptions,
  screenTranscript,
  type TranscriptScreen,
} from './words/screen.ts';
