/** A limit of the site's own: what can be watched for, of what and for whom, and the name that it gets. */
import { type Rule, things } from './limit-words.ts';
import { title } from './words.ts';

type Watch = Rule['watch'];
type Choice = readonly [key: string, words: string];

/** Where each kind of rule begins; its numbers are changed in the same dialog. */
const BEGINNINGS: Readonly<Record<string, { readonly label: string; readonly watch: Watch }>> = {
  rate: {
    label: 'How often something happens',
    watch: { kind: 'rate', of: 'conversation', per: 'member', most: 60, withinMinutes: 60 },
  },
  concurrent: { label: 'Conversations at once', watch: { kind: 'concurrent', per: 'member', most: 3 } },
  length: { label: 'How long a conversation goes on', watch: { kind: 'length', mostMinutes: 60 } },
  drift: {
    label: 'Turns that are not about this desk',
    watch: { kind: 'drift', share: 0.75, ofTurns: 12 },
  },
  amount: { label: 'What one call is for', watch: { kind: 'amount', from: 10_000 } },
  sum: {
    label: 'What calls are for, together',
    watch: { kind: 'sum', per: 'member', most: 100_000, withinMinutes: 1440 },
  },
  afterHours: {
    label: 'What happens outside opening hours',
    watch: { kind: 'afterHours', of: 'conversation', from: '08:00', to: '18:00', days: [1, 2, 3, 4, 5] },
  },
  unusual: {
    label: 'An hour with far more than such hours had',
    watch: { kind: 'unusual', of: 'conversation', deviations: 6, atLeast: 20, weeks: 8 },
  },
};
export const WATCH_KINDS: readonly Choice[] = Object.entries(BEGINNINGS).map(([kind, { label }]) => [
  kind,
  label,
]);

const SUBJECT_WORDS: Readonly<Record<string, string>> = {
  member: 'One member',
  address: 'One address on the network',
  device: 'One sound device or window',
  conversation: 'One conversation',
  tool: 'One tool',
  desk: 'One desk',
  site: 'The whole site',
};
const SPEAKING = ['member', 'address', 'device', 'desk', 'site'];
const CALLING = ['member', 'conversation', 'tool', 'address', 'device', 'desk', 'site'];
const SERVED = ['member', 'address', 'site'];
/** Of whom each thing can be told apart: what never comes with a tool cannot be counted by the tool. */
const SUBJECTS_OF: Readonly<Record<string, readonly string[]>> = {
  conversation: SPEAKING,
  turn: ['conversation', ...SPEAKING],
  outOfScope: ['conversation', ...SPEAKING],
  probe: ['conversation', ...SPEAKING],
  toolCall: CALLING,
  moneyCall: CALLING,
  toolRefusal: CALLING,
  signIn: SERVED,
  signInFailure: SERVED,
  recordRead: SERVED,
  request: SERVED,
};

/** @throws Error when there is no such kind. */
export function watchOf(kind: string): Watch {
  const beginning = BEGINNINGS[kind];
  if (beginning === undefined) throw new Error(`no rule watches for ${kind}`);
  return beginning.watch;
}

/** What can be counted; none where the kind says it. */
export function measuresFor({ of }: Watch): readonly Choice[] {
  return of === undefined
    ? []
    : Object.keys(SUBJECTS_OF).map((measure) => [measure, title(things(measure, 2))]);
}

/** For whom it can be counted; none where that is not asked. */
export function subjectsFor({ kind, of, per }: Watch): readonly Choice[] {
  if (per === undefined) return [];
  const subjects = kind === 'concurrent' ? SPEAKING : (SUBJECTS_OF[String(of)] ?? CALLING);
  return subjects.map((subject) => [subject, SUBJECT_WORDS[subject] ?? title(subject)]);
}

/** The same watch of something else, for somebody of whom that can be told. */
export function watching(watch: Watch, of: string): Watch {
  const changed = { ...watch, of };
  const subjects = subjectsFor(changed);
  if (subjects.length === 0 || subjects.some(([subject]) => subject === watch.per)) return changed;
  return { ...changed, per: subjects[0]?.[0] ?? 'site' };
}

/** "Calls at night" is `calls-at-night` in the log. */
export function idOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** Why this cannot be its name; null when it can. */
export function nameProblem(name: string, taken: readonly string[]): string | null {
  const id = idOf(name);
  if (!/^[a-z][a-z0-9-]{1,40}$/.test(id)) return 'Two to 40 letters or digits, a letter first.';
  return taken.includes(id) ? 'There is a limit with this name.' : null;
}
