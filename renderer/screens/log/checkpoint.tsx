import { QrCode, Save } from 'lucide-react';
import { useState } from 'react';
import type { OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Panel } from '../../components/panel.tsx';
import { Qr } from '../../components/qr.tsx';
import { saveFile } from '../../state/save.ts';

type Signed = OutputOf<'audit.checkpoint'>;

/** The log as it stands, signed: carried to a witness by camera or by file, it shows later that nothing was rewritten. */
export function Checkpoint() {
  const appliance = useAppliance();
  const act = useAct();
  const [signed, setSigned] = useState<Signed | null>(null);
  return (
    <Panel title="Checkpoint" note="A signed statement of how the log stands now. Keep one elsewhere.">
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <Button
        icon={QrCode}
        busy={act.busy !== null}
        onClick={() =>
          void act.run('sign', async () => setSigned(await appliance.call('audit.checkpoint', {})))
        }
      >
        Show the checkpoint
      </Button>
      {signed === null ? null : (
        <Dialog title="Checkpoint of the log" wide onClose={() => setSigned(null)}>
          <div className="checkpoint">
            <Qr text={signed.note} label="The checkpoint as a QR code" />
            <div className="stack">
              <p>
                Scan it with the witness’s camera, or carry the file. The key below is what a witness pins,
                once.
              </p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
              <pre className="note-text" tabIndex={0}>
                {signed.note}
              </pre>
              <h3 className="side-title">Verifier key</h3>
              <code className="hash">{signed.verifierKey}</code>
              <Button
                look="primary"
                icon={Save}
                onClick={() => saveFile('checkpoint.txt', signed.note, 'text/plain')}
              >
                Save the checkpoint
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </Panel>
  );
}
