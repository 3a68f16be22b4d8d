import {
  LogOut,
  type LucideIcon,
  MessageCircle,
  MessagesSquare,
  OctagonX,
  ScrollText,
  Shield,
  UserLock,
} from 'lucide-react';
import { useState } from 'react';
import type { Member, Role, Status } from '../../main/api/contract.ts';
import { useAppliance, useApplianceView } from '../api/use-appliance.ts';
import { Button, IconButton } from '../components/button.tsx';
import { Wordmark } from '../components/mark.tsx';
import { ThemeSwitch } from '../components/theme.tsx';
import { Account } from './account/account.tsx';
import { AlertNotice } from './alert-notice.tsx';
import { Desk } from './desk/desk.tsx';
import { Disclosure } from './desk/disclosure.tsx';
import { Log } from './log/log.tsx';
import { Privacy } from './privacy/privacy.tsx';
import { Records } from './records/records.tsx';
import { Security } from './security/security.tsx';
import { StopDialog } from './security/stop-dialog.tsx';
import { StandingNotice } from './standing-notice.tsx';

/** Who has a place; the contract decides again at each call. */
const PLACES = [
  { place: 'desk', name: 'Desk', icon: MessageCircle, roles: ['staff', 'supervisor', 'admin'] },
  {
    place: 'records',
    name: 'Records',
    icon: MessagesSquare,
    // Staff see what they held themselves.
    roles: ['staff', 'supervisor', 'admin', 'privacy', 'auditor'],
  },
  { place: 'privacy', name: 'Privacy', icon: UserLock, roles: ['admin', 'privacy', 'auditor'] },
  { place: 'log', name: 'Audit log', icon: ScrollText, roles: ['admin', 'privacy', 'auditor'] },
  {
    place: 'security',
    name: 'Security',
    icon: Shield,
    roles: ['supervisor', 'admin', 'privacy', 'auditor'],
  },
] as const satisfies readonly { place: string; name: string; icon: LucideIcon; roles: readonly Role[] }[];
type Place = (typeof PLACES)[number]['place'];

/** The frame of a signed-in member: where they are, where they may go, and the disclosure, always in sight. */
export function Home({ status, member }: { readonly status: Status; readonly member: Member }) {
  const places = PLACES.filter(({ roles }) =>
    member.roles.some((role) => (roles as readonly Role[]).includes(role)),
  );
  const [place, setPlace] = useState<Place>(places[0]?.place ?? 'desk');
  const [stopping, setStopping] = useState(false);
  const [stops, setStops] = useState(0);
  const [account, setAccount] = useState(false);
  const mayTalk = places.some((one) => one.place === 'desk');
  const appliance = useAppliance();
  const { link } = useApplianceView();
  return (
    <div className="home">
      <header className="bar">
        <Wordmark />
        <p className="bar-site">
          {status.siteName}
          {status.desk === null || status.desk.name === status.siteName ? null : (
            <span>{status.desk.name}</span>
          )}
        </p>
        {places.length < 2 ? null : (
          <nav className="bar-places" aria-label="Places">
            {places.map(({ place: one, icon, name }) => (
              <PlaceButton
                key={one}
                here={place === one}
                onGo={() => setPlace(one)}
                icon={icon}
                name={name}
              />
            ))}
          </nav>
        )}
        <div className="bar-end">
          <p className="bar-link" data-link={link}>
            <i className="bar-dot" aria-hidden="true" />
            {link === 'open' ? 'Connected' : 'Reconnecting…'}
          </p>
          <Button look="stop" icon={OctagonX} onClick={() => setStopping(true)}>
            Stop
          </Button>
          <button type="button" className="bar-member" title="Your account" onClick={() => setAccount(true)}>
            {member.displayName}
          </button>
          <ThemeSwitch />
          <IconButton icon={LogOut} label="Sign out" onClick={() => void appliance.signOut()} />
        </div>
      </header>
      <div>
        {member.roles.every((role) => role === 'staff') ? null : <AlertNotice />}
        <StandingNotice round={stops} />
        {status.desk === null || place !== 'desk' ? null : <Disclosure desk={status.desk} />}
      </div>
      {/* The Desk stays alive behind the records: a conversation is not ended by looking something up. */}
      <div className="place" hidden={place !== 'desk'}>
        {mayTalk && status.desk !== null ? <Desk desk={status.desk} active={place === 'desk'} /> : null}
      </div>
      {place === 'records' ? <Records member={member} /> : null}
      {place === 'privacy' ? <Privacy member={member} /> : null}
      {place === 'log' ? <Log /> : null}
      {place === 'security' ? <Security status={status} member={member} /> : null}
      {stopping ? (
        <StopDialog
          deskId={status.desk?.id ?? null}
          onClose={() => setStopping(false)}
          onStopped={() => setStops(stops + 1)}
        />
      ) : null}
      {account ? <Account onClose={() => setAccount(false)} /> : null}
    </div>
  );
}

interface PlaceButtonProps {
  readonly here: boolean;
  readonly onGo: () => void;
  readonly icon: typeof LogOut;
  readonly name: string;
}

function PlaceButton({ here, onGo, icon: Icon, name }: PlaceButtonProps) {
  return (
    <button type="button" aria-current={here ? 'page' : undefined} onClick={onGo}>
      <Icon aria-hidden="true" size={17} strokeWidth={1.8} />
      {name}
    </button>
  );
}
