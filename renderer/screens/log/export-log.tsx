import { Download } from 'lucide-react';
import { useState } from 'react';
import type { OutputOf } from '../../../main/api/contract.ts';
import { receiveArchive } from '../../api/receive-archive.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { Panel } from '../../components/panel.tsx';

type Made = Extract<OutputOf<'audit.export'>, { type: 'made' }>;

/** The log for an auditor, who verifies it with their own tools. */
export function ExportLog() {
  const appliance = useAppliance();
  const act = useAct();
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const [share, setShare] = useState(0);
  const [made, setMade] = useState<Made | null>(null);
  const run = () =>
    act.run('export', async () => {
      setShare(0);
      setMade(null);
      const range = { since: startOf(since), until: endOf(until) };
      const open = (signal: AbortSignal) => appliance.listen('audit.export', range, signal);
      setMade(await receiveArchive<Made>(open, setShare));
    });
  return (
    <Panel
      title="Export"
      note="One archive; ssh-keygen, sha256sum and any transparency-log client verify what is in it."
    >
      <div className="stack">
        <div className="form-row">
          <Field label="From day" type="date" value={since} onValue={setSince} />
          <Field label="To day" type="date" value={until} onValue={setUntil} hint="Empty: all of it." />
        </div>
        <Button icon={Download} busy={act.busy !== null} onClick={() => void run()}>
          {act.busy === null ? 'Export the log' : `Exporting… ${Math.round(share * 100)} %`}
        </Button>
        <div role="status">
          {act.error === null ? null : <ErrorMessage error={act.error} />}
          {made === null ? null : (
            <Message
              tone={made.ok ? 'ok' : 'fail'}
              title={made.ok ? 'Saved' : 'Saved, and it does not verify'}
            >
              {made.size.toLocaleString('en-US')} entries under the checkpoint, signed by{' '}
              <code className="hash">{made.signer}</code>
            </Message>
          )}
        </div>
      </div>
    </Panel>
  );
}

const startOf = (day: string) => (day === '' ? null : new Date(`${day}T00:00:00`).getTime());
/** The whole of the day. */
const endOf = (day: string) => {
  if (day === '') return null;
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + 1);
  return date.getTime();
};
