import { Checkbox } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import {
  ACTION_WORDS,
  daysOf,
  dayWords,
  RULE_FIELDS,
  type Rule,
  type RuleField,
} from '../../state/limit-words.ts';

/** A rule as it is being filled in. */
export interface LimitDraft {
  readonly watch: Rule['watch'];
  readonly does: readonly string[];
  /** What was typed into its fields, also what is no number. */
  readonly typed: Readonly<Record<string, string>>;
}

interface Props {
  readonly draft: LimitDraft;
  readonly onDraft: (draft: LimitDraft) => void;
  readonly hint?: (field: RuleField) => string;
}

/** The numbers, hours and days of a rule, and what it does. */
export function LimitFields({ draft, onDraft, hint }: Props) {
  const { watch, does, typed } = draft;
  const fields = RULE_FIELDS[watch.kind] ?? [];
  const set = (name: string, value: string | number | number[]) =>
    onDraft({ ...draft, watch: { ...watch, [name]: value } });
  return (
    <>
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
              problem={isWrong(field, typed) ? 'A number above 0.' : null}
              hint={hint?.(field)}
              onValue={(value) => onDraft(withTyped(draft, field, value))}
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
              onDraft({
                ...draft,
                does: checked ? [...does, action] : does.filter((one) => one !== action),
              })
            }
          />
        ))}
      </fieldset>
    </>
  );
}

/** Whether it can be saved. */
export function isReady({ watch, does, typed }: LimitDraft): boolean {
  return does.length > 0 && !(RULE_FIELDS[watch.kind] ?? []).some((field) => isWrong(field, typed));
}

function withTyped(draft: LimitDraft, field: RuleField, value: string): LimitDraft {
  const typed = { ...draft.typed, [field.name]: value };
  if (field.kind !== 'time' && isWrong(field, typed)) return { ...draft, typed };
  return {
    ...draft,
    typed,
    watch: { ...draft.watch, [field.name]: field.kind === 'time' ? value : Number(value) },
  };
}

/** What was not touched is right. */
function isWrong({ name, kind }: RuleField, typed: LimitDraft['typed']): boolean {
  const text = typed[name]?.trim();
  return kind === 'number' && text !== undefined && !(/^\d{1,9}(\.\d{1,3})?$/.test(text) && Number(text) > 0);
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
