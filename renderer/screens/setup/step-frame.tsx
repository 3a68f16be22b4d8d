import { ArrowLeft, ArrowRight } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';

interface Props {
  readonly title: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
  readonly onBack?: (() => void) | undefined;
  readonly onNext: () => void;
  readonly next?: string;
  readonly busy?: boolean;
  /** More to press, beside "next". */
  readonly also?: ReactNode;
}

/** One step. Its heading takes the focus when it comes up, so that it is read out and Tab goes on from there. */
export function StepFrame({ title, lead, children, onBack, onNext, next = 'Continue', busy, also }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onNext();
  };
  return (
    <form className="step" onSubmit={submit} noValidate>
      <div className="step-body">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p className="lead">{lead}</p>
        {children}
      </div>
      <div className="step-actions">
        {onBack === undefined ? null : (
          <Button look="quiet" icon={ArrowLeft} onClick={onBack} busy={busy ?? false}>
            Back
          </Button>
        )}
        <span className="step-also">{also}</span>
        <Button type="submit" look="primary" large icon={ArrowRight} busy={busy ?? false}>
          {next}
        </Button>
      </div>
    </form>
  );
}
