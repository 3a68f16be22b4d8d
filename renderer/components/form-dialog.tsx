import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Act } from '../api/use-act.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorMessage } from './message.tsx';

interface Props {
  readonly title: string;
  readonly wide?: boolean;
  /** What the button says that does it. */
  readonly action: string;
  readonly icon?: LucideIcon;
  readonly look?: 'primary' | 'danger' | 'stop';
  /** What the button says that leaves everything as it is. */
  readonly cancel?: string;
  /** Whether what was filled in can be sent. */
  readonly ready?: boolean;
  /** Through which it is done: shows that it is under way, and what went wrong. */
  readonly act?: Act;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** Asks for what is needed, or once more, and does one thing: by its button, or by Enter in a field. */
export function FormDialog({
  title,
  wide = false,
  action,
  icon,
  look = 'primary',
  cancel = 'Cancel',
  ready = true,
  act,
  onClose,
  onSubmit,
  children,
}: Props) {
  return (
    <Dialog title={title} wide={wide} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {act === undefined || act.error === null ? null : <ErrorMessage error={act.error} />}
        <div className="dialog-actions">
          <Button onClick={onClose}>{cancel}</Button>
          <Button
            type="submit"
            look={look}
            large={look === 'stop'}
            {...(icon === undefined ? {} : { icon })}
            disabled={!ready}
            busy={act !== undefined && act.busy !== null}
          >
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
