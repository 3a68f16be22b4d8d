/** Limits in words: what a rule watches for, and how near somebody is to it. */
import type { OutputOf } from '../../main/api/contract.ts';
import { counted, title } from './words.ts';

export type RuleState = OutputOf<'limits.list'>[number];
export type Rule = RuleState['rule'];

const THINGS: Readonly<Record<string, readonly [string, string]>> = {
  conversation: ['conversation', 'conversations'],
  turn: ['turn', 'turns'],
  outOfScope: ['turn out of scope', 'turns out of scope'],
  probe: ['probe', 'probes'],
  toolCall: ['call', 'calls'],
  moneyCall: ['call that moves money', 'calls that move money'],
  toolRefusal: ['refused call', 'refused calls'],
  signIn: ['sign-in', 'sign-ins'],
  signInFailure: ['failed sign-in', 'failed sign-ins'],
  recordRead: ['read of a record', 'reads of records'],
  request: ['request', 'requests'],
};
export const ACTION_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  note: ['Note', 'It is in the log, as everything is.'],
  warn: ['Warn', 'An alert: in every window, to the collector, by mail.'],
  slowDown: ['Slow down', 'Three seconds before each turn and request, for five minutes.'],
  endConversation: ['End the conversation', 'Politely, saying whom to turn to.'],
  lockMember: ['Lock the member', 'Signed out everywhere, until an administrator unlocks.'],
  disableTool: ['Disable the tool', 'Until two people lift it.'],
  openIncident: ['Open an incident', 'With the log of the hour before as evidence.'],
};
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A number that a rule holds, as it is changed in the window. */
export interface RuleField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'number' | 'time' | 'days';
  readonly unit?: string;
}
const number = (name: string, label: string, unit?: string): RuleField => ({
  name,
  label,
  kind: 'number',
  ...(unit === undefined ? {} : { unit }),
});
const WITHIN = number('withinMinutes', 'Within', 'minutes');

/** What can be changed of a rule, by what it watches. */
export const RULE_FIELDS: Readonly<Record<string, readonly RuleField[]>> = {
  rate: [number('most', 'More than'), WITHIN],
  concurrent: [number('most', 'More than')],
  length: [number('mostMinutes', 'Longer than', 'minutes')],
  drift: [number('share', 'Share, from 0 to 1'), number('ofTurns', 'Of the last', 'turns')],
  amount: [number('from', 'From')],
  sum: [number('most', 'More than'), WITHIN],
  afterHours: [
    { name: 'from', label: 'Open from', kind: 'time' },
    { name: 'to', label: 'Open until', kind: 'time' },
    { name: 'days', label: 'Open on', kind: 'days' },
  ],
  unusual: [
    number('deviations', 'Beyond the usual', 'deviations'),
    number('atLeast', 'And at least', 'in the hour'),
  ],
};

export function things(measure: unknown, count: number): string {
  const [one, many] = THINGS[String(measure)] ?? [title(String(measure)), title(String(measure))];
  return count === 1 ? one : many;
}

/** "60 min", "1 day" */
export function minutesWords(minutes: number): string {
  if (minutes % 1440 === 0) return counted(minutes / 1440, 'day');
  if (minutes % 60 === 0) return counted(minutes / 60, 'hour');
  return `${minutes} min`;
}

export function dayWords(days: readonly number[]): string {
  return days.length === 7 ? 'every day' : days.map((day) => DAYS[day - 1]).join(', ');
}

/** "More than 15 failed sign-ins in 1 hour, for a member" */
export function watchWords({ watch }: Rule): string {
  const at = (name: string) => (typeof watch[name] === 'number' ? watch[name] : 0);
  const per = watch.per === 'site' ? 'at the site' : `for one ${String(watch.per)}`;
  switch (watch.kind) {
    case 'rate':
      return `More than ${at('most')} ${things(watch.of, at('most'))} in ${minutesWords(at('withinMinutes'))}, ${per}`;
    case 'concurrent':
      return `More than ${counted(at('most'), 'conversation')} at once, ${per}`;
    case 'length':
      return `A conversation longer than ${minutesWords(at('mostMinutes'))}`;
    case 'drift':
      return `${Math.round(at('share') * 100)} % of the last ${at('ofTurns')} turns not about this desk`;
    case 'amount':
      return `One call for ${at('from').toLocaleString('en-US')} or more`;
    case 'sum':
      return `Calls for more than ${at('most').toLocaleString('en-US')} in ${minutesWords(at('withinMinutes'))}, ${per}`;
    case 'afterHours':
      return `${title(things(watch.of, 2))} outside ${String(watch.from)} to ${String(watch.to)}, ${dayWords(daysOf(watch.days))}`;
    case 'unusual':
      return `An hour with far more ${things(watch.of, 2)} than such hours had before`;
    default:
      return title(watch.kind);
  }
}

/** How near somebody is to a rule now; null where it shows only in an event itself. */
export function nearWords(
  { rule, now, learned }: RuleState,
  nameOf: (id: string | null) => string,
): string | null {
  if (learned !== null) return `Learning: ${learned.have} of ${counted(learned.need, 'hour')}`;
  if (now === null) return null;
  const { watch } = rule;
  const measured = (Math.round(now.measured * 10) / 10).toLocaleString('en-US');
  if (watch.kind === 'unusual') return `${measured} deviations`;
  const most = watch.most ?? watch.mostMinutes;
  const who =
    now.per === 'member' ? `, ${nameOf(now.id)}` : now.per === 'tool' ? `, ${title(now.id ?? '')}` : '';
  return `${measured} of ${Number(most).toLocaleString('en-US')}${who}`;
}

export function daysOf(days: unknown): readonly number[] {
  return Array.isArray(days) ? days.filter((day) => typeof day === 'number') : [];
}
