import { DEFAULT_SOUND_POLICY, type SoundAction, type SoundFinding, type SoundPolicy } from './contract.ts';

const ORDER: readonly SoundAction[] = ['ignore', 'flag', 'challenge', 'refuse'];

/** What the policy asks for one finding. A kind that it does not name is flagged where the default does anything about it. */
export function actionFor(policy: SoundPolicy, { kind, score }: SoundFinding): SoundAction {
  const rules = policy[kind] ?? DEFAULT_SOUND_POLICY[kind]?.filter(({ act }) => act === 'flag') ?? [];
  return strongest(rules.filter(({ from }) => score >= from).map(({ act }) => act));
}

/** What the policy asks for all of them together: the most that one of them asks for. */
export function decide(policy: SoundPolicy, findings: readonly SoundFinding[]): SoundAction {
  return strongest(findings.map((finding) => actionFor(policy, finding)));
}

function strongest(actions: readonly SoundAction[]): SoundAction {
  return actions.reduce<SoundAction>(
    (most, action) => (ORDER.indexOf(action) > ORDER.indexOf(most) ? action : most),
    'ignore',
  );
}
