import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { Role } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Field, PassphraseField } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { RoleChoice } from './role-choice.tsx';

interface Props {
  readonly onClose: () => void;
  readonly onMade: () => void;
}

export function NewMember({ onClose, onMade }: Props) {
  const appliance = useAppliance();
  const act = useAct();
  const [displayName, setDisplayName] = useState('');
  const [username, setUsername] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(['staff']);
  const named = /^[a-z][a-z0-9._-]{1,31}$/.test(username);
  const ready = displayName.trim() !== '' && named && passphrase.length >= 12 && roles.length > 0;
  const make = async () => {
    const input = { displayName, username, passphrase, roles: [...roles] };
    if (!(await act.run('make', () => appliance.call('members.create', input)))) return;
    onMade();
    onClose();
  };
  return (
    <FormDialog
      title="New member"
      action="Make the member"
      icon={UserPlus}
      ready={ready}
      act={act}
      onClose={onClose}
      onSubmit={() => void make()}
    >
      <Field
        label="Name"
        value={displayName}
        onValue={setDisplayName}
        maxLength={80}
        autoComplete="off"
        autoFocus
      />
      <Field
        label="User name"
        value={username}
        onValue={(value) => setUsername(value.toLowerCase())}
        problem={
          username !== '' && !named ? 'Letters, digits, dots and dashes, beginning with a letter.' : null
        }
        autoComplete="off"
        spellCheck={false}
      />
      <PassphraseField
        label="First passphrase"
        value={passphrase}
        onValue={setPassphrase}
        hint="At least 12 characters. It is good for one sign-in; then they choose their own."
        autoComplete="new-password"
      />
      <RoleChoice roles={roles} onRoles={setRoles} />
    </FormDialog>
  );
}
