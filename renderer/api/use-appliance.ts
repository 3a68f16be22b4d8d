import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { CallName, InputOf, OutputOf, WireError } from '../../main/api/contract.ts';
import { type Appliance, type ApplianceView, wireErrorOf } from './appliance.ts';

export const ApplianceContext = createContext<Appliance | null>(null);

export function useAppliance(): Appliance {
  const appliance = useContext(ApplianceContext);
  if (appliance === null) throw new Error('useAppliance is used outside of its provider.');
  return appliance;
}

export function useApplianceView(): ApplianceView {
  const appliance = useAppliance();
  return useSyncExternalStore(appliance.subscribe, appliance.view);
}

export type Asked<T> =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly value: T; readonly key: string }
  | { readonly state: 'failed'; readonly error: WireError };

/** Calls once when shown, and again on `again()`; meanwhile the answer of before stays, so that nothing jumps. */
export function useAsk<K extends CallName>(name: K, input: InputOf<K>): [Asked<OutputOf<K>>, () => void] {
  const appliance = useAppliance();
  const { link } = useApplianceView();
  const [asked, setAsked] = useState<Asked<OutputOf<K>>>({ state: 'asking' });
  const [round, setRound] = useState(0);
  const key = JSON.stringify(input);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the input, `round` for "again"
  useEffect(() => {
    if (link !== 'open') return;
    let current = true;
    setAsked((before) => (before.state === 'answered' && before.key === key ? before : { state: 'asking' }));
    appliance.call(name, input).then(
      (value) => current && setAsked({ state: 'answered', value, key }),
      (error) => current && setAsked({ state: 'failed', error: wireErrorOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [appliance, name, key, round, link]);
  const again = useCallback(() => setRound((value) => value + 1), []);
  return [asked, again];
}
