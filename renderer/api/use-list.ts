import type { CallName, InputOf, OutputOf } from '../../main/api/contract.ts';
import { type Act, useAct } from './use-act.ts';
import { type Asked, useAsk } from './use-appliance.ts';

/** What a call lists, with acts that change it: after each that went well the list is asked for anew. */
export function useList<K extends CallName>(
  name: K,
  input: InputOf<K>,
): {
  readonly asked: Asked<OutputOf<K>>;
  readonly act: Act;
  /** `id` names what is acted on, and so which button is busy. */
  readonly run: (id: string, work: () => Promise<unknown>) => void;
  readonly again: () => void;
} {
  const act = useAct();
  const [asked, again] = useAsk(name, input);
  const run = (id: string, work: () => Promise<unknown>) =>
    void act.run(id, work).then((ok) => ok && again());
  return { asked, act, run, again };
}
