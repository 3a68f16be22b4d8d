import { RefreshCw, Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Member, OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { useNames } from '../../api/use-names.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { carrierWords, duration, endWords, shortTime } from '../../state/words.ts';
import { LEAST_REASON, LookDialog } from './look-dialog.tsx';
import { Reading } from './reading.tsx';

type Row = OutputOf<'records.list'>[number];
type Hits = OutputOf<'records.search'>;

/** Conversations that were kept: listed without their content, searched and read by whoever says why. */
export function Records({ member }: { readonly member: Member }) {
  const [asking, setAsking] = useState<Row | null>(null);
  const [reading, setReading] = useState<{ readonly id: string; readonly reason: string } | null>(null);
  if (reading !== null) {
    const { id, reason } = reading;
    return <Reading conversationId={id} reason={reason} member={member} onBack={() => setReading(null)} />;
  }
  return (
    <main className="admin">
      <Searched onOpen={(row, reason) => setReading({ id: row.id, reason })} />
      <Listed ownOnly={member.roles.every((role) => role === 'staff')} onOpen={setAsking} />
      {asking === null ? null : (
        <LookDialog
          title={`Read the conversation of ${shortTime(asking.startedAt)}`}
          action="Read it"
          onClose={() => setAsking(null)}
          onReason={(reason) => {
            setAsking(null);
            setReading({ id: asking.id, reason });
          }}
        />
      )}
    </main>
  );
}

function Listed({ ownOnly, onOpen }: { readonly ownOnly: boolean; readonly onOpen: (row: Row) => void }) {
  const [before, setBefore] = useState<number | null>(null);
  const [listed, again] = useAsk('records.list', { limit: 100, before });
  const nameOf = useNames();
  return (
    <Panel
      title="Conversations"
      note={`${ownOnly ? 'Those that you held. ' : ''}What was said is not shown here. Each look, this list too, is in the audit log.`}
      actions={
        <>
          {before === null ? null : <Button onClick={() => setBefore(null)}>Latest</Button>}
          <Button icon={RefreshCw} onClick={again}>
            Refresh
          </Button>
        </>
      }
    >
      <Answer of={listed}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="muted">No conversation has been held yet.</p>
          ) : (
            <>
              <Table
                label="List of conversations"
                heads={['Started', 'Desk', 'Held by', 'How', 'Turns', 'Length', 'Ended']}
                numbers={[4, 5]}
              >
                {rows.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <button type="button" className="link" onClick={() => onOpen(row)}>
                        {shortTime(row.startedAt)}
                      </button>
                    </td>
                    <td>{row.deskId}</td>
                    <td>{nameOf(row.memberId)}</td>
                    <td>{carrierWords(row.carrier)}</td>
                    <td className="number">{row.turns}</td>
                    <td className="number">
                      {row.endedAt === null ? '' : duration(row.endedAt - row.startedAt)}
                    </td>
                    <td>{row.endedAt === null ? 'under way' : endWords(row.endReason ?? 'ended')}</td>
                  </tr>
                ))}
              </Table>
              {rows.length < 100 ? null : (
                <Button look="quiet" onClick={() => setBefore(rows.at(-1)?.startedAt ?? null)}>
                  Earlier ones
                </Button>
              )}
            </>
          )
        }
      </Answer>
    </Panel>
  );
}

/** Looks for words in what was said. The log keeps that it was done and why, and of the words only a keyed hash. */
function Searched({ onOpen }: { readonly onOpen: (row: Row, reason: string) => void }) {
  const appliance = useAppliance();
  const act = useAct();
  const [words, setWords] = useState('');
  const [reason, setReason] = useState('');
  const [found, setFound] = useState<{ readonly hits: Hits; readonly reason: string } | null>(null);
  const ready = words.trim() !== '' && reason.trim().length >= LEAST_REASON;
  const search = (event: FormEvent) => {
    event.preventDefault();
    if (ready)
      void act.run('search', async () =>
        setFound({ hits: await appliance.call('records.search', { words, reason }), reason }),
      );
  };
  return (
    <Panel
      level={1}
      title="Search what was said"
      note="All of the words must occur in one turn; other forms of them count."
    >
      <form className="form-row" onSubmit={search}>
        <Field label="Words" value={words} onValue={setWords} autoComplete="off" />
        <Field
          label="Why you look"
          value={reason}
          onValue={setReason}
          hint="Stands in the log with your name."
          maxLength={200}
        />
        <Button type="submit" look="primary" icon={Search} disabled={!ready} busy={act.busy !== null}>
          Search
        </Button>
      </form>
      <div role="status" className="stack">
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        {found === null ? null : found.hits.length === 0 ? (
          <p className="muted">Nothing that is kept has these words.</p>
        ) : (
          <ul className="hits">
            {found.hits.map(({ conversation, turn }) => (
              <li key={`${conversation.id}-${turn.turn}-${turn.speaker}-${turn.at}`}>
                <button type="button" className="link" onClick={() => onOpen(conversation, found.reason)}>
                  {shortTime(turn.at)}
                </button>
                <span className="muted">{turn.speaker === 'person' ? 'Person' : 'Agent'}</span>
                <p>{turn.text}</p>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
