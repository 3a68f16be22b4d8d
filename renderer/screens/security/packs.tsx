import type { InputOf } from '../../../main/api/contract.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { useList } from '../../api/use-list.ts';
import { ListPanel } from '../../components/asked-panel.tsx';
import { Button } from '../../components/button.tsx';
import { packKindWords, shortTime } from '../../state/words.ts';

type Kind = InputOf<'packs.unchoose'>['kind'];

/** Which model packs there are and which serve; where none does, the built-in engine. */
export function Packs({ mayAct }: { readonly mayAct: boolean }) {
  const appliance = useAppliance();
  const { asked, act, run } = useList('packs.list', {});
  return (
    <ListPanel
      title="Model packs"
      note="A choice counts from the next start on. Packs are installed from a signed file: sotto pack."
      of={asked}
      act={act}
      none="None is installed. The built-in engines hear, understand and speak."
      label="List of model packs"
      heads={['Pack', 'For', 'Installed', 'State']}
      mayAct={mayAct}
      row={({ id, name, version, kind, installedAt, chosen }) => (
        <tr key={id}>
          <th scope="row">
            {name}
            <span className="cell-note">
              {id} {version}
            </span>
          </th>
          <td>{packKindWords(kind)}</td>
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
      )}
    />
  );
}
