import { LogIn } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Status } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useApplianceView } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Field, PassphraseField } from '../../components/field.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { Gate } from '../gate.tsx';

export function SignIn({ status }: { readonly status: Status }) {
  const appliance = useAppliance();
  const { sessionEnded } = useApplianceView();
  const [username, setUsername] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const act = useAct();
  const incomplete = username.trim() === '' || passphrase === '';
  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    const signedIn = await act.run('signIn', async () =>
      appliance.signedIn(await appliance.call('session.signIn', { username: username.trim(), passphrase })),
    );
    if (!signedIn) setPassphrase('');
  };
  return (
    <Gate
      status={status}
      title="Sign in"
      lead={
        status.desk === null
          ? 'Use the name and passphrase you were given.'
          : `To the ${status.desk.name} desk.`
      }
    >
      <form onSubmit={signIn} noValidate>
        <Field
          label="User name"
          value={username}
          onValue={setUsername}
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={64}
          autoFocus
        />
        <PassphraseField
          label="Passphrase"
          value={passphrase}
          onValue={setPassphrase}
          autoComplete="current-password"
          maxLength={256}
        />
        <div className="gate-error">
          {act.error !== null ? (
            <ErrorMessage error={act.error} />
          ) : sessionEnded ? (
            <Message tone="info">Your session has ended. Sign in again to go on.</Message>
          ) : null}
        </div>
        <Button
          type="submit"
          look="primary"
          large
          icon={LogIn}
          busy={act.busy !== null}
          disabled={incomplete}
        >
          {act.busy === null ? 'Sign in' : 'Signing in…'}
        </Button>
      </form>
    </Gate>
  );
}
