import { OctagonX, Play } from 'lucide-react';
import { useState } from 'react';
import type { Member, OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { useNames } from '../../api/use-names.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { shortTime, title } from '../../state/words.ts';
import { StopDialog, targetWords } from './stop-dialog.tsx';
import { ToolStops } from './tool-stops.tsx';
import { Unresolved } from './unresolved.tsx';

type Standing = OutputOf<'standstill.list'>[number];

interface Props {
  readonly member: Member;
  readonly deskId: string | null;
}

/** What stands still, and what does not. */
export function Stops({ member, deskId }: Props) {
  const [listed, again] = useAsk('standstill.list', {});
  const [stopping, setStopping] = useState(false);
  const mayLift = member.roles.some((role) => role === 'supervisor' || role === 'admin');
  const maySeeTools = mayLift || member.roles.includes('auditor');
  return (
    <>
      <Panel
        level={1}
        title="Stop"
        note="Stopping is easy and takes one. Going on takes two: supervisors or administrators."
      >
        <div className="stack">
          <div>
            <Button look="stop" large icon={OctagonX} onClick={() => setStopping(true)}>
              Stop…
            </Button>
          </div>
          <Answer of={listed}>
            {(standing) =>
              standing.length === 0 ? (
                <p className="muted">Nothing stands still.</p>
              ) : (
                <StandingTable standing={standing} member={member} mayLift={mayLift} onChanged={again} />
              )
            }
          </Answer>
        </div>
      </Panel>
      {maySeeTools ? (
        <>
          <ToolStops mayAct={mayLift} />
          <Unresolved mayAct={mayLift} />
        </>
      ) : null}
      {stopping ? <StopDialog deskId={deskId} onClose={() => setStopping(false)} onStopped={again} /> : null}
    </>
  );
}

interface TableProps {
  readonly standing: readonly Standing[];
  readonly member: Member;
  readonly mayLift: boolean;
  readonly onChanged: () => void;
}

function StandingTable({ standing, member, mayLift, onChanged }: TableProps) {
  const appliance = useAppliance();
  const act = useAct();
  const nameOf = useNames();
  const lift = (target: Standing['target']) =>
    void act
      .run(targetWords(target), () => appliance.call('standstill.lift', { target }))
      .then((ok) => ok && onChanged());
  return (
    <>
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <Table label="What stands still" heads={['What', 'Since', 'Why', 'To go on', '']}>
        {standing.map(({ target, at, by, reason, liftAskedBy }) => (
          <tr key={targetWords(target)}>
            <th scope="row">{targetWords(target)}</th>
            <td>
              {shortTime(at)}, {nameOf(by)}
            </td>
            <td>{title(reason)}</td>
            <td>
              {liftAskedBy.length === 0
                ? 'Takes two'
                : `${liftAskedBy.map(nameOf).join(', ')} agreed; takes one more`}
            </td>
            <td className="cell-action">
              {!mayLift ? null : liftAskedBy.includes(member.id) ? (
                <span className="muted">Another member now</span>
              ) : (
                <Button icon={Play} busy={act.busy === targetWords(target)} onClick={() => lift(target)}>
                  {liftAskedBy.length === 0 ? 'Agree to go on' : 'Go on'}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      <Message tone="info">
        What was agreed by one is good for an hour. Everything else stays as it is: members, records and the
        log.
      </Message>
    </>
  );
}
