import { KeyRound, UserCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { InputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { Button } from '../../components/button.tsx';
import { Field, PassphraseField } from '../../components/field.tsx';
import { ErrorMessage } from '../../components/message.tsx';

type Proof = InputOf<'conversation.stepUp'>['proof'];

interface Props {
  readonly kind: 'code' | 'secondPerson';
  readonly onProof: (proof: Proof) => Promise<void>;
}

/** The further check on a proposal. What is typed here goes to the gateway alone: not into the record, nor the log. */
export function StepUp({ kind, onProof }: Props) {
  return kind === 'code' ? <CodeEntry onProof={onProof} /> : <SecondPerson onProof={onProof} />;
}

function CodeEntry({ onProof }: Pick<Props, 'onProof'>) {
  const act = useAct();
  const [code, setCode] = useState('');
  const digits = code.replaceAll(/\s/g, '');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (digits.length === 6)
      void act.run('code', () => onProof({ kind: 'code', code: digits })).then(() => setCode(''));
  };
  return (
    <form className="step-up" onSubmit={send} aria-label="One-time code">
      <Field
        label="Your one-time code"
        value={code}
        onValue={setCode}
        hint="Six digits, from the app on your telephone."
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={8}
      />
      <Button type="submit" icon={KeyRound} disabled={digits.length !== 6} busy={act.busy !== null}>
        Check the code
      </Button>
      {act.error === null ? null : <ErrorMessage error={act.error} />}
    </form>
  );
}

function SecondPerson({ onProof }: Pick<Props, 'onProof'>) {
  const act = useAct();
  const [username, setUsername] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const ready = username.trim() !== '' && passphrase !== '';
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const proof = { kind: 'secondPerson', username: username.trim(), passphrase } as const;
    void act.run('person', () => onProof(proof)).then(() => setPassphrase(''));
  };
  return (
    <form className="step-up" onSubmit={send} aria-label="Second person">
      <p className="step-up-note">
        A second person looks at this and signs for it here. You stay signed in; they are signed out again at
        once.
      </p>
      <div className="pair">
        <Field
          label="Second person’s user name"
          value={username}
          onValue={setUsername}
          autoComplete="off"
          spellCheck={false}
        />
        <PassphraseField
          label="Second person’s passphrase"
          value={passphrase}
          onValue={setPassphrase}
          autoComplete="off"
        />
      </div>
      <Button type="submit" icon={UserCheck} disabled={!ready} busy={act.busy !== null}>
        Sign for it
      </Button>
      {act.error === null ? null : <ErrorMessage error={act.error} />}
    </form>
  );
}
