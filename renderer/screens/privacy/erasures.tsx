import { Eraser, Save, Search, Undo2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Member, OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { useNames } from '../../api/use-names.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { saveFile } from '../../state/save.ts';
import { shortTime } from '../../state/words.ts';
import { ConfirmErasure } from './confirm-erasure.tsx';
import { SubjectAccess } from './subject-access.tsx';
import { SubjectFacts } from './subject-facts.tsx';

type Review = OutputOf<'erasure.review'>;
type Request = OutputOf<'erasure.list'>[number];

interface Props {
  readonly mayAct: boolean;
  readonly member: Member;
}

/** Forgetting a subject: found, reviewed, asked for by one member, confirmed by another, with a certificate. */
export function Erasures({ mayAct, member }: Props) {
  const [listed, again] = useAsk('erasure.list', {});
  return (
    <>
      {mayAct ? <FindSubject onRequested={again} /> : null}
      <Panel
        level={mayAct ? 2 : 1}
        title="Requests"
        note="Whoever asked for an erasure cannot confirm it: it takes a second person."
      >
        <Answer of={listed}>
          {(requests) => <Requests requests={requests} mayAct={mayAct} member={member} onChanged={again} />}
        </Answer>
      </Panel>
    </>
  );
}

function FindSubject({ onRequested }: { readonly onRequested: () => void }) {
  const appliance = useAppliance();
  const act = useAct();
  const [kind, setKind] = useState('customer');
  const [value, setValue] = useState('');
  const [found, setFound] = useState<{ readonly review: Review | null } | null>(null);
  const [asked, setAsked] = useState(false);
  const ready = /^[a-z][a-z0-9_-]*$/.test(kind) && value.trim() !== '';
  const find = (event: FormEvent) => {
    event.preventDefault();
    setAsked(false);
    if (ready)
      void act.run('find', async () => setFound(await appliance.call('erasure.find', { kind, value })));
  };
  const request = async (subjectId: string) => {
    if (!(await act.run('request', () => appliance.call('erasure.request', { subjectId })))) return;
    setAsked(true);
    setFound(null);
    setValue('');
    onRequested();
  };
  return (
    <Panel
      level={1}
      title="Who is to be forgotten?"
      note="By what the desk asks people for, such as the customer number."
    >
      <form className="form-row" onSubmit={find}>
        <Field
          label="Known by"
          value={kind}
          onValue={(next) => setKind(next.trim().toLowerCase())}
          hint="As the desk pack names it."
        />
        <Field
          label="Number or reference"
          value={value}
          onValue={setValue}
          autoComplete="off"
          hint="Not kept, and not in the log."
        />
        <Button type="submit" look="primary" icon={Search} disabled={!ready} busy={act.busy === 'find'}>
          Find
        </Button>
      </form>
      <div role="status" className="stack">
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        {asked ? (
          <Message tone="ok" title="Asked for">
            Another privacy officer or administrator confirms it in the list below.
          </Message>
        ) : null}
        {found === null ? null : found.review === null ? (
          <Message tone="info" title="Nobody is known here by this">
            No record that is kept belongs to this reference.
          </Message>
        ) : (
          <div className="card">
            <SubjectFacts review={found.review} />
            <div className="row">
              <Button
                look="danger"
                icon={Eraser}
                busy={act.busy === 'request'}
                onClick={() => found.review !== null && void request(found.review.subjectId)}
              >
                Ask for erasure
              </Button>
              <SubjectAccess kind={kind} value={value} />
            </div>
          </div>
        )}
      </div>
    </Panel>
  );
}

interface RequestsProps extends Props {
  readonly requests: readonly Request[];
  readonly onChanged: () => void;
}

const STATE_WORDS = {
  requested: 'Waits for a second person',
  withdrawn: 'Withdrawn',
  done: 'Erased',
} as const;

function Requests({ requests, mayAct, member, onChanged }: RequestsProps) {
  const appliance = useAppliance();
  const act = useAct();
  const nameOf = useNames();
  const [confirming, setConfirming] = useState<Request | null>(null);
  const [shown, setShown] = useState<Request | null>(null);
  if (requests.length === 0) return <p className="muted">No erasure has been asked for.</p>;
  const withdraw = (id: string) =>
    void act.run(id, () => appliance.call('erasure.withdraw', { id })).then((ok) => ok && onChanged());
  return (
    <>
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <Table label="Requests for erasure" heads={['Asked for', 'By', 'Subject', 'State', '']}>
        {requests.map((one) => (
          <tr key={one.id}>
            <td>{shortTime(one.requestedAt)}</td>
            <td>{nameOf(one.requestedBy)}</td>
            <td>
              <code className="cell-id">{one.subjectId}</code>
            </td>
            <td>
              <span className={one.state === 'requested' ? 'tag tag-wait' : 'tag'}>
                {STATE_WORDS[one.state]}
              </span>
              {one.decidedAt === null ? null : `${shortTime(one.decidedAt)}, ${nameOf(one.decidedBy)}`}
            </td>
            <td className="cell-action">
              {one.certificate === null ? null : <Button onClick={() => setShown(one)}>Certificate</Button>}
              {one.state === 'requested' && mayAct ? (
                <>
                  {one.requestedBy === member.id ? null : (
                    <Button look="danger" icon={Eraser} onClick={() => setConfirming(one)}>
                      Confirm…
                    </Button>
                  )}
                  <Button
                    look="quiet"
                    icon={Undo2}
                    busy={act.busy === one.id}
                    onClick={() => withdraw(one.id)}
                  >
                    Withdraw
                  </Button>
                </>
              ) : null}
            </td>
          </tr>
        ))}
      </Table>
      {confirming === null ? null : (
        <ConfirmErasure
          request={confirming}
          askedBy={nameOf(confirming.requestedBy)}
          onClose={() => setConfirming(null)}
          onErased={(done) => {
            setConfirming(null);
            setShown(done);
            onChanged();
          }}
        />
      )}
      {shown === null ? null : <Certificate request={shown} onClose={() => setShown(null)} />}
    </>
  );
}

function Certificate({ request, onClose }: { readonly request: Request; readonly onClose: () => void }) {
  const text = request.certificate ?? '';
  return (
    <Dialog title="Certificate of erasure" wide onClose={onClose}>
      <div className="stack">
        <p>
          Signed with the key of the audit log; it names nobody. What is in backups cannot be read any more
          once the keyring beside them is renewed: ask IT for <code>sotto vault keyring</code>.
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <pre className="note-text" tabIndex={0}>
          {text}
        </pre>
        <div className="dialog-actions">
          <Button onClick={onClose}>Close</Button>
          <Button
            look="primary"
            icon={Save}
            onClick={() => saveFile(`erasure-${request.id}.txt`, text, 'text/plain')}
          >
            Save it
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
