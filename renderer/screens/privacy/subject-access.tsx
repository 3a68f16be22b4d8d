import { Download } from 'lucide-react';
import { useState } from 'react';
import { receiveArchive } from '../../api/receive-archive.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { LookDialog } from '../records/look-dialog.tsx';

/** A person asks what is kept about them: all of it, to be handed over. */
export function SubjectAccess({ kind, value }: { readonly kind: string; readonly value: string }) {
  const appliance = useAppliance();
  const act = useAct();
  const [asking, setAsking] = useState(false);
  const [saved, setSaved] = useState(false);
  const fetch = (reason: string) => {
    setAsking(false);
    void act
      .run('access', () =>
        receiveArchive((signal) => appliance.listen('erasure.access', { kind, value, reason }, signal)),
      )
      .then(setSaved);
  };
  return (
    <>
      <Button icon={Download} busy={act.busy !== null} onClick={() => setAsking(true)}>
        {act.busy === null ? 'Save all that is kept…' : 'Gathering…'}
      </Button>
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      {saved ? (
        <Message tone="warn" title="Saved, in clear">
          The archive holds what was said, recordings too. Hand it over, and delete your copy.
        </Message>
      ) : null}
      {asking ? (
        <LookDialog
          title="Save all that is kept about this subject"
          action="Save it"
          onClose={() => setAsking(false)}
          onReason={fetch}
        />
      ) : null}
    </>
  );
}
