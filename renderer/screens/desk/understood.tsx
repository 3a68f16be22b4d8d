import type { DeskSummary } from '../../../main/api/contract.ts';
import type { ConversationView } from '../../state/conversation.ts';
import { slotValue, title } from '../../state/words.ts';

interface Props {
  readonly conversation: ConversationView;
  readonly desk: DeskSummary;
}

/** What the agent believes it is doing, so that a mistake is seen before it matters. */
export function Understood({ conversation, desk }: Props) {
  const { flow, slots, answeredInMs } = conversation;
  const collected = Object.entries(slots);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="side" tabIndex={0} aria-label="About this conversation">
      <section aria-labelledby="understood-title">
        <h2 id="understood-title" className="side-title">
          What I understood
        </h2>
        {flow === null ? (
          <p className="muted">Nothing yet. Once you ask for something, it shows here with its details.</p>
        ) : (
          <>
            <p className="understood-flow" data-testid="flow">
              {title(flow)}
            </p>
            {collected.length === 0 ? (
              <p className="muted">No details collected yet.</p>
            ) : (
              <dl className="slots">
                {collected.map(([name, value]) => (
                  <div key={name}>
                    <dt>{title(name)}</dt>
                    <dd>{slotValue(value)}</dd>
                  </div>
                ))}
              </dl>
            )}
            <p className="side-note">Wrong? Say “no, …” and the right one.</p>
          </>
        )}
      </section>
      <section aria-labelledby="abilities-title">
        <h2 id="abilities-title" className="side-title">
          What {desk.agentName} can do
        </h2>
        <ul className="abilities-short">
          {desk.abilities.map((ability) => (
            <li key={ability}>{ability}</li>
          ))}
          <li>hand over to {desk.handOffTo}</li>
        </ul>
      </section>
      {answeredInMs === null ? null : (
        <p className="side-foot">Last answer began after {(answeredInMs / 1000).toFixed(1)} s</p>
      )}
    </section>
  );
}
