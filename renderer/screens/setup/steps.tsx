import { Check, CircleCheck, CircleX, KeyRound, LockKeyhole, RefreshCw, TriangleAlert } from 'lucide-react';
import type { Check as CheckResult, DeskSummary, Status } from '../../../main/api/contract.ts';
import { useAsk } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Field, PassphraseField, Strength } from '../../components/field.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { type Draft, type Problems, suggestUsername } from './draft.ts';

export interface StepProps {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
  /** Empty until the person tried to go on. */
  readonly problems: Problems;
  readonly status: Status;
}

const CHECK_ICON = { ok: CircleCheck, warn: TriangleAlert, fail: CircleX } as const;
const CHECK_WORD = { ok: 'Works', warn: 'Works with limits', fail: 'Does not work' } as const;

export function Checks() {
  const [checks, again] = useAsk('setup.checks', {});
  return (
    <section className="checks" aria-label="Checks" aria-busy={checks.state === 'asking'}>
      {checks.state === 'failed' ? <ErrorMessage error={checks.error} /> : null}
      {checks.state === 'asking' ? <p className="muted">Checking this machine…</p> : null}
      {checks.state === 'answered' ? (
        <ul>
          {checks.value.map((check) => (
            <CheckRow key={check.id} check={check} />
          ))}
        </ul>
      ) : null}
      <Button icon={RefreshCw} look="quiet" onClick={again}>
        Check again
      </Button>
    </section>
  );
}

function CheckRow({ check }: { readonly check: CheckResult }) {
  const Icon = CHECK_ICON[check.state];
  return (
    <li className="check" data-state={check.state}>
      <Icon aria-hidden="true" size={20} strokeWidth={1.8} />
      <div>
        <p className="check-name">
          {check.name} <span>{CHECK_WORD[check.state]}</span>
        </p>
        <p>{check.message}</p>
        {check.remedy === null ? null : <p className="check-remedy">{check.remedy}</p>}
      </div>
    </li>
  );
}

export function SiteAndDesk({ draft, change, problems }: StepProps) {
  const [desks] = useAsk('setup.desks', {});
  return (
    <>
      <Field
        label="Site name"
        value={draft.siteName}
        onValue={(siteName) => change({ siteName })}
        hint="As people know it: “Harbor Street Branch”."
        problem={problems.siteName}
        maxLength={120}
        autoComplete="off"
      />
      <fieldset className="choices">
        <legend>Desk pack</legend>
        <p className="field-note" role={problems.deskId ? 'alert' : undefined} data-problem={problems.deskId}>
          {problems.deskId ?? 'What the agent can do here. It can be changed and extended later.'}
        </p>
        {desks.state === 'asking' ? <p className="muted">Reading the desk packs…</p> : null}
        {desks.state === 'failed' ? <ErrorMessage error={desks.error} /> : null}
        {desks.state === 'answered' && desks.value.length === 0 ? (
          <Message tone="fail" title="No desk pack was found.">
            Put one into the folder of desks and come back to this page.
          </Message>
        ) : null}
        <div className="desk-cards">
          {desks.state === 'answered'
            ? desks.value.map((desk) => (
                <DeskCard
                  key={desk.id}
                  desk={desk}
                  chosen={draft.deskId === desk.id}
                  onChoose={() => change({ deskId: desk.id })}
                />
              ))
            : null}
        </div>
      </fieldset>
    </>
  );
}

