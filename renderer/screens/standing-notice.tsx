import { OctagonX } from 'lucide-react';
import { useEffect } from 'react';
import { useAsk } from '../api/use-appliance.ts';
import { targetWords } from './security/stop-dialog.tsx';

const LOOK_EVERY_MS = 5_000;

/** Says in every place that something stands still, and what it takes to go on. */
export function StandingNotice({ round }: { readonly round: number }) {
  const [asked, again] = useAsk('standstill.list', {});
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew as time goes on and after each press
  useEffect(() => {
    if (round > 0) again();
    const timer = setInterval(again, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [round]);
  const standing = asked.state === 'answered' ? asked.value : [];
  return (
    <div role="status">
      {standing.length === 0 ? null : (
        <p className="standing">
          <OctagonX aria-hidden="true" size={18} strokeWidth={1.8} />
          <span>
            <strong>Stopped: {standing.map(({ target }) => targetWords(target)).join(', ')}.</strong> It
            stands still until two supervisors or administrators lift it, under Security.
          </span>
        </p>
      )}
    </div>
  );
}
