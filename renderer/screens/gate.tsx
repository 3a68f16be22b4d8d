import type { ReactNode } from 'react';
import type { Status } from '../../main/api/contract.ts';
import { Wordmark } from '../components/mark.tsx';
import { ThemeSwitch } from '../components/theme.tsx';

interface Props {
  readonly status: Status;
  readonly title: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
}

/** The frame of the two screens before the Desk: unlock and sign-in. */
export function Gate({ status, title, lead, children }: Props) {
  return (
    <div className="gate">
      <header className="gate-head">
        <Wordmark />
        <ThemeSwitch />
      </header>
      <main className="gate-main">
        <div className="gate-card">
          {status.siteName === null ? null : <p className="eyebrow">{status.siteName}</p>}
          <h1>{title}</h1>
          <p className="lead">{lead}</p>
          {children}
        </div>
      </main>
      <footer className="gate-foot">
        <p>Sotto {status.version}. Everything stays on this appliance; it uses no network beyond it.</p>
      </footer>
    </div>
  );
}
