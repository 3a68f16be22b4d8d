import { Check, X } from 'lucide-react';
import { useAppliance } from '../../api/use-appliance.ts';
import { useList } from '../../api/use-list.ts';
import { ListPanel } from '../../components/asked-panel.tsx';
import { Button } from '../../components/button.tsx';
import { shortTime, title } from '../../state/words.ts';

const FOUND = [
  { happened: true, says: 'It was done', icon: Check },
  { happened: false, says: 'It was not', icon: X },
] as const;

/** Calls of which nobody can say whether they were carried out, until somebody looks where they went. */
export function Unresolved({ mayAct }: { readonly mayAct: boolean }) {
  const appliance = useAppliance();
  const { asked, act, run } = useList('tools.unresolved', {});
  return (
    <ListPanel
      title="Not confirmed"
      note="Calls that went out without an answer. Look in the system behind the tool, then say here what you found."
      of={asked}
      act={act}
      none="None. Every call that went out has its answer."
      label="Calls that are not confirmed"
      heads={['Tool', 'Sent', 'Conversation']}
      mayAct={mayAct}
      row={({ proposalId, tool, calledAt, conversationId }) => (
        <tr key={proposalId}>
          <th scope="row">{title(tool)}</th>
          <td>{shortTime(calledAt)}</td>
          <td>
            <code className="cell-id">{conversationId}</code>
          </td>
          {mayAct ? (
            <td className="cell-action">
              {FOUND.map(({ happened, says, icon }) => (
                <Button
                  key={says}
                  icon={icon}
                  busy={act.busy === proposalId}
                  onClick={() =>
                    run(proposalId, () => appliance.call('tools.resolve', { proposalId, happened }))
                  }
                >
                  {says}
                </Button>
              ))}
            </td>
          ) : null}
        </tr>
      )}
    />
  );
}
