import { Check, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { InputOf } from '../../../main/api/contract.ts';
import { Button } from '../../components/button.tsx';
import type { Proposal } from '../../state/conversation.ts';
import { riskWords, title } from '../../state/words.ts';
import { StepUp } from './step-up.tsx';

interface Props {
  readonly proposal: Proposal;
  readonly onDecide: (decision: 'approve' | 'refuse') => void;
  readonly onProof: (proof: InputOf<'conversation.stepUp'>['proof']) => Promise<void>;
}

/**
 * What is about to be done. The card takes the focus, not its button: Enter or Space pressed a moment too late must
 * not approve anything. Someone who is typing keeps the focus where it is.
 */
export function ProposalCard({ proposal, onDecide, onProof }: Props) {
  const card = useRef<HTMLElement>(null);
  const { proposalId, decided, stepUp } = proposal;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each proposal
  useEffect(() => {
    const typing = document.activeElement instanceof HTMLInputElement && document.activeElement.value !== '';
    if (!typing) card.current?.focus({ preventScroll: true });
  }, [proposalId]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
      if (event.code !== 'KeyY' && event.code !== 'KeyN') return;
      event.preventDefault();
      if (event.code === 'KeyN') onDecide('refuse');
      else if (stepUp === 'none') onDecide('approve');
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [onDecide, stepUp]);
  return (
    <section
      ref={card}
      className="proposal"
      data-risk={proposal.risk}
      tabIndex={-1}
      aria-labelledby="proposal-title"
      aria-describedby="proposal-text"
      data-testid="proposal"
    >
      <header>
        <h2 id="proposal-title">About to do: {title(proposal.tool).toLowerCase()}</h2>
        <span className="badge" data-risk={proposal.risk}>
          {riskWords(proposal.risk)}
        </span>
      </header>
      <p id="proposal-text" className="proposal-text">
        {proposal.text}
      </p>
      <p className="muted">
        {stepUp !== 'none'
          ? 'This one takes a further check before it can be approved.'
          : proposal.needs === 'screen'
            ? 'This one is decided here, on the screen.'
            : 'Or say “yes” or “no”.'}
      </p>
      {stepUp === 'none' ? null : <StepUp key={proposalId} kind={stepUp} onProof={onProof} />}
      <div className="proposal-actions">
        <Button
          look="primary"
          icon={Check}
          busy={decided !== null}
          disabled={stepUp !== 'none'}
          aria-keyshortcuts="Alt+Y"
          onClick={() => onDecide('approve')}
        >
          {decided === 'approve' ? 'Approving…' : 'Approve'}{' '}
          <span className="key" aria-hidden="true">
            Alt Y
          </span>
        </Button>
        <Button icon={X} busy={decided !== null} aria-keyshortcuts="Alt+N" onClick={() => onDecide('refuse')}>
          {decided === 'refuse' ? 'Refusing…' : 'Refuse'}{' '}
          <span className="key" aria-hidden="true">
            Alt N
          </span>
        </Button>
      </div>
    </section>
  );
}
