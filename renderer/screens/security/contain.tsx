import { ShieldBan } from 'lucide-react';
import { useState } from 'react';
import type { InputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Select } from '../../components/choice.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Message } from '../../components/message.tsx';
import { title } from '../../state/words.ts';

type What = InputOf<'incidents.contain'>['what'];
type Choice = { readonly name: string; readonly what: What; readonly comes: string };

interface Props {
  readonly id: string;
  readonly deskId: string | null;
  readonly onClose: () => void;
  readonly onContained: () => void;
}

/** Containment of an incident: one choice, one press, and it holds. */
export function ContainDialog({ id, deskId, onClose, onContained }: Props) {
  const appliance = useAppliance();
  const act = useAct();
  const choices = useChoices(deskId);
  const [chosen, setChosen] = useState('0');
  const choice = choices[Number(chosen)] ?? choices[0];
  const contain = async () => {
    if (choice === undefined) return;
    const done = await act.run('contain', () =>
      appliance.call('incidents.contain', { id, what: choice.what }),
    );
    if (!done) return;
    onContained();
    onClose();
  };
  return (
    <FormDialog
      title="Contain it?"
      action="Contain now"
      icon={ShieldBan}
      look="stop"
      act={act}
      onClose={onClose}
      onSubmit={() => void contain()}
    >
      <Select
        label="What to contain"
        value={chosen}
        options={choices.map(({ name }, index) => [String(index), name] as const)}
        onValue={setChosen}
      />
      {choice === undefined ? null : <Message tone="warn">{choice.comes}</Message>}
    </FormDialog>
  );
}

const TWO = 'It takes two people, supervisors or administrators, to go on.';

function useChoices(deskId: string | null): readonly Choice[] {
  const [tools] = useAsk('tools.list', {});
  const [people] = useAsk('members.names', {});
  const ends = 'Conversations end politely, nothing new begins, no tool is called.';
  return [
    { name: 'Stop everything', what: { stop: 'all' }, comes: `${ends} ${TWO}` },
    ...(deskId === null
      ? []
      : [
          {
            name: `Stop this desk (${deskId})`,
            what: { stop: 'desk', name: deskId } as const,
            comes: `${ends} ${TWO}`,
          },
        ]),
    ...(tools.state === 'answered' ? tools.value.tools : []).map(({ name }) => ({
      name: `Stop the tool: ${title(name)}`,
      what: { stop: 'tool', name } as const,
      comes: `Conversations go on without it. ${TWO}`,
    })),
    ...(people.state === 'answered' ? people.value : []).map(({ id, displayName }) => ({
      name: `Lock the member: ${displayName}`,
      what: { lock: id },
      comes: 'The member is signed out everywhere, and stays out until an administrator unlocks it.',
    })),
  ];
}
