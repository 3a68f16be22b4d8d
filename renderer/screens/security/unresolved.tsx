import { Check, X } from 'lucide-react';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { shortTime, title } from '../../state/words.ts';

/** Calls of which nobody can say whether they were carried out, until somebody looks where they went. */
export function Unresolved({ mayAct }: { readonly mayAct: boolean }) {
  const appliance = useAppliance();
  const act = useAct();
  const [listed, again] = useAsk('tools.unresolved', {});
  const resolve = (proposalId: string, happened: boolean) =>
    void act
      .run(proposalId, () => appliance.call('tools.resolve', { proposalId, happened }))
      .then((ok) => ok && again());
  return (
    <Panel
      title="Not confirmed"
      note="Calls that went out without an answer. Look in the system behind the tool, then say here what you found."
    >
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <Answer of={listed}>
        {(calls) =>
          calls.length === 0 ? (
            <p className="muted">None. Every call that went out has its answer.</p>
          ) : (
            <Table
              label="Calls that are not confirmed"
              heads={['Tool', 'Sent', 'Conversation', ...(mayAct ? [''] : [])]}
            >
              {calls.map((call) => (
                <tr key={call.proposalId}>
                  <th scope="row">{title(call.tool)}</th>
                  <td>{shortTime(call.calledAt)}</td>
                  <td>
                    <code className="cell-id">{call.conversationId}</code>
                  </td>
                  {mayAct ? (
                    <td className="cell-action">
                      <Button
                        icon={Check}
                        busy={act.busy === call.proposalId}
                        onClick={() => resolve(call.proposalId, true)}
                      >
                        It was done
                      </Button>
                      <Button
                        icon={X}
                        busy={act.busy === call.proposalId}
                        onClick={() => resolve(call.proposalId, false)}
                      >
                        It was not
                      </Button>
                    </td>
                  ) : null}
                </tr>
              ))}
            </Table>
          )
        }
      </Answer>
    </Panel>
  );
}
