import { useState } from 'react';
import { useAct } from '../../api/use-act.ts';
import { Checkbox } from '../../components/choice.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { type Rule, type RuleField, type RuleState, watchWords } from '../../state/limit-words.ts';
import { title } from '../../state/words.ts';
import { isReady, type LimitDraft, LimitFields } from './limit-fields.tsx';

interface Props {
  readonly of: RuleState;
  readonly onClose: () => void;
  readonly onSave: (rule: Rule) => Promise<void>;
}

/** Changes one rule: whether it is in force, its numbers, and what it does. */
export function LimitDialog({ of, onClose, onSave }: Props) {
  const act = useAct();
  const [enabled, setEnabled] = useState(of.rule.enabled);
  const [draft, setDraft] = useState<LimitDraft>({ watch: of.rule.watch, does: of.rule.does, typed: {} });
  const { watch, does } = draft;
  const save = () => void act.run('save', () => onSave({ ...of.rule, enabled, watch, does: [...does] }));
  return (
    <FormDialog
      title={title(of.rule.id)}
      action="Save the limit"
      ready={isReady(draft)}
      act={act}
      onClose={onClose}
      onSubmit={save}
    >
      <p className="muted">{watchWords({ ...of.rule, watch })}</p>
      <Checkbox label="In force" checked={enabled} onChecked={setEnabled} />
      <LimitFields draft={draft} onDraft={setDraft} hint={(field) => usualWords(of, field)} />
    </FormDialog>
  );
}

function usualWords({ usual }: RuleState, { name }: RuleField): string {
  const value = usual?.watch[name];
  return value === undefined ? 'A rule of the site.' : `Usually ${String(value)}.`;
}
