import { Download } from 'lucide-react';
import { useState } from 'react';
import { receiveArchive } from '../../api/receive-archive.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';

/** The whole incident as one file: its page, its evidence, the log, and the proof that the log has only grown. */
export function ExportIncident({ id }: { readonly id: string }) {
  const appliance = useAppliance();
  const act = useAct();
  const [saved, setSaved] = useState(false);
  const run = () =>
    void act
      .run('export', () => receiveArchive((signal) => appliance.listen('incidents.export', { id }, signal)))
      .then(setSaved);
  return (
    <div className="stack">
      <div>
        <Button icon={Download} busy={act.busy !== null} onClick={run}>
          {act.busy === null ? 'Export the incident' : 'Exporting…'}
        </Button>
      </div>
      <div role="status">
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        {saved ? (
          <Message tone="ok" title="Saved">
            Open <code>incident.html</code> to read it. Notes are in members’ words: keep the archive as you
            keep the records.
          </Message>
        ) : null}
      </div>
    </div>
  );
}
