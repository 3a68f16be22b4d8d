import { OctagonX } from 'lucide-react';
import { useState } from 'react';
import type { InputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Select } from '../../components/choice.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { title } from '../../state/words.ts';

type Target = InputOf<'standstill.stop'>['target'];
type Reason = InputOf<'standstill.stop'>['reason'];

const REASONS: readonly (readonly [Reason, string])[] = [
  ['misbehaviour', 'It does what it should not'],
  ['intrusion', 'Somebody may have broken in'],
  ['incident', 'Part of an incident'],
  ['drill', 'A drill'],
  ['other', 'Something else'],
];

export function targetWords(target: Target): string {
  if (target.scope === 'all') return 'Everything';
  return target.scope === 'desk' ? `Desk ${target.name}` : `Tool: ${title(target.name)}`;
}

interface Props {
  readonly deskId: string | null;
  readonly onClose: () => void;
  readonly onStopped: () => void;
}

/** The big red button: says what happens, then does it at once. */
export function StopDialog({ deskId, onClose, onStopped }: Props) {
  const appliance = useAppliance();
  const act = useAct();
  const [scope, setScope] = useState<'all' | 'desk'>('all');
  const [reason, setReason] = useState<Reason>('misbehaviour');
  const target: Target = scope === 'desk' && deskId !== null ? { scope, name: deskId } : { scope: 'all' };
  const stop = async () => {
    if (!(await act.run('stop', () => appliance.call('standstill.stop', { target, reason })))) return;
    onStopped();
    onClose();
  };
  return (
    <FormDialog
      title="Stop Sotto?"
      action="Stop now"
      icon={OctagonX}
      look="stop"
      act={act}
      onClose={onClose}
      onSubmit={() => void stop()}
    >
      <ul className="plain-list">
        <li>Every conversation ends politely, within a turn, and says whom to turn to.</li>
        <li>No tool is called any more. What was already sent cannot be called back.</li>
        <li>Nothing new begins until two people lift it, not even after a restart.</li>
        <li>Records and log stay, and can be read.</li>
      </ul>
      {deskId === null ? null : (
        <Select
          label="What to stop"
          value={scope}
          options={[
            ['all', 'Everything'],
            ['desk', `This desk (${deskId})`],
          ]}
          onValue={setScope}
        />
      )}
      <Select label="Why" value={reason} options={REASONS} onValue={setReason} />
    </FormDialog>
  );
}
