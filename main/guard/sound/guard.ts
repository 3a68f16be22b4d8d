import type { AuditLog } from '../../audit/index.ts';
import { type Clock, canonicalJson, type Json } from '../../base/index.ts';
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

export function openSoundGuard(parts: {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly policy?: SoundPolicy;
}): SoundGuard {
  const { audit, clock, policy = DEFAULT_SOUND_POLICY } = parts;
  const memory = new RepeatMemory();
  return {
    watch: (conversationId) => {
      const screen = new SoundScreen(memory);
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
  return readSetting(vault, SETTING, soundPolicySchema) ?? DEFAULT_SOUND_POLICY;
}

/** @param actor a member's id, or `system`. @throws ZodError */
export function writeSoundPolicy(
  vault: Vault,
  audit: AuditLog,
  change: { readonly policy: SoundPolicy; readonly actor: string; readonly clock: Clock },
): void {
  const json = JSON.parse(canonicalJson(soundPolicySchema.parse(change.policy) as Json)) as Json;
  writeSetting(vault, SETTING, json, change.clock);
  audit.append({
    action: 'configuration.change',
    actor: change.actor,
    target: `setting:${SETTING}`,
    outcome: 'success',
    detail: { policy: json },
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
