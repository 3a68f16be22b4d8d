import { CirclePause, Play } from 'lucide-react';
import { Fragment } from 'react';
import type { InputOf, OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { riskWords, title } from '../../state/words.ts';

type Target = InputOf<'tools.stop'>['target'];
type Stops = OutputOf<'tools.list'>['stops'];

/** One tool, or all of a kind: stopped while conversations go on. */
export function ToolStops({ mayAct }: { readonly mayAct: boolean }) {
  const appliance = useAppliance();
  const act = useAct();
  const [listed, again] = useAsk('tools.list', {});
  const change = (call: 'tools.stop' | 'tools.allow', target: Target) =>
    void act.run(keyOf(target), () => appliance.call(call, { target })).then((ok) => ok && again());
  const button = (stops: Stops, target: Target, name: string) => {
    if (!mayAct) return null;
    const stopped = stops.some((one) => keyOf(one.target) === keyOf(target));
    return (
      <Button
        look={stopped ? 'plain' : 'danger'}
        icon={stopped ? Play : CirclePause}
        busy={act.busy === keyOf(target)}
        aria-label={`${stopped ? 'Allow' : 'Stop'} ${name}`}
        onClick={() => change(stopped ? 'tools.allow' : 'tools.stop', target)}
      >
        {stopped ? 'Allow' : 'Stop'}
      </Button>
    );
  };
  return (
    <Panel title="Tools" note="A stopped tool is refused at once, also where a person has already said yes.">
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      <Answer of={listed}>
        {({ tools, stops }) => (
          <Table label="Tools and kinds of tools" heads={['Kind and tool', 'State', ...(mayAct ? [''] : [])]}>
            {[...new Set(tools.map(({ risk }) => risk))].map((risk) => (
              <Fragment key={risk}>
                <tr>
                  <th scope="row">{riskWords(risk)}</th>
                  <td>{stateOf(stops, null, risk)}</td>
                  {mayAct ? (
                    <td className="cell-action">
                      {button(
                        stops,
                        { scope: 'risk', name: risk },
                        `every tool of the kind: ${riskWords(risk)}`,
                      )}
                    </td>
                  ) : null}
                </tr>
                {tools
                  .filter((tool) => tool.risk === risk)
                  .map(({ name }) => (
                    <tr key={name}>
                      <th scope="row" className="tool-of-kind">
                        {title(name)}
                      </th>
                      <td>{stateOf(stops, name, risk)}</td>
                      {mayAct ? (
                        <td className="cell-action">{button(stops, { scope: 'tool', name }, title(name))}</td>
                      ) : null}
                    </tr>
                  ))}
              </Fragment>
            ))}
          </Table>
        )}
      </Answer>
    </Panel>
  );
}

function stateOf(stops: Stops, tool: string | null, risk: string) {
  const hit = stops.find(
    ({ target }) =>
      target.scope === 'all' ||
      (target.scope === 'risk' && target.name === risk) ||
      (target.scope === 'tool' && target.name === tool),
  );
  if (hit === undefined) return 'Allowed';
  const own = hit.target.scope === 'tool' || (tool === null && hit.target.scope === 'risk');
  return <span className="tag tag-fail">{own ? 'Stopped' : 'Stopped with its kind'}</span>;
}

function keyOf(target: Target): string {
  return target.scope === 'all' ? 'all' : `${target.scope}:${target.name}`;
}
