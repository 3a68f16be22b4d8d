import type { Meaning } from './hearing.ts';

/** Said by the commands that need no set-up, when no data folder is named. */
export const NOTHING_KEPT = 'sotto: no --data, so nothing is kept';

/** `"i want to block my card": block_card card=debit (87 %)`. */
export function meaningInWords({ text, inScope, flow, slots, confidence }: Meaning): string {
  const values = Object.entries(slots).map(([slot, value]) => `${slot}=${JSON.stringify(value)}`);
  const meaning = inScope ? [flow ?? 'in scope', ...values].join(' ') : 'out of scope';
  return `"${text}": ${meaning} (${Math.round(confidence * 100)} %)`;
}
