import { Lock, LockOpen } from 'lucide-react';
import { useState } from 'react';
import type { InputOf, OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { useNames } from '../../api/use-names.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { shortTime } from '../../state/words.ts';

type Hold = OutputOf<'hold.list'>[number];
const SCOPES = [
  ['everything', 'Everything that is kept'],
  ['subject', 'All about one subject'],
  ['conversation', 'One conversation'],
] as const;
type Scope = (typeof SCOPES)[number][0];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What must not be let go, whatever the rules say. */
export function Holds({ mayAct }: { readonly mayAct: boolean }) {
  const [listed, again] = useAsk('hold.list', {});
  const [placing, setPlacing] = useState(false);
  const [lifting, setLifting] = useState<Hold | null>(null);
  const nameOf = useNames();
  return (
    <Panel
      level={1}
      title="Legal holds"
      note="What a hold covers is neither swept nor erased until the hold is lifted."
      actions={
        mayAct ? (
          <Button look="primary" icon={Lock} onClick={() => setPlacing(true)}>
            Place a hold
          </Button>
        ) : undefined
      }
    >
      <Answer of={listed}>
        {(holds) =>
          holds.length === 0 ? (
            <p className="muted">No hold has been placed.</p>
          ) : (
            <Table
              label="List of legal holds"
              heads={['Matter', 'Covers', 'Placed', 'State', ...(mayAct ? [''] : [])]}
            >
              {holds.map((hold) => (
                <tr key={hold.id}>
                  <th scope="row">{hold.matter}</th>
                  <td>
                    {SCOPES.find(([scope]) => scope === hold.scope)?.[1]}
                    {hold.scope === 'everything' ? null : <code className="cell-id">{hold.targetId}</code>}
                  </td>
                  <td>
                    {shortTime(hold.placedAt)}, {nameOf(hold.placedBy)}
                  </td>
                  <td>
                    {hold.liftedAt === null ? (
                      <span className="tag tag-on">In force</span>
                    ) : (
                      `Lifted ${shortTime(hold.liftedAt)}, ${nameOf(hold.liftedBy)}`
                    )}
                  </td>
                  {mayAct ? (
                    <td className="cell-action">
                      {hold.liftedAt === null ? (
                        <Button icon={LockOpen} onClick={() => setLifting(hold)}>
                          Lift
                        </Button>
                      ) : null}
                    </td>
                  ) : null}
                </tr>
              ))}
            </Table>
          )
        }
      </Answer>
      {placing ? (
        <PlaceHold
          onClose={() => setPlacing(false)}
          onPlaced={() => {
            setPlacing(false);
            again();
          }}
        />
      ) : null}
      {lifting === null ? null : (
        <LiftHold
          hold={lifting}
          onClose={() => setLifting(null)}
          onLifted={() => {
            setLifting(null);
            again();
          }}
        />
      )}
    </Panel>
  );
}

function PlaceHold({ onClose, onPlaced }: { readonly onClose: () => void; readonly onPlaced: () => void }) {
  const appliance = useAppliance();
  const act = useAct();
  const [scope, setScope] = useState<Scope>('conversation');
  const [target, setTarget] = useState('');
  const [matter, setMatter] = useState('');
  const ready = matter.trim() !== '' && (scope === 'everything' || UUID.test(target));
  const place = () => {
    const hold: InputOf<'hold.place'> = {
      matter,
      target: scope === 'everything' ? { scope } : { scope, id: target },
    };
    void act.run('place', () => appliance.call('hold.place', hold)).then((ok) => ok && onPlaced());
  };
  return (
    <FormDialog
      title="Place a legal hold"
      action="Place the hold"
      icon={Lock}
      ready={ready}
      act={act}
      onClose={onClose}
      onSubmit={place}
    >
      <Field
        label="File number of the matter"
        value={matter}
        onValue={setMatter}
        hint="No names: it stands in the log."
        maxLength={60}
        autoFocus
      />
      <Select label="What it covers" value={scope} options={SCOPES} onValue={setScope} />
      {scope === 'everything' ? null : (
        <Field
          label={scope === 'subject' ? 'The subject’s id' : 'The conversation’s id'}
          value={target}
          onValue={(value) => setTarget(value.trim().toLowerCase())}
          hint="Shown beside each conversation under “About it”."
          problem={target !== '' && !UUID.test(target) ? 'An id has 36 characters, in five groups.' : null}
          spellCheck={false}
        />
      )}
    </FormDialog>
  );
}

interface LiftProps {
  readonly hold: Hold;
  readonly onClose: () => void;
  readonly onLifted: () => void;
}

function LiftHold({ hold, onClose, onLifted }: LiftProps) {
  const appliance = useAppliance();
  const act = useAct();
  const lift = () =>
    void act.run('lift', () => appliance.call('hold.lift', { id: hold.id })).then((ok) => ok && onLifted());
  return (
    <FormDialog
      title={`Lift the hold of ${hold.matter}?`}
      action="Lift it"
      icon={LockOpen}
      look="danger"
      cancel="Leave it in force"
      act={act}
      onClose={onClose}
      onSubmit={lift}
    >
      <p>What it covers and is beyond its time goes with the next sweep, and cannot be brought back.</p>
    </FormDialog>
  );
}
