import { MessageSquarePlus, PenLine, ShieldBan, UserRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Member, OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { useNames } from '../../api/use-names.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Facts, Panel } from '../../components/panel.tsx';
import { exactTime, shortTime, title } from '../../state/words.ts';
import { ContainDialog } from './contain.tsx';
import { ExportIncident } from './export-incident.tsx';
import { kindWords, SeverityTag } from './incidents.tsx';

type Incident = OutputOf<'incidents.get'>;
type Step = Incident['steps'][number];
type Evidence = Incident['evidence'][number];

interface Props {
  readonly id: string;
  readonly member: Member;
  readonly deskId: string | null;
  readonly mayHandle: boolean;
}

/** One incident: its evidence, and its six steps one after the other. */
export function IncidentView({ id, member, deskId, mayHandle }: Props) {
  const [asked, again] = useAsk('incidents.get', { id });
  return (
    <Answer of={asked}>
      {(incident) => (
        <div className="admin-split">
          <Steps incident={incident} member={member} mayHandle={mayHandle} onChanged={again} />
          <div className="stack">
            <About incident={incident} />
            {mayHandle && incident.closedAt === null ? (
              <Contain incident={incident} deskId={deskId} onChanged={again} />
            ) : null}
            <EvidenceList incident={incident} mayHandle={mayHandle} onChanged={again} />
          </div>
        </div>
      )}
    </Answer>
  );
}

interface StepsProps extends Omit<Props, 'id' | 'deskId'> {
  readonly incident: Incident;
  readonly onChanged: () => void;
}

const SAYS: Readonly<Record<Step['step'], string>> = {
  identify: 'Identify',
  contain: 'Contain',
  investigate: 'Investigate',
  remediate: 'Remediate',
  recover: 'Recover',
  document: 'Document',
};

function Steps({ incident, member, mayHandle, onChanged }: StepsProps) {
  const appliance = useAppliance();
  const act = useAct();
  const nameOf = useNames();
  const { id } = incident;
  const run = (name: string, work: () => Promise<unknown>) =>
    void act.run(name, work).then((ok) => ok && onChanged());
  return (
    <Panel level={1} title={`Incident ${incident.number}`} note={incident.summary}>
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <ol className="incident-steps">
        {incident.steps.map((one, index) => {
          const now = incident.step === one.step;
          const open = one.checks.some(({ outcome }) => outcome === null);
          return (
            <li key={one.step} data-state={one.signedAt === null ? (now ? 'now' : 'later') : 'done'}>
              <h2>
                {index + 1}. {SAYS[one.step]}
                {one.signedAt === null ? null : (
                  <span className="tag tag-on">
                    Signed {shortTime(one.signedAt)}, {nameOf(one.signedBy)}
                  </span>
                )}
                {one.owner === null || one.signedAt !== null ? null : (
                  <span className="tag">Owner: {nameOf(one.owner)}</span>
                )}
              </h2>
              <ul className="checklist">
                {one.checks.map((check) => (
                  <li key={check.item}>
                    <span>{check.text}</span>
                    {check.outcome !== null ? (
                      <span className="tag">
                        {check.outcome === 'done' ? 'Done' : 'Not needed'}, {nameOf(check.by)}
                      </span>
                    ) : now && mayHandle ? (
                      <span className="row">
                        {(['done', 'notNeeded'] as const).map((outcome) => (
                          <Button
                            key={outcome}
                            look="quiet"
                            aria-label={`${outcome === 'done' ? 'Done' : 'Not needed'}: ${check.text}`}
                            onClick={() =>
                              run(check.item, () =>
                                appliance.call('incidents.check', {
                                  id,
                                  step: one.step,
                                  item: check.item,
                                  outcome,
                                }),
                              )
                            }
                          >
                            {outcome === 'done' ? 'Done' : 'Not needed'}
                          </Button>
                        ))}
                      </span>
                    ) : (
                      <span className="muted">Open</span>
                    )}
                  </li>
                ))}
              </ul>
              {one.signedAt === null && mayHandle ? (
                <Owner
                  step={one}
                  member={member}
                  onOwner={(memberId) =>
                    run('own', () => appliance.call('incidents.own', { id, step: one.step, memberId }))
                  }
                />
              ) : null}
              {now && mayHandle ? (
                <div className="row">
                  <Button
                    look="primary"
                    icon={PenLine}
                    disabled={open}
                    busy={act.busy === 'sign'}
                    onClick={() =>
                      run('sign', () => appliance.call('incidents.sign', { id, step: one.step }))
                    }
                  >
                    Sign this step
                  </Button>
                </div>
              ) : null}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

interface OwnerProps {
  readonly step: Step;
  readonly member: Member;
  readonly onOwner: (memberId: string) => void;
}

/** Who sees to a step, and alone may sign it: oneself by one press, or another. */
function Owner({ step, member, onOwner }: OwnerProps) {
  const [people] = useAsk('incidents.people', {});
  const others = people.state === 'answered' ? people.value : [];
  return (
    <div className="row owner">
      <Select
        label={`Owner of step: ${SAYS[step.step]}`}
        value={step.owner ?? ''}
        options={[
          ...(step.owner === null ? [['', 'Nobody yet'] as const] : []),
          ...others.map(({ id, displayName }) => [id, displayName] as const),
        ]}
        onValue={(memberId) => memberId !== '' && onOwner(memberId)}
      />
      {step.owner === member.id ? null : (
        <Button
          look="quiet"
          icon={UserRound}
          aria-label={`I take this step: ${SAYS[step.step]}`}
          onClick={() => onOwner(member.id)}
        >
          I take it
        </Button>
      )}
    </div>
  );
}

/** The second step, at any time: what must stand still stands still at once. */
function Contain({
  incident,
  deskId,
  onChanged,
}: Pick<StepsProps, 'incident' | 'onChanged'> & Pick<Props, 'deskId'>) {
  const [asking, setAsking] = useState(false);
  return (
    <Panel title="Contain" note="One press, at once, also over a restart. Going on takes two people.">
      <Button look="stop" icon={ShieldBan} onClick={() => setAsking(true)}>
        Contain…
      </Button>
      {asking ? (
        <ContainDialog
          id={incident.id}
          deskId={deskId}
          onClose={() => setAsking(false)}
          onContained={onChanged}
        />
      ) : null}
    </Panel>
  );
}

function About({ incident }: { readonly incident: Incident }) {
  const nameOf = useNames();
  return (
    <Panel title="About it">
      <Facts
        facts={[
          ['Opened', `${exactTime(incident.openedAt)}, ${nameOf(incident.openedBy)}`],
          ['By', kindWords(incident.kind)],
          ['Severity', <SeverityTag key="s" severity={incident.severity} />],
          ['State', incident.closedAt === null ? 'Open' : `Closed ${exactTime(incident.closedAt)}`],
        ]}
      />
    </Panel>
  );
}

function EvidenceList({ incident, mayHandle, onChanged }: Omit<StepsProps, 'member'>) {
  const appliance = useAppliance();
  const act = useAct();
  const nameOf = useNames();
  const [text, setText] = useState('');
  const { id } = incident;
  const note = (event: FormEvent) => {
    event.preventDefault();
    void act
      .run('note', () => appliance.call('incidents.note', { id, text }))
      .then((ok) => {
        if (!ok) return;
        setText('');
        onChanged();
      });
  };
  return (
    <Panel title="Evidence">
      <div className="stack">
        <ul className="evidence">
          {incident.evidence.map((one) => (
            <li key={one.id}>
              <p>{evidenceWords(one, nameOf)}</p>
              <p className="cell-note">
                {shortTime(one.at)}, {nameOf(one.by)}
              </p>
            </li>
          ))}
        </ul>
        {mayHandle && incident.closedAt === null ? (
          <form className="stack" onSubmit={note}>
            <Field
              label="A note"
              value={text}
              onValue={setText}
              hint="Kept in the vault alone."
              maxLength={2000}
            />
            {act.error === null ? null : <ErrorMessage error={act.error} />}
            <div>
              <Button
                type="submit"
                icon={MessageSquarePlus}
                disabled={text.trim() === ''}
                busy={act.busy !== null}
              >
                Add the note
              </Button>
            </div>
          </form>
        ) : null}
        <ExportIncident id={id} />
      </div>
    </Panel>
  );
}

/** `stop:tool:transfer_money`, `lock:ID`, in words. */
function containedWords(what: string, nameOf: (id: string | null) => string): string {
  const [act = '', scope = '', name] = what.split(':');
  if (act === 'lock') return `Contained: ${nameOf(scope)} is locked`;
  if (name === undefined) return 'Contained: everything was stopped';
  return `Contained: the ${scope} ${scope === 'tool' ? title(name) : name} was stopped`;
}

function evidenceWords(one: Evidence, nameOf: (id: string | null) => string): string {
  switch (one.kind) {
    case 'conversation':
      return `Conversation ${one.conversationId}`;
    case 'finding':
      return `Entry ${one.seq} of the log: ${title(one.code.replaceAll('.', ' ')).toLowerCase()}`;
    case 'log':
      return `Entries ${one.first} to ${one.end - 1} of the log`;
    case 'containment':
      return containedWords(one.what, nameOf);
    case 'note':
      return one.text;
  }
}
