import { LockOpen } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Status } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { PassphraseField } from '../../components/field.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Gate } from '../gate.tsx';

/** The vault's key is kept under a passphrase: someone who knows it must be here once after each start. */
export function Unlock({ status }: { readonly status: Status }) {
  const appliance = useAppliance();
  const [passphrase, setPassphrase] = useState('');
  const act = useAct();
  const unlock = async (event: FormEvent) => {
    event.preventDefault();
    const unlocked = await act.run('unlock', async () => {
      await appliance.call('vault.unlock', { passphrase });
      await appliance.refresh();
    });
    if (!unlocked) setPassphrase('');
  };
  return (
    <Gate
      status={status}
      title="Unlock the vault"
      lead="This appliance was restarted. Its records stay encrypted until the vault passphrase is entered."
    >
      <form onSubmit={unlock} noValidate>
        <PassphraseField
          label="Vault passphrase"
          value={passphrase}
          onValue={setPassphrase}
          autoComplete="off"
          maxLength={256}
          autoFocus
          hint="Not your own passphrase: the one chosen for the vault at set-up."
        />
        <div className="gate-error">{act.error === null ? null : <ErrorMessage error={act.error} />}</div>
        <Button
          type="submit"
          look="primary"
          large
          icon={LockOpen}
          busy={act.busy !== null}
          disabled={passphrase === ''}
        >
          {act.busy === null ? 'Unlock' : 'Unlocking…'}
        </Button>
      </form>
    </Gate>
  );
}
