import { LockOpen } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Status, WireError } from '../../../main/api/contract.ts';
import { wireErrorOf } from '../../api/appliance.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { PassphraseField } from '../../components/field.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Gate } from '../gate.tsx';

/** The vault's key is kept under a passphrase: someone who knows it must be here once after each start. */
export function Unlock({ status }: { readonly status: Status }) {
  const appliance = useAppliance();
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const unlock = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || passphrase === '') return;
    setBusy(true);
    setError(null);
    try {
      await appliance.call('vault.unlock', { passphrase });
      await appliance.refresh();
    } catch (problem) {
      setError(wireErrorOf(problem));
      setPassphrase('');
    }
    setBusy(false);
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
        <div className="gate-error">{error === null ? null : <ErrorMessage error={error} />}</div>
        <Button type="submit" look="primary" large icon={LockOpen} busy={busy} disabled={passphrase === ''}>
          {busy ? 'Unlocking…' : 'Unlock'}
        </Button>
      </form>
    </Gate>
  );
}
