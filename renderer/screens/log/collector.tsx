import { useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Facts, Panel } from '../../components/panel.tsx';

/** Whether the site's collector has what the log has. */
export function Collector() {
  const [asked] = useAsk('audit.collector', {});
  return (
    <Panel title="Collector" note="Entries stream to the site’s own log collector, over TLS.">
      <Answer of={asked}>
        {({ collector, waiting }) =>
          collector === null ? (
            <p className="muted">
              None is set. IT sets one with <code>sotto audit collector</code>.
            </p>
          ) : (
            <Facts
              facts={[
                ['Sent to', `${collector.host}:${collector.port}`],
                ['Form', collector.format.toUpperCase()],
                ['Not yet sure to have arrived', waiting.toLocaleString('en-US')],
              ]}
            />
          )
        }
      </Answer>
    </Panel>
  );
}