interface DeskCardProps {
  readonly desk: DeskSummary;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function DeskCard({ desk, chosen, onChoose }: DeskCardProps) {
  return (
    <label className="choice desk-card">
      <input type="radio" name="desk" checked={chosen} onChange={onChoose} />
      <span className="choice-mark" aria-hidden="true">
        <Check size={14} strokeWidth={3} />
      </span>
      <span className="choice-title">{desk.name}</span>
      <span className="choice-note">
        {desk.agentName}, hands over to {desk.handOffTo}. Version {desk.version}
      </span>
      <span className="desk-abilities">
        {desk.abilities.map((ability) => (
          <span key={ability}>{ability}</span>
        ))}
      </span>
    </label>
  );
}

export function Administrator({ draft, change, problems }: StepProps) {
  const rename = (displayName: string) => {
    const follows = draft.username === suggestUsername(draft.displayName);
    change({ displayName, ...(follows ? { username: suggestUsername(displayName) } : {}) });
  };
  return (
    <>
      <div className="pair">
        <Field
          label="Your name"
          value={draft.displayName}
          onValue={rename}
          hint="Shown in the window and in the log."
          problem={problems.displayName}
          maxLength={80}
          autoComplete="name"
        />
        <Field
          label="User name"
          value={draft.username}
          onValue={(username) => change({ username: username.toLowerCase() })}
          hint="To sign in with."
          problem={problems.username}
          maxLength={32}
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
        />
      </div>
      <div className="pair">
        <PassphraseField
          label="Passphrase"
          value={draft.passphrase}
          onValue={(passphrase) => change({ passphrase })}
          problem={problems.passphrase}
          hint="You sign in with it. Nobody can read it back."
          maxLength={256}
          autoComplete="new-password"
        />
        <PassphraseField
          label="Passphrase again"
          value={draft.repeated}
          onValue={(repeated) => change({ repeated })}
          problem={problems.repeated}
          maxLength={256}
          autoComplete="new-password"
        />
      </div>
      <Strength value={draft.passphrase} known={[draft.siteName, draft.username, draft.displayName]} />
    </>
  );
}

export function EncryptionKey({ draft, change, problems, status }: StepProps) {
  const { keychain } = status;
  return (
    <>
      {keychain.available ? null : (
        <Message tone="warn" title="This machine offers no keychain to Sotto.">
          So the key is kept under a passphrase. Sotto does not choose this for you in silence: read what it
          means below, or have IT provide a keychain and start again.
        </Message>
      )}
      <fieldset className="choices">
        <legend className="hidden-text">Where the key is kept</legend>
        <label className="choice" data-disabled={!keychain.available || undefined}>
          <input
            type="radio"
            name="key"
            checked={draft.key === 'keychain'}
            disabled={!keychain.available}
            onChange={() => change({ key: 'keychain' })}
          />
          <span className="choice-mark" aria-hidden="true">
            <Check size={14} strokeWidth={3} />
          </span>
          <span className="choice-title">
            <KeyRound aria-hidden="true" size={18} strokeWidth={1.8} />
            In the keychain of this machine
          </span>
          <span className="choice-note">
            {keychain.available
              ? `${keychain.label}. Sotto starts by itself once the user of this machine has signed in.`
              : 'Not available here.'}
          </span>
        </label>
        <label className="choice">
          <input
            type="radio"
            name="key"
            checked={draft.key === 'passphrase'}
            onChange={() => change({ key: 'passphrase' })}
          />
          <span className="choice-mark" aria-hidden="true">
            <Check size={14} strokeWidth={3} />
          </span>
          <span className="choice-title">
            <LockKeyhole aria-hidden="true" size={18} strokeWidth={1.8} />
            Under a passphrase of its own
          </span>
          <span className="choice-note">
            After each restart someone must enter it before the desk can be used. If it is lost, the records
            cannot be opened by anyone, and not by us either.
          </span>
        </label>
      </fieldset>
      {draft.key === 'keychain' ? null : (
        <>
          <div className="pair">
            <PassphraseField
              label="Vault passphrase"
              value={draft.vaultPassphrase}
              onValue={(vaultPassphrase) => change({ vaultPassphrase })}
              problem={problems.vaultPassphrase}
              hint="Write it down and keep it in a safe."
              maxLength={256}
              autoComplete="off"
            />
            <PassphraseField
              label="Vault passphrase again"
              value={draft.vaultRepeated}
              onValue={(vaultRepeated) => change({ vaultRepeated })}
              problem={problems.vaultRepeated}
              maxLength={256}
              autoComplete="off"
            />
          </div>
          <Strength value={draft.vaultPassphrase} known={[draft.siteName, draft.username]} />
        </>
      )}
    </>
  );
}
