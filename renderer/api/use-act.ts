import { useCallback, useState } from 'react';
import type { WireError } from '../../main/api/contract.ts';
import { wireErrorOf } from './appliance.ts';

export interface Act {
  /** What is under way, by the name it was given. */
  readonly busy: string | null;
  readonly error: WireError | null;
  /** True when it went well. */
  run(name: string, work: () => Promise<unknown>): Promise<boolean>;
  forget(): void;
}

/** Does one thing at a time and keeps what went wrong, to be shown where it was asked for. */
export function useAct(): Act {
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const run = useCallback(async (name: string, work: () => Promise<unknown>) => {
    setBusy(name);
    setError(null);
    try {
      await work();
      return true;
    } catch (problem) {
      setError(wireErrorOf(problem));
      return false;
    } finally {
      setBusy(null);
    }
  }, []);
  return { busy, error, run, forget: useCallback(() => setError(null), []) };
}
