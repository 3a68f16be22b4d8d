import type { InputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { shortTime, title } from '../../state/words.ts';

type Kind = InputOf<'packs.unchoose'>['kind'];

/** Which model packs there are and which serve; where none does, the built-in engine. */
export function Packs({ mayAct }: { readonly mayAct: boolean }) {
  const appliance = useAppliance();
  const act = useAct();
  const [asked, again] = useAsk('packs.list', {});
  const run = (id: string, work: () => Promise<unknown>) =>
    void act.run(id, work).then((ok) => ok && again());
  return (
    <Panel
      title="Model packs"
      note="A choice counts from the next start on. Packs are installed from a signed file: sotto pack."
    >
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <Answer of={asked}>
        {(packs) =>
          packs.length === 0 ? (
            <p className="muted">None is installed. The built-in engines hear, understand and speak.</p>
          ) : (
            <Table
              label="List of model packs"
              heads={['Pack', 'Kind', 'Installed', 'State', ...(mayAct ? [''] : [])]}
            >
              {packs.map(({ id, name, version, kind, installedAt, chosen }) => (
                <tr key={id}>
                  <th scope="row">
                    {name}
                    <span className="cell-note">
                      {id} {version}
                    </span>
                  </th>
                  <td>{title(kind)}</td>
                  <td>{shortTime(installedAt)}</td>
                  <td>{chosen ? <span className="tag tag-on">Chosen</span> : 'Not in use'}</td>
                  {mayAct ? (
                    <td className="cell-action">
                      <Button
                        aria-label={chosen ? `Do not use ${name}` : `Use ${name}`}
                        busy={act.busy === id}
                        onClick={() =>
                          run(id, () =>
                            chosen
                              ? appliance.call('packs.unchoose', { kind: kind as Kind })
                              : appliance.call('packs.choose', { id }),
                          )
                        }
                      >
                        {chosen ? 'Do not use' : 'Use'}
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
