import { Eye, EyeOff } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { judgePassphrase } from '../state/passphrase.ts';
import { IconButton } from './button.tsx';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly hint?: ReactNode;
  readonly problem?: string | null | undefined;
  readonly onValue: (value: string) => void;
  /** Shown inside the box at its end. */
  readonly end?: ReactNode;
}

/** A labelled input; its problem takes the place of its hint, so that nothing below moves. */
export function Field({ label, value, hint, problem, onValue, end, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className="field" data-invalid={problem ? '' : undefined}>
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <input
          {...rest}
          id={id}
          value={value}
          aria-invalid={problem ? true : undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => onValue(event.target.value)}
        />
        {end}
      </div>
      <p id={`${id}-note`} className="field-note" aria-live="polite">
        {problem || hint || ' '}
      </p>
    </div>
  );
}

/** A passphrase with a way to look at it. */
export function PassphraseField(props: Omit<FieldProps, 'type' | 'end'>) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      spellCheck={false}
      autoCapitalize="off"
      {...props}
      type={shown ? 'text' : 'password'}
      end={
        <IconButton
          icon={shown ? EyeOff : Eye}
          label={shown ? 'Hide passphrase' : 'Show passphrase'}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}

const GRADES = ['', 'Too short', 'Weak', 'Fair', 'Strong'] as const;

/** How good a new passphrase is, in four steps and in words. */
export function Strength({ value, known }: { readonly value: string; readonly known: readonly string[] }) {
  const { grade, advice } = judgePassphrase(value, known);
  return (
    <div className="strength" data-grade={grade}>
      <div className="strength-steps" aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
      </div>
      <p role="status">
        {grade === 0 || grade === 4 ? null : <strong>{GRADES[grade]}. </strong>}
        {advice}
      </p>
    </div>
  );
}
