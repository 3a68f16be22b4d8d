import { Pencil, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useAppliance } from '../../api/use-appliance.ts';
import { useList } from '../../api/use-list.ts';
import { useNames } from '../../api/use-names.ts';
import { ListPanel } from '../../components/asked-panel.tsx';
import { Button } from '../../components/button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { ACTION_WORDS, nearWords, type Rule, type RuleState, watchWords } from '../../state/limit-words.ts';
import { shortTime, title } from '../../state/words.ts';
import { LimitDialog } from './limit-dialog.tsx';

/** The rules that watch over the site: how near somebody is to each, and what each does. */
export function Limits({ mayAct }: { readonly mayAct: boolean }) {
  const appliance = useAppliance();
  const { asked, act, run, again } = useList('limits.list', {});
  const [changing, setChanging] = useState<RuleState | null>(null);
  const [resetting, setResetting] = useState(false);
  const rules = asked.state === 'answered' ? asked.value : [];
  const usual = rules.every((one) => !isOwn(one));
  const save = async (changed: Rule) => {
    await appliance.call('limits.set', {
      rules: rules.map(({ rule }) => (rule.id === changed.id ? changed : rule)),
    });
    setChanging(null);
    again();
  };
  return (
    <>
      <ListPanel
        level={1}
        title="Limits"
        note="What the site is watched by. A change holds at once, and is in the log."
        actions={
          mayAct && !usual ? (
            <Button icon={RotateCcw} onClick={() => setResetting(true)}>
              The usual rules…
            </Button>
          ) : undefined
        }
        of={asked}
        act={act}
        none="There are no rules: nothing is watched."
        label="List of limits"
        heads={['Rule', 'Now', 'Spoke this week', 'Does']}
        mayAct={mayAct}
        row={(one) => (
          <LimitRow key={one.rule.id} of={one} onChange={mayAct ? () => setChanging(one) : null} />
        )}
      />
      {changing === null ? null : (
        <LimitDialog of={changing} onClose={() => setChanging(null)} onSave={save} />
      )}
      {resetting ? (
        <FormDialog
          title="Go back to the usual rules?"
          action="Go back to them"
          look="danger"
          onClose={() => setResetting(false)}
          onSubmit={() => {
            setResetting(false);
            run('reset', () => appliance.call('limits.set', { rules: null }));
          }}
        >
          <p>
            Every rule becomes what Sotto comes with; what the site changed or added is gone. What was counted
            counts on.
          </p>
        </FormDialog>
      ) : null}
    </>
  );
}

interface RowProps {
  readonly of: RuleState;
  readonly onChange: (() => void) | null;
}

function LimitRow({ of, onChange }: RowProps) {
  const nameOf = useNames();
  const { rule, fired, lastAt } = of;
  return (
    <tr>
      <th scope="row">
        {title(rule.id)}
        {isOwn(of) ? (
          <>
            {' '}
            <span className="tag tag-wait">{of.usual === null ? 'The site’s own' : 'Changed'}</span>
          </>
        ) : null}
        <span className="cell-note">{watchWords(rule)}</span>
      </th>
      <td>{rule.enabled ? (nearWords(of, nameOf) ?? '–') : '–'}</td>
      <td>{lastAt === null ? 'No' : `For ${fired === 1 ? 'one' : fired}, last ${shortTime(lastAt)}`}</td>
      <td>
        {rule.enabled ? (
          rule.does.map((action) => ACTION_WORDS[action]?.[0] ?? title(action)).join(', ')
        ) : (
          <span className="tag tag-fail">Switched off</span>
        )}
      </td>
      {onChange === null ? null : (
        <td className="cell-action">
          <Button icon={Pencil} aria-label={`Change ${title(rule.id)}`} onClick={onChange}>
            Change
          </Button>
        </td>
      )}
    </tr>
  );
}

/** Not, or no longer, as Sotto comes with it. */
function isOwn({ rule, usual }: RuleState): boolean {
  return usual === null || canonical(rule) !== canonical(usual);
}

function canonical({ enabled, watch, does }: Rule): string {
  return JSON.stringify([enabled, Object.entries(watch).sort(([a], [b]) => (a < b ? -1 : 1)), does]);
}
