import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { WireError } from '../../main/api/contract.ts';

const ICONS = { info: Info, ok: CircleCheck, warn: TriangleAlert, fail: CircleX } as const;

interface MessageProps {
  readonly tone: keyof typeof ICONS;
  readonly title?: string;
  readonly children: ReactNode;
  /** Read out at once when it appears. */
  readonly alert?: boolean;
}

export function Message({ tone, title, children, alert }: MessageProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`message message-${tone}`} role={alert ? 'alert' : undefined}>
      <Icon aria-hidden="true" size={20} strokeWidth={1.8} />
      <div>
        {title === undefined ? null : <p className="message-title">{title}</p>}
        <div>{children}</div>
      </div>
    </div>
  );
}

/** A refused or failed call: what happened, and what to do about it. */
export function ErrorMessage({
  error,
  children,
}: {
  readonly error: WireError;
  readonly children?: ReactNode;
}) {
  return (
    <Message tone="fail" title={error.message} alert>
      {error.remedy}
      {children}
    </Message>
  );
}
