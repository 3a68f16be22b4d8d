import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { OutputOf } from '../../../main/api/contract.ts';
import { useAsk } from '../../api/use-appliance.ts';
import { useNames } from '../../api/use-names.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/choice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Facts, Panel, Table } from '../../components/panel.tsx';
import { exactTime, shortTime, title } from '../../state/words.ts';

type Entry = OutputOf<'audit.entries'>['entries'][number];

const ACTIONS = [
  ['', 'Everything'],
  ['signIn.', 'Signing in'],
  ['access.', 'Refused access'],
  ['member.', 'Members'],
  ['conversation.', 'Conversations'],
  ['tool.', 'Tools'],
  ['record.', 'Looks at records'],
  ['recording.', 'Recordings'],
  ['consent.', 'Consent'],
  ['hold.', 'Legal holds'],
  ['retention.', 'Retention'],
  ['erasure.', 'Erasure'],
  ['guard.', 'Guards'],
  ['limit.', 'Limits'],
  ['standstill.', 'The stop button'],
  ['incident.', 'Incidents'],
  ['model.', 'Model packs'],
  ['vault.', 'Vault'],
  ['audit.', 'The log itself'],
  ['appliance.', 'Start and stop'],
] as const;
const OUTCOMES = [
  ['', 'Any outcome'],
  ['success', 'Done'],
  ['failure', 'Refused or failed'],
] as const;
const PER_PAGE = 50;

/** What was done, by whom, to what; the newest first. */
export function Entries() {
  const [action, setAction] = useState<(typeof ACTIONS)[number][0]>('');
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number][0]>('');
  const [before, setBefore] = useState<number | null>(null);
  const [shown, setShown] = useState<Entry | null>(null);
  const query = { before, limit: PER_PAGE, action, outcome: outcome === '' ? null : outcome } as const;
  const [page, again] = useAsk('audit.entries', query);
  const choose = (set: () => void) => {
    setBefore(null);
    set();
  };
  return (
    <Panel
      level={1}
      title="Audit log"
      note="Names of people do not stand in it; they are shown here from the list of members."
      actions={
        <Button icon={RefreshCw} onClick={() => (before === null ? again() : setBefore(null))}>
          Latest
        </Button>
      }
    >
      <div className="form-row">
        <Select label="What" value={action} options={ACTIONS} onValue={(to) => choose(() => setAction(to))} />
        <Select
          label="Outcome"
          value={outcome}
          options={OUTCOMES}
          onValue={(to) => choose(() => setOutcome(to))}
        />
      </div>
      <Answer of={page}>
        {({ entries, next }) => (
          <>
            {entries.length === 0 ? (
              <p className="muted">Nothing here fits.</p>
            ) : (
              <EntryTable entries={entries} onShow={setShown} />
            )}
            {next === null ? null : (
              <Button look="quiet" onClick={() => setBefore(next)}>
                Earlier ones
              </Button>
            )}
          </>
        )}
      </Answer>
      {shown === null ? null : <EntryDialog entry={shown} onClose={() => setShown(null)} />}
    </Panel>
  );
}

function EntryTable({
  entries,
  onShow,
}: {
  readonly entries: readonly Entry[];
  readonly onShow: (entry: Entry) => void;
}) {
  const nameOf = useNames();
  return (
    <Table label="Entries of the audit log" heads={['Entry', 'When', 'What', 'Who', 'Outcome']}>
      {entries.map((entry) => (
        <tr key={entry.seq}>
          <td>
            <button type="button" className="link" onClick={() => onShow(entry)}>
              {entry.seq}
            </button>
          </td>
          <td>{shortTime(entry.at)}</td>
          <td>{actionWords(entry.action)}</td>
          <td>{nameOf(entry.actor)}</td>
          <td>
            {entry.outcome === 'success' ? 'Done' : <span className="tag tag-fail">Refused or failed</span>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function EntryDialog({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const nameOf = useNames();
  return (
    <Dialog title={`Entry ${entry.seq}`} wide onClose={onClose}>
      <div className="stack">
        <Facts
          facts={[
            ['When', exactTime(entry.at)],
            ['What', actionWords(entry.action)],
            ['Who', nameOf(entry.actor)],
            ['To what', entry.target ?? 'nothing in particular'],
          ]}
        />
        <h3 className="side-title">As it was hashed, spaced for reading</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <pre className="note-text" tabIndex={0}>
          {JSON.stringify(JSON.parse(entry.json), null, 2)}
        </pre>
      </div>
    </Dialog>
  );
}

/** `member.lock` → "Member: lock" */
function actionWords(action: string): string {
  const [subject = '', act = ''] = action.split('.');
  return act === '' ? title(subject) : `${title(subject)}: ${title(act).toLowerCase()}`;
}
