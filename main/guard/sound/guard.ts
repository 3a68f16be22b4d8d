import type { AuditLog } from '../../audit/index.ts';
import { type Clock, canonicalJson, type Json, SottoError } from '../../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../../vault/index.ts';
import {
  type ClientTrace,
  clientTraceSchema,
  DEFAULT_SOUND_POLICY,
  type SoundAction,
  type SoundFinding,
  type SoundKind,
  type SoundPolicy,
  soundPolicySchema,
} from './contract.ts';
import { actionFor, decide } from './policy.ts';
import { RepeatMemory } from './repeats.ts';
import { SoundScreen } from './screen.ts';
import type { SyntheticVoices } from './synthetic/listener.ts';

/** What our own loudspeaker shows in our own microphone. */
const OF_A_LOUDSPEAKER: ReadonlySet<SoundKind> = new Set([
  'comb',
  'band-limited',
  'reverberant',
  'clipping',
  'repeat',
]);
const SETTING = 'guard.soundPolicy';

/** What one utterance showed, and what the site's policy asks for. */
export interface SoundVerdict {
  readonly action: SoundAction;
  readonly findings: readonly SoundFinding[];
}

/** The screen of one conversation's sound. */
export interface SoundWatch {
  /** An utterance begins: what was pushed before is forgotten. */
  begin(): void;
  push(samples: Float32Array, sampleRate: number): void;
  /**
   * What a client measured of its microphone before its codec. It can add to the evidence, never take from it.
   * @throws ZodError
   */
  clientTrace(trace: ClientTrace): void;
  /**
   * The utterance is over: judged, and in the log where something is done about it. `overAgent`: the agent's own voice
   * may be in it, out of a loudspeaker and the same each time; what would only tell that is left out.
   */
  end(options: { readonly overAgent: boolean }): SoundVerdict;
}

/** One for the appliance: what is repeated in another conversation is found too. */
export interface SoundGuard {
  watch(conversationId: string): SoundWatch;
}

/** As the appliance holds it. */
export interface OpenSoundGuard extends SoundGuard {
  /** From the next utterance on this policy holds. */
  takePolicy(policy: SoundPolicy): void;
}

export function openSoundGuard(parts: {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly policy?: SoundPolicy;
  /** What tells synthetic voices; the caller closes its model. */
  readonly voices?: SyntheticVoices | null;
}): OpenSoundGuard {
  const { audit, clock, voices = null } = parts;
  let policy = parts.policy ?? DEFAULT_SOUND_POLICY;
  const memory = new RepeatMemory();
  return {
    takePolicy: (next) => {
      policy = next;
    },
    watch: (conversationId) => {
      const screen = new SoundScreen(memory, voices);
      return {
        begin: () => screen.begin(),
        push: (samples, sampleRate) => screen.push(samples, sampleRate),
        clientTrace: (trace) => screen.client(clientTraceSchema.parse(trace), clock.now()),
        end: ({ overAgent }) => {
          const found = screen.end(clock.now(), !overAgent)?.findings ?? [];
          const findings = overAgent ? found.filter(({ kind }) => !OF_A_LOUDSPEAKER.has(kind)) : found;
          for (const finding of findings) {
            const did = actionFor(policy, finding);
            if (did !== 'ignore') log(audit, conversationId, finding, did);
          }
          return { action: decide(policy, findings), findings };
        },
      };
    },
  };
}

/** The site's policy, or the default where it set none. @throws SottoError `vault/bad-setting` */
export function readSoundPolicy(vault: Vault): SoundPolicy {
  return readSetting(vault, SETTING, soundPolicySchema.nullable()) ?? DEFAULT_SOUND_POLICY;
}

/**
 * Sets the policy of a site, or with null goes back to the default; it is in the log. An open guard takes it with
 * `takePolicy`. `actor` is a member's id, or `system`.
 * @throws SottoError `guard/bad-policy`, naming the kinds.
 */
export function writeSoundPolicy(
  vault: Vault,
  audit: AuditLog,
  change: { readonly policy: unknown; readonly actor: string; readonly clock: Clock },
): SoundPolicy {
  const policy = change.policy === null ? null : parseSoundPolicy(change.policy);
  const json = policy === null ? null : (JSON.parse(canonicalJson(policy as Json)) as Json);
  const entry = {
    action: 'configuration.change',
    actor: change.actor,
    target: `setting:${SETTING}`,
    outcome: 'success',
    detail: { policy: json },
  } as const;
  audit.record(entry, () => writeSetting(vault, SETTING, json, change.clock));
  return policy ?? DEFAULT_SOUND_POLICY;
}

/** @throws SottoError `guard/bad-policy`, naming the kinds and fields. */
function parseSoundPolicy(policy: unknown): SoundPolicy {
  const parsed = soundPolicySchema.safeParse(policy);
  if (parsed.success) return parsed.data;
  const places = new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the policy itself'));
  throw new SottoError('guard/bad-policy', 'The policy is not described as it should be.', {
    remedy: `Look at ${[...places].slice(0, 5).join(', ')}.`,
  });
}

function log(audit: AuditLog, conversationId: string, finding: SoundFinding, did: SoundAction): void {
  const conversation = `conversation:${conversationId}`;
  const { kind, score, from } = finding;
  audit.append({
    action: 'guard.finding',
    actor: conversation,
    target: conversation,
    outcome: did === 'refuse' ? 'failure' : 'success',
    detail: { guard: 'sound', kind, score, from, did },
  });
}
