import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { soundKindWords } from '../../state/words.ts';

type Policy = OutputOf<'soundPolicy.read'>['policy'];
type Action = 'flag' | 'challenge' | 'refuse';

const ACTIONS = [
  ['flag', 'Flag from'],
  ['challenge', 'Ask to repeat digits from'],
  ['refuse', 'Refuse from'],
] as const satisfies readonly (readonly [Action, string])[];

/** What is done about what the screen of sound finds, kind by kind. */
export function SoundPolicy({ mayAct }: { readonly mayAct: boolean }) {
  const [asked, again] = useAsk('soundPolicy.read', {});
  return (
    <Panel
      title="Sound"
      note="From which score on, 0.5 (more than people’s recordings show) to 1 (far beyond), something is done about a finding. Empty: never."
    >
      <Answer of={asked}>
        {({ policy, usual }) => (
          <PolicyForm
            key={JSON.stringify(policy)}
            policy={policy}
            usual={usual}
            mayAct={mayAct}
            onSaved={again}
          />
        )}
      </Answer>
    </Panel>
  );
}

interface FormProps {
  readonly policy: Policy;
  readonly usual: Policy;
  readonly mayAct: boolean;
  readonly onSaved: () => void;
}

function PolicyForm({ policy, usual, mayAct, onSaved }: FormProps) {
  const appliance = useAppliance();
  const act = useAct();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const kinds = [...new Set([...Object.keys(usual), ...Object.keys(policy)])];
  const scoreOf = (kind: string, action: Action) =>
    typed[`${kind} ${action}`] ?? shown(thresholdOf(policy, kind, action));
  const next = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      ACTIONS.flatMap(([action]) => {
        const value = scoreOf(kind, action).trim();
        return value === '' ? [] : [{ from: Number(value), act: action }];
      }),
    ]),
  );
  const wrong = Object.values(typed).some((value) => !isScore(value));
  const save = (to: Policy | null) =>
    void act
      .run('save', () => appliance.call('soundPolicy.set', { policy: to }))
      .then((ok) => ok && onSaved());
  return (
    <div className="stack">
      <Table label="What is done about a finding" heads={['Finding', ...ACTIONS.map(([, words]) => words)]}>
        {kinds.map((kind) => (
          <tr key={kind}>
            <th scope="row">{soundKindWords(kind)}</th>
            {ACTIONS.map(([action, words]) => (
              <td key={action}>
                <input
                  className="score"
                  inputMode="decimal"
                  disabled={!mayAct}
                  aria-label={`${soundKindWords(kind)}: ${words.toLowerCase()}`}
                  aria-invalid={isScore(scoreOf(kind, action)) ? undefined : true}
                  placeholder={mayAct ? shown(thresholdOf(usual, kind, action)) || 'never' : 'never'}
                  value={scoreOf(kind, action)}
                  onChange={(event) => setTyped({ ...typed, [`${kind} ${action}`]: event.target.value })}
                />
              </td>
            ))}
          </tr>
        ))}
      </Table>
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      {mayAct ? (
        <div className="row">
          <Button
            look="primary"
            disabled={wrong || Object.keys(typed).length === 0}
            busy={act.busy !== null}
            onClick={() => save(next)}
          >
            Save the policy
          </Button>
          {JSON.stringify(policy) === JSON.stringify(usual) ? null : (
            <Button icon={RotateCcw} busy={act.busy !== null} onClick={() => save(null)}>
              The usual policy
            </Button>
          )}
          <p className="muted">
            {wrong
              ? 'A score is a number from 0 to 1.'
              : 'Holds from the next utterance on; the change is in the log.'}
          </p>
        </div>
      ) : null}
    </div>
  );
}

/** The lowest score from which this is done; null for never. */
function thresholdOf(policy: Policy, kind: string, action: Action): number | null {
  const from = (policy[kind] ?? []).filter(({ act }) => act === action).map((rule) => rule.from);
  return from.length === 0 ? null : Math.min(...from);
}

function shown(threshold: number | null): string {
  return threshold === null ? '' : String(threshold);
}

function isScore(text: string): boolean {
  return text.trim() === '' || (/^\d(\.\d{1,3})?$/.test(text.trim()) && Number(text) <= 1);
}
