import { useState } from 'react';
import { Field } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';

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
  return (
    <FormDialog
      title={title}
      action={action}
      ready={reason.trim().length >= LEAST_REASON}
      onClose={onClose}
      onSubmit={() => onReason(reason.trim())}
    >
      <Field
        label="Why you look"
        value={reason}
        onValue={setReason}
        hint="Such as a complaint’s number. It stands in the audit log with your name; write no personal data."
        maxLength={200}
        autoComplete="off"
        autoFocus
      />
    </FormDialog>
  );
}
