import { ArrowLeft, Siren } from 'lucide-react';
import { useState } from 'react';
import type { InputOf, Member, OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { ListPanel } from '../../components/asked-panel.tsx';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { alertWords, shortTime, title } from '../../state/words.ts';
import { IncidentView } from './incident.tsx';

type Line = OutputOf<'incidents.list'>[number];
type Severity = InputOf<'incidents.open'>['severity'];

export const SEVERITIES: readonly (readonly [Severity, string])[] = [
  ['low', 'Low'],
  ['medium', 'Medium'],
  ['high', 'High'],
];

interface Props {
  readonly member: Member;
  readonly deskId: string | null;
}

/** What went wrong, or may have: each walked through six steps, signed by people. */
export function Incidents({ member, deskId }: Props) {
  const [shown, setShown] = useState<string | null>(null);
  const mayHandle = member.roles.some((role) => role !== 'auditor' && role !== 'staff');
  if (shown !== null)
    return (
      <>
        <div>
          <Button look="quiet" icon={ArrowLeft} onClick={() => setShown(null)}>
            All incidents
          </Button>
        </div>
        <IncidentView id={shown} member={member} deskId={deskId} mayHandle={mayHandle} />
      </>
    );
  return (
    <>
      <IncidentList mayHandle={mayHandle} onShow={setShown} />
      <Alerts />
    </>
  );
}

interface ListProps {
  readonly mayHandle: boolean;
  readonly onShow: (id: string) => void;
}

function IncidentList({ mayHandle, onShow }: ListProps) {
  const [listed] = useAsk('incidents.list', {});
  const [opening, setOpening] = useState(false);
  return (
    <>
      <ListPanel
        level={1}
        title="Incidents"
        note="Opened by a member or by a limit, with the log of the hour before as evidence."
        actions={
          mayHandle ? (
            <Button look="primary" icon={Siren} onClick={() => setOpening(true)}>
              Open an incident
            </Button>
          ) : undefined
        }
        of={listed}
        none="None has been opened."
        label="List of incidents"
        heads={['Number', 'About', 'Severity', 'Opened', 'State']}
        row={(line) => (
          <tr key={line.id}>
            <td>
              <button type="button" className="link" onClick={() => onShow(line.id)}>
                Incident {line.number}
              </button>
            </td>
            <td>{kindWords(line.kind)}</td>
            <td>
              <SeverityTag severity={line.severity} />
            </td>
            <td>{shortTime(line.openedAt)}</td>
            <td>
              {line.closedAt === null ? (
                <span className="tag tag-wait">{line.step === null ? 'Open' : `Next: ${line.step}`}</span>
              ) : (
                `Closed ${shortTime(line.closedAt)}`
              )}
            </td>
          </tr>
        )}
      />
      {opening ? <OpenIncident onClose={() => setOpening(false)} onOpened={onShow} /> : null}
    </>
  );
}

export function SeverityTag({ severity }: Pick<Line, 'severity'>) {
  const look = { low: 'tag', medium: 'tag tag-wait', high: 'tag tag-fail' }[severity];
  return <span className={look}>{title(severity)}</span>;
}

export function kindWords(kind: string): string {
  return kind === 'manual' ? 'Opened by a member' : `Limit: ${title(kind).toLowerCase()}`;
}

function OpenIncident({
  onClose,
  onOpened,
}: {
  readonly onClose: () => void;
  readonly onOpened: (id: string) => void;
}) {
  const appliance = useAppliance();
  const act = useAct();
  const [summary, setSummary] = useState('');
  const [severity, setSeverity] = useState<Severity>('medium');
  const open = () =>
    void act.run('open', async () =>
      onOpened((await appliance.call('incidents.open', { severity, summary })).id),
    );
  return (
    <FormDialog
      title="Open an incident"
      action="Open it"
      icon={Siren}
      ready={summary.trim() !== ''}
      act={act}
      onClose={onClose}
      onSubmit={open}
    >
      <Field
        label="What happened"
        value={summary}
        onValue={setSummary}
        hint="Stays in the vault and in the incident’s export; the log knows only that there is an incident."
        maxLength={500}
        autoFocus
      />
      <Select label="Severity" value={severity} options={SEVERITIES} onValue={setSeverity} />
    </FormDialog>
  );
}

function Alerts() {
  const [asked] = useAsk('alerts.recent', {});
  return (
    <ListPanel
      title="Alerts"
      note="The latest. They also go to the log, to the collector, and by mail where a relay is named."
      of={asked}
      none="None since the start."
      label="List of alerts"
      heads={['When', 'About', 'What', 'Severity']}
      row={(alert) => (
        <tr key={alert.id}>
          <td>{shortTime(alert.at)}</td>
          <td>{title(alert.about)}</td>
          <td>{alertWords(alert)}</td>
          <td>
            <SeverityTag severity={alert.severity} />
          </td>
        </tr>
      )}
    />
  );
}
