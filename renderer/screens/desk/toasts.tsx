import { Info, X } from 'lucide-react';
import { useEffect } from 'react';
import { IconButton } from '../../components/button.tsx';
import type { Notice } from '../../state/conversation.ts';

const SHOWN_MS = 9000;

interface Props {
  readonly notices: readonly Notice[];
  readonly onDismiss: (key: number) => void;
}

/** Small things worth knowing: too quiet, an engine restarted. They go by themselves. */
export function Toasts({ notices, onDismiss }: Props) {
  return (
    <div className="toasts" role="status" aria-label="Notices">
      {notices.map((notice) => (
        <Toast key={notice.key} notice={notice} onDismiss={onDismiss} />
      ))}
    </div>
  );
}

function Toast({
  notice,
  onDismiss,
}: {
  readonly notice: Notice;
  readonly onDismiss: (key: number) => void;
}) {
  const { key } = notice;
  useEffect(() => {
    const timer = setTimeout(() => onDismiss(key), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [key, onDismiss]);
  return (
    <div className="toast">
      <Info className="toast-icon" aria-hidden="true" size={18} strokeWidth={1.8} />
      <p>{notice.message}</p>
      <IconButton icon={X} label="Dismiss" onClick={() => onDismiss(key)} />
    </div>
  );
}
