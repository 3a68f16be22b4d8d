import { useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { title } from '../../state/words.ts';

const WATCHES: Readonly<Record<string, string>> = {
  rate: 'Too many in a time',
  concurrent: 'Too many at once',
  length: 'Too long',
  drift: 'Not about this desk',
  amount: 'A large amount',
  sum: 'Amounts that sum up',
  afterHours: 'Outside the hours',
  unusual: 'Unusual for the hour',
};

/** The rules that watch over the site, as they are in force. */
export function Limits() {
  const [asked] = useAsk('limits.list', {});
  return (
    <Panel
      title="Limits"
      note="What is watched for, and what is done about it. IT changes them on the command line."
    >
      <Answer of={asked}>
        {(rules) => (
          <Table label="List of limits" heads={['Rule', 'Watches', 'Does']}>
            {rules.map((rule) => (
              <tr key={rule.id}>
                <th scope="row">{title(rule.id)}</th>
                <td>{WATCHES[rule.kind] ?? title(rule.kind)}</td>
                <td>
                  {rule.enabled ? rule.does.map(title).join(', ') : <span className="tag">Switched off</span>}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Answer>
    </Panel>
  );
}
