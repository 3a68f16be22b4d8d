import { useState } from 'react';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { Qr } from '../../components/qr.tsx';
import { ChangePassphrase } from './change-passphrase.tsx';

/** What a member does for themselves. */
export function Account({ onClose }: { readonly onClose: () => void }) {
  const [changed, setChanged] = useState(false);
  return (
    <Dialog title="Your account" wide onClose={onClose}>
      <div className="stack dialog-parts">
        <section>
          <h3>Passphrase</h3>
          {changed ? (
            <Message tone="ok" title="Changed">
              Everywhere else you are signed out.
            </Message>
          ) : (
            <ChangePassphrase onChanged={() => setChanged(true)} />
          )}
        </section>
        <section>
          <h3>One-time codes</h3>
          <Codes />
        </section>
      </div>
    </Dialog>
  );
}

/** An authenticator app gets its key by camera or by typing; the first code proves that it has it. */
function Codes() {
  const appliance = useAppliance();
  const act = useAct();
  const [begun, setBegun] = useState<{ readonly uri: string; readonly secret: string } | null>(null);
  const [code, setCode] = useState('');
  const [done, setDone] = useState(false);
  if (done)
    return (
      <Message tone="ok" title="Set up">
        Your app’s codes now stand in for you where a tool asks for one.
      </Message>
    );
  if (begun === null)
    return (
      <>
        <p>Some tools ask for a code of six digits from an app on your telephone, which needs no network.</p>
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        <Button
          busy={act.busy !== null}
          onClick={() =>
            void act.run('begin', async () => setBegun(await appliance.call('account.beginCodes', {})))
          }
        >
          Set up codes
        </Button>
      </>
    );
  return (
    <div className="checkpoint">
      <Qr text={begun.uri} label="Key for your authenticator app, as a QR code" />
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void act
            .run('confirm', () => appliance.call('account.confirmCodes', { code }))
            .then((ok) => setDone(ok));
        }}
      >
        <p>
          Scan this with your authenticator app, or type the key: <code className="hash">{begun.secret}</code>
        </p>
        <Field
          label="Code that the app shows"
          value={code}
          onValue={setCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
        />
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        <Button
          type="submit"
          look="primary"
          disabled={code.replaceAll(/\s/g, '').length < 6}
          busy={act.busy !== null}
        >
          Confirm
        </Button>
      </form>
    </div>
  );
}
