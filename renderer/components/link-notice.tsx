import { Unplug } from 'lucide-react';
import { useApplianceView } from '../api/use-appliance.ts';

/** Says over everything else when the connection to the appliance is lost; it floats, so that nothing moves. */
export function LinkNotice() {
  const { link } = useApplianceView();
  return (
    <div className="link-notice" role="status">
      {link === 'lost' ? (
        <p>
          <Unplug aria-hidden="true" size={18} strokeWidth={1.8} />
          <span>
            <strong>Connection lost.</strong> Reconnecting to the appliance…
          </span>
        </p>
      ) : null}
    </div>
  );
}
