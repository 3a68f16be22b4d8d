import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { Member, OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { shortTime, title } from '../../state/words.ts';
import { ManageMember } from './manage-member.tsx';
import { NewMember } from './new-member.tsx';

export type Line = OutputOf<'members.list'>[number];

const REMARKS: Readonly<Record<string, string>> = {
  'never-signed-in': 'Never signed in',
  'not-seen-for-90-days': 'Not seen for 90 days',
  locked: 'Locked',
  'passphrase-set-by-another': 'Passphrase chosen by another',
  'no-codes': 'No one-time codes',
  'admin-and-auditor': 'Administers and audits',
  'never-reviewed': 'Never reviewed',
  'review-older-than-a-year': 'Review older than a year',
};

/** Who may do what, and what in it is worth a look. */
export function Members({ member }: { readonly member: Member }) {
  const appliance = useAppliance();
  const act = useAct();
  const [listed, again] = useAsk('members.list', {});
  const [managed, setManaged] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const mayAdminister = member.roles.includes('admin');
  const review = (id: string) =>
    void act
      .run(id, () => appliance.call('members.confirmReview', { memberIds: [id] }))
      .then((ok) => ok && again());
  return (
    <Panel
      level={1}
      title="Members"
      note="The most remarkable first. “Access is right” records that you reviewed a member; nobody reviews themselves."
      actions={
        mayAdminister ? (
          <Button look="primary" icon={UserPlus} onClick={() => setAdding(true)}>
            New member
          </Button>
        ) : undefined
      }
    >
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <Answer of={listed}>
        {(lines) => (
          <>
            <Table label="List of members" heads={['Name', 'Roles', 'Last signed in', 'Worth a look', '']}>
              {lines.map((line) => (
                <tr key={line.id}>
                  <th scope="row">
                    {line.displayName}
                    <span className="cell-note">{line.username}</span>
                  </th>
                  <td>{line.roles.map(title).join(', ')}</td>
                  <td>{line.signedInAt === null ? 'Never' : shortTime(line.signedInAt)}</td>
                  <td>
                    <ul className="tags">
                      {line.remarks.map((remark) => (
                        <li key={remark} className={remark === 'locked' ? 'tag tag-fail' : 'tag'}>
                          {REMARKS[remark] ?? title(remark)}
                        </li>
                      ))}
                    </ul>
                  </td>
                  <td className="cell-action">
                    {line.id === member.id ? null : (
                      <Button
                        look="quiet"
                        busy={act.busy === line.id}
                        aria-label={`Access of ${line.displayName} is right`}
                        onClick={() => review(line.id)}
                      >
                        Access is right
                      </Button>
                    )}
                    {mayAdminister ? (
                      <Button aria-label={`Manage ${line.displayName}`} onClick={() => setManaged(line.id)}>
                        Manage
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </Table>
            {lines
              .filter(({ id }) => id === managed)
              .map((line) => (
                <ManageMember key={line.id} line={line} onClose={() => setManaged(null)} onChanged={again} />
              ))}
          </>
        )}
      </Answer>
      {adding ? <NewMember onClose={() => setAdding(false)} onMade={again} /> : null}
    </Panel>
  );
}
