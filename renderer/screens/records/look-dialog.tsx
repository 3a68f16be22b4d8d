import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';

/** As the contract asks for. */
export const LEAST_REASON = 5;

interface Props {
  readonly title: string;
  readonly action: string;
  readonly onClose: () => void;
  readonly onReason: (reason: string) => void;
}

/** Asks why, before anybody looks at what somebody said. */
export function LookDialog({ title, action, onClose, onReason }: Props) {
  const [reason, setReason] = useState('');
  const ready = reason.trim().length >= LEAST_REASON;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onReason(reason.trim());
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <Field
          label="Why you look"
          value={reason}
          onValue={setReason}
          hint="Such as a complaint’s number. It stands in the audit log with your name; write no personal data."
          maxLength={200}
          autoComplete="off"
          autoFocus
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={!ready}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
