import type { OutputOf } from '../../../main/api/contract.ts';
import { useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Panel } from '../../components/panel.tsx';
import { clockTime, title } from '../../state/words.ts';

type Receipt = OutputOf<'records.receipts'>[number];

const STATES: Readonly<Record<Receipt['state'], string>> = {
  given: 'Agreed',
  refused: 'Refused',
  withdrawn: 'Withdrawn',
  notified: 'Told',
};

/** What the person was told and what they agreed to, in the words they were given. */
export function ConsentReceipts({
  conversationId,
  reason,
}: {
  readonly conversationId: string;
  readonly reason: string;
}) {
  const [asked] = useAsk('records.receipts', { conversationId, reason });
  return (
    <Panel title="Consent">
      <Answer of={asked}>
        {(receipts) =>
          receipts.length === 0 ? (
            <p className="muted">No receipt is kept.</p>
          ) : (
            <ul className="evidence">
              {receipts.map((receipt) => (
                <li key={receipt.id}>
                  <p>
                    <span className={receipt.state === 'given' ? 'tag tag-on' : 'tag'}>
                      {STATES[receipt.state]}
                    </span>
                    {title(receipt.purpose)}
                  </p>
                  <p>“{receipt.wording}”</p>
                  <p className="cell-note">
                    {clockTime(Date.parse(receipt.at))}, policy {receipt.policy} version {receipt.version}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}
