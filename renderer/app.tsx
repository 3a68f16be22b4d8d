import { useState } from 'react';
import { useApplianceView } from './api/use-appliance.ts';
import { LinkNotice } from './components/link-notice.tsx';
import { Mark } from './components/mark.tsx';
import { MustChange } from './screens/account/must-change.tsx';
import { Home } from './screens/home.tsx';
import { Setup } from './screens/setup/setup.tsx';
import { SignIn } from './screens/sign-in/sign-in.tsx';
import { Unlock } from './screens/unlock/unlock.tsx';

/** Which screen there is to show follows from what the appliance says. */
export function App() {
  const { status, member, link, mustChange } = useApplianceView();
  // Set-up ends by a press of its own, not by the phase changing under the person's eyes.
  const [settingUp, setSettingUp] = useState(false);
  if (status === null) return <Connecting lost={link === 'lost'} />;
  if (status.phase === 'setup' && !settingUp) setSettingUp(true);
  return (
    <>
      <LinkNotice />
      {settingUp ? (
        <Setup status={status} onDone={() => setSettingUp(false)} />
      ) : status.phase === 'locked' ? (
        <Unlock status={status} />
      ) : member === null ? (
        <SignIn status={status} />
      ) : mustChange ? (
        <MustChange status={status} member={member} />
      ) : (
        <Home status={status} member={member} />
      )}
    </>
  );
}

function Connecting({ lost }: { readonly lost: boolean }) {
  return (
    <main className="waiting">
      <Mark size={48} />
      <h1>{lost ? 'Waiting for the appliance' : 'Connecting'}</h1>
      <p role="status">
        {lost
          ? 'It does not answer yet. This window keeps trying; if it stays so, check that Sotto is running.'
          : 'One moment.'}
      </p>
    </main>
  );
}
