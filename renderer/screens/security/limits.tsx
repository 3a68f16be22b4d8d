import { Pencil, Plus, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAppliance } from '../../api/use-appliance.ts';
import { useList } from '../../api/use-list.ts';
import { useNames } from '../../api/use-names.ts';
import { ListPanel } from '../../components/asked-panel.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { ACTION_WORDS, nearWords, type Rule, type RuleState, watchWords } from '../../state/limit-words.ts';
import { shortTime, title } from '../../state/words.ts';
import { LimitDialog } from './limit-dialog.tsx';
import { NewLimitDialog } from './new-limit-dialog.tsx';

/** The rules that watch over the site: how near somebody is to each, and what each does. */
export function Limits({ mayAct }: { readonly mayAct: boolean }) {
  const appliance = useAppliance();
  const { asked, act, run, again } = useList('limits.list', {});
  const [changing, setChanging] = useState<RuleState | null>(null);
  const [removing, setRemoving] = useState<Rule | null>(null);
  const [adding, setAdding] = useState(false);
  const [resetting, setResetting] = useState(false);
  const rules = asked.state === 'answered' ? asked.value : [];
  const usual = rules.every((one) => !isOwn(one));
  const set = (of: (rules: readonly Rule[]) => readonly Rule[]) =>
    appliance.call('limits.set', { rules: [...of(rules.map(({ rule }) => rule))] });
  const change = async (changed: Rule) => {
    await set((all) => all.map((rule) => (rule.id === changed.id ? changed : rule)));
    setChanging(null);
    again();
  };
  const add = async (added: Rule) => {
    await set((all) => [...all, added]);
    setAdding(false);
    again();
  };
  return (
    <>
      <ListPanel
        level={1}
        title="Limits"
        note="What the site is watched by. A change holds at once, and is in the log."
        actions={
          mayAct ? (
            <>
              {usual ? null : (
                <Button icon={RotateCcw} onClick={() => setResetting(true)}>
                  The usual rules…
                </Button>
              )}
              <Button icon={Plus} onClick={() => setAdding(true)}>
                Add a limit…
              </Button>
            </>
          ) : undefined
        }
        of={asked}
        act={act}
        none="There are no rules: nothing is watched."
        label="List of limits"
        heads={['Rule', 'Now', 'Spoke this week', 'Does']}
        mayAct={mayAct}
        row={(one) => (
          <LimitRow
            key={one.rule.id}
            of={one}
            onChange={mayAct ? () => setChanging(one) : null}
            onRemove={() => setRemoving(one.rule)}
          />
        )}
      />
      {changing === null ? null : (
        <LimitDialog of={changing} onClose={() => setChanging(null)} onSave={change} />
      )}
      {adding ? (
        <NewLimitDialog
          taken={rules.map(({ rule }) => rule.id)}
          onClose={() => setAdding(false)}
          onSave={add}
        />
      ) : null}
      {removing === null ? null : (
        <FormDialog
          title={`Remove ${title(removing.id)}?`}
          action="Remove the limit"
          look="danger"
          onClose={() => setRemoving(null)}
          onSubmit={() => {
            setRemoving(null);
            run('remove', () => set((all) => all.filter(({ id }) => id !== removing.id)));
          }}
        >
          <p>{watchWords(removing)}: nobody watches for it then. That it was removed is in the log.</p>
        </FormDialog>
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
  /** Only of the site's own rules: those that Sotto comes with are switched off. */
  readonly onRemove: () => void;
}

function LimitRow({ of, onChange, onRemove }: RowProps) {
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
      <td className="cell-words">{rule.enabled ? (nearWords(of, nameOf) ?? '–') : '–'}</td>
      <td className="cell-words">
        {lastAt === null ? 'No' : `For ${fired === 1 ? 'one' : fired}, last ${shortTime(lastAt)}`}
      </td>
      <td className="cell-words">
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
          {of.usual === null ? (
            <IconButton icon={Trash2} label={`Remove ${title(rule.id)}`} onClick={onRemove} />
          ) : null}
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
