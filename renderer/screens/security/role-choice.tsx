import type { Role } from '../../../main/api/contract.ts';
import { Checkbox } from '../../components/choice.tsx';

const ROLES: readonly (readonly [Role, string, string])[] = [
  ['staff', 'Staff', 'Talks with the agent and decides at the desk'],
  ['supervisor', 'Supervisor', 'Approves as second person, reads records, lifts a stop'],
  ['admin', 'Administrator', 'Members, system, and all of the above'],
  ['auditor', 'Auditor', 'Reads the log and the records, changes nothing'],
  ['privacy', 'Privacy officer', 'Retention, holds, erasure'],
];

interface Props {
  readonly roles: readonly Role[];
  readonly onRoles: (roles: readonly Role[]) => void;
}

export function RoleChoice({ roles, onRoles }: Props) {
  return (
    <fieldset className="choices">
      <legend>Roles</legend>
      {ROLES.map(([role, name, note]) => (
        <Checkbox
          key={role}
          label={name}
          note={note}
          checked={roles.includes(role)}
          onChecked={(on) => onRoles(on ? [...roles, role] : roles.filter((one) => one !== role))}
        />
      ))}
    </fieldset>
  );
}
