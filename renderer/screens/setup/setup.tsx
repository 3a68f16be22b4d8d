import { Check, ShieldCheck } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { OutputOf, Status, WireError } from '../../../main/api/contract.ts';
import { wireErrorOf } from '../../api/appliance.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Wordmark } from '../../components/mark.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { ThemeSwitch } from '../../components/theme.tsx';
import { title } from '../../state/words.ts';
import { type Draft, emptyDraft, type Problems, problemsOf, STEP_NAMES, STEPS, setupInput } from './draft.ts';
import { SoundStep } from './sound-step.tsx';
import { StepFrame } from './step-frame.tsx';
import { Administrator, Checks, EncryptionKey, SiteAndDesk, type StepProps } from './steps.tsx';

interface Props {
  readonly status: Status;
  readonly onDone: () => void;
}

/** First run: from an empty machine to an encrypted vault, an administrator, a desk and sound that works. */
export function Setup({ status, onDone }: Props) {
  const appliance = useAppliance();
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(status.keychain.available));
  const [at, setAt] = useState(0);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const [session, setSession] = useState<OutputOf<'setup.complete'> | null>(null);
  const step = STEPS[at] ?? 'welcome';
  const found = problemsOf(step, draft);
  const problems: Problems = tried ? found : {};

  const go = (to: number) => {
    setAt(to);
    setTried(false);
    setError(null);
  };
  const next = () => {
    if (Object.keys(found).length === 0) return go(at + 1);
    setTried(true);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid]')?.focus());
  };
  const finish = async () => {
    setBusy(true);
    setError(null);
    try {
      setSession(await appliance.call('setup.complete', setupInput(draft)));
      setDraft(emptyDraft(status.keychain.available));
    } catch (problem) {
      setError(wireErrorOf(problem));
    }
    setBusy(false);
  };
  const open = async () => {
    if (session === null) return;
    appliance.signedIn(session);
    await appliance.refresh().catch(() => {});
    onDone();
  };

  const props: StepProps = {
    draft,
    change: (change) => setDraft((before) => ({ ...before, ...change })),
    problems,
    status,
  };
  const back = at === 0 ? undefined : () => go(at - 1);
  const frames: Readonly<Record<(typeof STEPS)[number], ReactNode>> = {
    welcome: (
      <StepFrame
        key="welcome"
        title="Welcome to Sotto"
        lead="A voice agent that never leaves the desk. Set-up takes about five minutes and needs no network. First, what this machine can do."
        onNext={next}
      >
        <Checks />
      </StepFrame>
    ),
    desk: (
      <StepFrame
        key="desk"
        title="Site and desk"
        lead="Where this appliance stands, and what its agent does there."
        onBack={back}
        onNext={next}
      >
        <SiteAndDesk {...props} />
      </StepFrame>
    ),
    admin: (
      <StepFrame
        key="admin"
        title="First administrator"
        lead="You add the others later, and each person signs in as themselves."
        onBack={back}
        onNext={next}
      >
        <Administrator {...props} />
      </StepFrame>
    ),
    key: (
      <StepFrame
        key="key"
        title="Where the key is kept"
        lead="All records are encrypted on this machine. Choose what keeps the key that opens them."
        onBack={back}
        onNext={next}
      >
        <EncryptionKey {...props} />
      </StepFrame>
    ),
    sound: (
      <StepFrame
        key="sound"
        title="Sound check"
        lead="Check that the appliance hears you and that you hear it. Nothing of it is kept."
        onBack={back}
        onNext={next}
        also={
          draft.soundHeard === 'yes' ? null : (
            <Button
              look="quiet"
              onClick={() => {
                setDraft((before) => ({ ...before, soundHeard: 'skipped' }));
                go(at + 1);
              }}
            >
              Skip for now
            </Button>
          )
        }
      >
        <SoundStep {...props} />
      </StepFrame>
    ),
    finish: (
      <StepFrame
        key="finish"
        title="Ready to finish"
        lead="Sotto now makes the encrypted vault and the first administrator. Until here nothing that you entered was written."
        onBack={back}
        onNext={() => void finish()}
        next={busy ? 'Setting up…' : 'Finish set-up'}
        busy={busy}
      >
        <Summary draft={draft} />
        {error === null ? null : <ErrorMessage error={error} />}
      </StepFrame>
    ),
  };
  return (
    <div className="setup">
      <aside className="setup-rail">
        <Wordmark />
        <Progress at={session === null ? at : STEPS.length} />
        <p className="setup-promise">
          <ShieldCheck aria-hidden="true" size={18} strokeWidth={1.7} />
          Nothing you enter leaves this appliance.
        </p>
      </aside>
      <main className="setup-main">
        <div className="setup-theme">
          <ThemeSwitch />
        </div>
        {session === null ? (
          frames[step]
        ) : (
          <Done name={session.member.displayName} onOpen={() => void open()} />
        )}
      </main>
    </div>
  );
}

function Progress({ at }: { readonly at: number }) {
  return (
    <nav aria-label="Set-up steps">
      <p className="setup-count">
        {at < STEPS.length ? `Step ${at + 1} of ${STEPS.length}` : 'All steps done'}
      </p>
      <ol className="progress">
        {STEPS.map((one, index) => (
          <li
            key={one}
            data-state={index < at ? 'done' : index === at ? 'now' : 'later'}
            aria-current={index === at ? 'step' : undefined}
          >
            <i aria-hidden="true">{index < at ? <Check size={14} strokeWidth={3} /> : index + 1}</i>
            {STEP_NAMES[one]}
            {index < at ? <span className="hidden-text">, done</span> : null}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Summary({ draft }: { readonly draft: Draft }) {
  return (
    <dl className="summary">
      <div>
        <dt>Site</dt>
        <dd>{draft.siteName}</dd>
      </div>
      <div>
        <dt>Desk pack</dt>
        <dd>{title(draft.deskId ?? '')}</dd>
      </div>
      <div>
        <dt>Administrator</dt>
        <dd>
          {draft.displayName} <span className="muted">({draft.username})</span>
        </dd>
      </div>
      <div>
        <dt>Key</dt>
        <dd>
          {draft.key === 'keychain' ? 'In the keychain of this machine' : 'Under a passphrase of its own'}
        </dd>
      </div>
      <div>
        <dt>Sound</dt>
        <dd>{draft.soundHeard === 'yes' ? 'Checked' : 'Not checked; you can do it at the desk'}</dd>
      </div>
    </dl>
  );
}

function Done({ name, onOpen }: { readonly name: string; readonly onOpen: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="step">
      <div className="step-body done">
        <span className="done-mark" aria-hidden="true">
          <Check size={30} strokeWidth={2} />
        </span>
        <h1 ref={heading} tabIndex={-1}>
          Everything is ready
        </h1>
        <p className="lead">
          The vault is made and encrypted, and you are signed in as {name}. The log has its first entries.
        </p>
        <Button look="primary" large onClick={onOpen}>
          Open the desk
        </Button>
      </div>
    </div>
  );
}
