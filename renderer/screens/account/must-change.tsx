import type { Member, Status } from '../../../main/api/contract.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Gate } from '../gate.tsx';
import { ChangePassphrase } from './change-passphrase.tsx';

/** Somebody else knows the passphrase: nothing goes on until the member has chosen another. */
export function MustChange({ status, member }: { readonly status: Status; readonly member: Member }) {
  const appliance = useAppliance();
  return (
    <Gate
      status={status}
      title="Choose your own passphrase"
      lead={`${member.displayName}, somebody else chose the one that you signed in with. It is good for this once.`}
    >
      <ChangePassphrase />
      <p className="gate-also">
        <Button look="quiet" onClick={() => void appliance.signOut()}>
          Sign out instead
        </Button>
      </p>
    </Gate>
  );
}
