import { LogOut, MessageCircle, ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { Member, Role, Status } from '../../main/api/contract.ts';
import { useAppliance, useApplianceView } from '../api/use-appliance.ts';
import { IconButton } from '../components/button.tsx';
import { Wordmark } from '../components/mark.tsx';
import { ThemeSwitch } from '../components/theme.tsx';
import { Desk } from './desk/desk.tsx';
import { Disclosure } from './desk/disclosure.tsx';
import { Records } from './records/records.tsx';

const DESK_ROLES: readonly Role[] = ['staff', 'supervisor', 'admin'];
const RECORD_ROLES: readonly Role[] = ['supervisor', 'admin', 'privacy', 'auditor'];

type Place = 'desk' | 'records';

/** The frame of a signed-in member: where they are, where they may go, and the disclosure, always in sight. */
export function Home({ status, member }: { readonly status: Status; readonly member: Member }) {
  const may = (roles: readonly Role[]) => member.roles.some((role) => roles.includes(role));
  const places: readonly Place[] = [
    ...(may(DESK_ROLES) ? (['desk'] as const) : []),
    ...(may(RECORD_ROLES) ? (['records'] as const) : []),
  ];
  const [place, setPlace] = useState<Place>(places[0] ?? 'desk');
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
            <PlaceButton
              here={place === 'desk'}
              onGo={() => setPlace('desk')}
              icon={MessageCircle}
              name="Desk"
            />
            <PlaceButton
              here={place === 'records'}
              onGo={() => setPlace('records')}
              icon={ScrollText}
              name="Records & log"
            />
          </nav>
        )}
        <div className="bar-end">
          <p className="bar-link" data-link={link}>
            <i aria-hidden="true" />
            {link === 'open' ? 'Connected to the appliance' : 'Reconnecting…'}
          </p>
          <p className="bar-member">{member.displayName}</p>
          <ThemeSwitch />
          <IconButton icon={LogOut} label="Sign out" onClick={() => void appliance.signOut()} />
        </div>
      </header>
      {status.desk === null ? null : <Disclosure desk={status.desk} />}
      {/* The Desk stays alive behind the records: a conversation is not ended by looking something up. */}
      <div className="place" hidden={place !== 'desk'}>
        {places.includes('desk') && status.desk !== null ? (
          <Desk desk={status.desk} active={place === 'desk'} />
        ) : null}
      </div>
      {place === 'records' ? <Records member={member} /> : null}
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
