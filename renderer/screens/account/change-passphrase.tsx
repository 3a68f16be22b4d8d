import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useApplianceView } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { PassphraseField, Strength } from '../../components/field.tsx';
import { ErrorMessage } from '../../components/message.tsx';

/** The present passphrase, a new one, and the new one again. */
export function ChangePassphrase({ onChanged }: { readonly onChanged?: () => void }) {
  const appliance = useAppliance();
  const { member } = useApplianceView();
  const act = useAct();
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const ready = present !== '' && next.length >= 12 && next === again;
  const change = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const ok = await act.run('change', async () =>
      appliance.signedIn(await appliance.call('account.changePassphrase', { present, next })),
    );
    if (ok) onChanged?.();
  };
  return (
    <form className="stack" onSubmit={(event) => void change(event)}>
      <PassphraseField
        label="Present passphrase"
        value={present}
        onValue={setPresent}
        autoComplete="current-password"
      />
      <PassphraseField label="New passphrase" value={next} onValue={setNext} autoComplete="new-password" />
      <Strength value={next} known={member === null ? [] : [member.username, member.displayName]} />
      <PassphraseField
        label="New passphrase again"
        value={again}
        onValue={setAgain}
        problem={again !== '' && again !== next ? 'The two are not the same.' : null}
        autoComplete="new-password"
      />
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <div>
        <Button type="submit" look="primary" icon={KeyRound} disabled={!ready} busy={act.busy !== null}>
          Change the passphrase
        </Button>
      </div>
    </form>
  );
}
