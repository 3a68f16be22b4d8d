import { Siren, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { OutputOf } from '../../main/api/contract.ts';
import { useAppliance, useApplianceView } from '../api/use-appliance.ts';
import { IconButton } from '../components/button.tsx';
import { alertWords } from '../state/words.ts';

type Alert = OutputOf<'alerts.stream'>;
const MOST = 3;

/** What people should know of now, in every place of the window, until they have put it away. */
export function AlertNotice() {
  const appliance = useAppliance();
  const { link } = useApplianceView();
  const [alerts, setAlerts] = useState<readonly Alert[]>([]);
  useEffect(() => {
    if (link !== 'open') return;
    const leaving = new AbortController();
    const read = async () => {
      for await (const alert of appliance.listen('alerts.stream', {}, leaving.signal))
        setAlerts((shown) => [...shown, alert].slice(-MOST));
    };
    // The connection says itself when it is lost; then this begins anew.
    read().catch(() => {});
    return () => leaving.abort();
  }, [appliance, link]);
  return (
    <div role="alert" className="alerts">
      {alerts.map((alert) => (
        <p key={alert.id} className="alert" data-severity={alert.severity}>
          <Siren aria-hidden="true" size={18} strokeWidth={1.8} />
          <span>
            <strong>
              {alert.incident === null ? `Alert: ${alert.about}` : `Incident ${alert.incident}`}.
            </strong>{' '}
            {alertWords(alert)}. See Security, Incidents.
          </span>
          <IconButton
            icon={X}
            label="Put this alert away"
            onClick={() => setAlerts(alerts.filter(({ id }) => id !== alert.id))}
          />
        </p>
      ))}
    </div>
  );
}
