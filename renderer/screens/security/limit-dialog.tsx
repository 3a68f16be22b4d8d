import { useState } from 'react';
import { useAct } from '../../api/use-act.ts';
import { Checkbox } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import {
  ACTION_WORDS,
  daysOf,
  dayWords,
  RULE_FIELDS,
  type Rule,
  type RuleField,
  type RuleState,
  watchWords,
} from '../../state/limit-words.ts';
import { title } from '../../state/words.ts';

interface Props {
  readonly of: RuleState;
  readonly onClose: () => void;
  readonly onSave: (rule: Rule) => Promise<void>;
}

/** Changes one rule: whether it is in force, its numbers, and what it does. */
export function LimitDialog({ of, onClose, onSave }: Props) {
  const act = useAct();
  const [enabled, setEnabled] = useState(of.rule.enabled);
  const [watch, setWatch] = useState(of.rule.watch);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [does, setDoes] = useState<readonly string[]>(of.rule.does);
  const fields = RULE_FIELDS[watch.kind] ?? [];
  const wrong = fields.some(({ name, kind }) => kind === 'number' && !isNumber(typed[name]));
  const set = (name: string, value: string | number | number[]) => setWatch({ ...watch, [name]: value });
  const save = () => void act.run('save', () => onSave({ ...of.rule, enabled, watch, does: [...does] }));
  return (
    <FormDialog
      title={title(of.rule.id)}
      action="Save the limit"
      ready={!wrong && does.length > 0}
      act={act}
      onClose={onClose}
      onSubmit={save}
    >
      <p className="muted">{watchWords({ ...of.rule, watch })}</p>
      <Checkbox label="In force" checked={enabled} onChecked={setEnabled} />
      <div className="form-row">
        {fields
          .filter(({ kind }) => kind !== 'days')
          .map((field) => (
            <Field
              key={field.name}
              label={field.unit === undefined ? field.label : `${field.label} (${field.unit})`}
              type={field.kind === 'time' ? 'time' : 'text'}
              inputMode={field.kind === 'time' ? undefined : 'decimal'}
              value={typed[field.name] ?? String(watch[field.name] ?? '')}
              problem={field.kind === 'number' && !isNumber(typed[field.name]) ? 'A number above 0.' : null}
              hint={usualWords(of, field)}
              onValue={(value) => {
                setTyped({ ...typed, [field.name]: value });
                if (field.kind === 'time') set(field.name, value);
                else if (isNumber(value)) set(field.name, Number(value));
              }}
            />
          ))}
      </div>
      {fields.some(({ kind }) => kind === 'days') ? (
        <Days days={daysOf(watch.days)} onDays={(days) => set('days', [...days])} />
      ) : null}
      <fieldset className="rules">
        <legend>What is done</legend>
        {Object.entries(ACTION_WORDS).map(([action, [name, note]]) => (
          <Checkbox
            key={action}
            label={name}
            note={note}
            checked={does.includes(action)}
            onChecked={(checked) =>
              setDoes(checked ? [...does, action] : does.filter((one) => one !== action))
            }
          />
        ))}
      </fieldset>
    </FormDialog>
  );
}

function Days({
  days,
  onDays,
}: {
  readonly days: readonly number[];
  readonly onDays: (days: readonly number[]) => void;
}) {
  return (
    <fieldset className="rules">
      <legend>Open on</legend>
      <div className="row">
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <Checkbox
            key={day}
            label={dayWords([day])}
            checked={days.includes(day)}
            onChecked={(checked) =>
              onDays(checked ? [...days, day].sort((a, b) => a - b) : days.filter((one) => one !== day))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

/** As typed; what was not touched is right. */
function isNumber(text: string | undefined): boolean {
  return text === undefined || (/^\d{1,9}(\.\d{1,3})?$/.test(text.trim()) && Number(text) > 0);
}

function usualWords({ usual }: RuleState, { name }: RuleField): string {
  const value = usual?.watch[name];
  return value === undefined ? 'A rule of the site.' : `Usually ${String(value)}.`;
}
