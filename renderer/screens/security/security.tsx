import { useState } from 'react';
import type { Member, Status } from '../../../main/api/contract.ts';
import { SubNav } from '../../components/sub-nav.tsx';
import { Incidents } from './incidents.tsx';
import { Limits } from './limits.tsx';
import { Members } from './members.tsx';
import { SoundPolicy } from './sound-policy.tsx';
import { Stops } from './stops.tsx';
import { System } from './system.tsx';

type Part = 'stops' | 'incidents' | 'limits' | 'members' | 'system';

interface Props {
  readonly status: Status;
  readonly member: Member;
}

/** Stopping and going on, the people, and the machine's own state; each for those whose work it is. */
export function Security({ status, member }: Props) {
  const has = (...roles: readonly string[]) => member.roles.some((role) => roles.includes(role));
  const parts: readonly (readonly [Part, string])[] = [
    ['stops', 'Stopping'],
    ['incidents', 'Incidents'],
    ['limits', 'Limits'],
    ...(has('admin', 'auditor') ? ([['members', 'Members']] as const) : []),
    ...(has('admin', 'auditor') ? ([['system', 'System']] as const) : []),
  ];
  const [part, setPart] = useState<Part>('stops');
  return (
    <main className="admin">
      {parts.length < 2 ? null : <SubNav label="Security" here={part} places={parts} onGo={setPart} />}
      {part === 'stops' ? <Stops member={member} deskId={status.desk?.id ?? null} /> : null}
      {part === 'incidents' ? <Incidents member={member} deskId={status.desk?.id ?? null} /> : null}
      {part === 'limits' ? (
        <>
          <Limits mayAct={has('admin')} />
          <SoundPolicy mayAct={has('admin')} />
        </>
      ) : null}
      {part === 'members' ? <Members member={member} /> : null}
      {part === 'system' ? <System mayExamine={has('admin')} /> : null}
    </main>
  );
}
