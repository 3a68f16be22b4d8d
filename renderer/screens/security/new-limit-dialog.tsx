import { useState } from 'react';
import { useAct } from '../../api/use-act.ts';
import { Select } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { type Rule, watchWords } from '../../state/limit-words.ts';
import {
  idOf,
  measuresFor,
  nameProblem,
  subjectsFor,
  WATCH_KINDS,
  watching,
  watchOf,
} from '../../state/new-limit.ts';
import { isReady, type LimitDraft, LimitFields } from './limit-fields.tsx';

interface Props {
  /** The ids of the rules that there are. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onSave: (rule: Rule) => Promise<void>;
}

/** A rule of the site's own: what it watches for, of whom, its numbers, and what it does. */
export function NewLimitDialog({ taken, onClose, onSave }: Props) {
  const act = useAct();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState<LimitDraft>({ watch: watchOf('rate'), does: ['warn'], typed: {} });
  const { watch, does } = draft;
  const watchFor = (changed: Rule['watch']) => setDraft({ ...draft, watch: changed });
  const [measures, subjects] = [measuresFor(watch), subjectsFor(watch)];
  const rule = { id: idOf(name), enabled: true, watch, does: [...does] };
  const problem = nameProblem(name, taken);
  return (
    <FormDialog
      title="Add a limit"
      action="Add the limit"
      ready={problem === null && isReady(draft)}
      act={act}
      onClose={onClose}
      onSubmit={() => void act.run('save', () => onSave(rule))}
    >
      <Field
        label="Name"
        value={name}
        maxLength={40}
        hint="As it stands in the log."
        problem={name === '' ? null : problem}
        onValue={setName}
      />
      <Select
        label="What it watches for"
        value={watch.kind}
        options={WATCH_KINDS}
        onValue={(kind) => setDraft({ ...draft, watch: watchOf(kind), typed: {} })}
      />
      {measures.length === 0 ? null : (
        <Select
          label="Of what"
          value={String(watch.of)}
          options={measures}
          onValue={(of) => watchFor(watching(watch, of))}
        />
      )}
      {subjects.length === 0 ? null : (
        <Select
          label="Counted for"
          value={String(watch.per)}
          options={subjects}
          onValue={(per) => watchFor({ ...watch, per })}
        />
      )}
      <p className="muted">{watchWords(rule)}</p>
      <LimitFields draft={draft} onDraft={setDraft} />
    </FormDialog>
  );
}
