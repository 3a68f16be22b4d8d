import { UserPlus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Role } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, PassphraseField } from '../../components/field.tsx';
import { ErrorMessage } from '../../components/message.tsx';
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
  const make = async (event: FormEvent) => {
    event.preventDefault();
    const input = { displayName, username, passphrase, roles: [...roles] };
    if (!ready || !(await act.run('make', () => appliance.call('members.create', input)))) return;
    onMade();
    onClose();
  };
  return (
    <Dialog title="New member" onClose={onClose}>
      <form className="stack" onSubmit={(event) => void make(event)}>
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
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" icon={UserPlus} disabled={!ready} busy={act.busy !== null}>
            Make the member
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
