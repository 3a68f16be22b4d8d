import { useCallback, useEffect, useState } from 'react';
import { listMicrophones, type Microphone } from './microphone.ts';

const REMEMBERED = 'sotto.microphone';

export interface Microphones {
  readonly list: readonly Microphone[];
  /** Null: the system's default. */
  readonly chosen: string | null;
  choose(id: string | null): void;
  /** Names become readable once the person has allowed a microphone. */
  refresh(): void;
}

/** The microphones of this machine, kept current as they come and go; the choice is remembered on this machine. */
export function useMicrophones(): Microphones {
  const [list, setList] = useState<readonly Microphone[]>([]);
  const [wanted, setWanted] = useState<string | null>(() => localStorage.getItem(REMEMBERED));
  const refresh = useCallback(() => {
    listMicrophones().then(setList, () => setList([]));
  }, []);
  useEffect(() => {
    refresh();
    navigator.mediaDevices?.addEventListener('devicechange', refresh);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', refresh);
  }, [refresh]);
  const choose = (id: string | null) => {
    if (id === null) localStorage.removeItem(REMEMBERED);
    else localStorage.setItem(REMEMBERED, id);
    setWanted(id);
  };
  const chosen = list.some((one) => one.id === wanted) ? wanted : null;
  return { list, chosen, choose, refresh };
}
