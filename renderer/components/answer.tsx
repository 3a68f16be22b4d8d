import type { ReactNode } from 'react';
import type { Asked } from '../api/use-appliance.ts';
import { ErrorMessage } from './message.tsx';

interface AnswerProps<T> {
  readonly of: Asked<T>;
  readonly children: (value: T) => ReactNode;
}

/** What a call brought: a word while it is asked, the refusal, or what is made of its answer. */
export function Answer<T>({ of, children }: AnswerProps<T>) {
  if (of.state === 'failed') return <ErrorMessage error={of.error} />;
  if (of.state === 'asking') return <p className="muted">Reading…</p>;
  return children(of.value);
}
