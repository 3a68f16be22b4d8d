import { z } from 'zod';
import type { AuditLog } from '../../audit/index.ts';
import { type Clock, canonicalJson, type Json, SottoError } from '../../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../../vault/index.ts';

/** What can be counted. */
export const MEASURES = [
  'conversation',
  'turn',
  'outOfScope',
  'probe',
  'toolCall',
  'moneyCall',
  'toolRefusal',
  'signIn',
  'signInFailure',
  'recordRead',
  'request',
] as const;
export type Measure = (typeof MEASURES)[number];

/** Whom or what a count is kept for; `site` is all together. */
export const SUBJECTS = ['member', 'address', 'device', 'conversation', 'tool', 'desk', 'site'] as const;
export type SubjectKind = (typeof SUBJECTS)[number];

export const ACTIONS = [
  'note',
  'warn',
  'slowDown',
  'endConversation',
  'lockMember',
  'disableTool',
  'openIncident',
] as const;
export type LimitAction = (typeof ACTIONS)[number];

const of = z.enum(MEASURES);
const per = z.enum(SUBJECTS);
const most = z.int().min(1).max(10_000);
const withinMinutes = z
  .number()
  .positive()
  .max(7 * 1440);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** What a rule watches for. */
const watchSchema = z.discriminatedUnion('kind', [
  /** More than `most` within a sliding time. */
  z.strictObject({ kind: z.literal('rate'), of, per, most, withinMinutes }),
  /** More than `most` conversations at once. */
  z.strictObject({ kind: z.literal('concurrent'), per, most }),
  /** A conversation that goes on for longer. */
  z.strictObject({ kind: z.literal('length'), mostMinutes: z.number().positive().max(1440) }),
  /** A share of the last turns of a conversation that has nothing to do with the desk. */
  z.strictObject({
    kind: z.literal('drift'),
    share: z.number().gt(0).max(1),
    ofTurns: z.int().min(3).max(100),
  }),
  /** One call for this much or more. */
  z.strictObject({ kind: z.literal('amount'), from: z.number().positive(), tool: z.string().optional() }),
  /** Calls that sum up to more. */
  z.strictObject({ kind: z.literal('sum'), per, most: z.number().positive(), withinMinutes }),
  /** Outside these hours of these days (1 Monday to 7 Sunday), by the clock of the place. */
  z.strictObject({
    kind: z.literal('afterHours'),
    of,
    from: time,
    to: time,
    days: z.array(z.int().min(1).max(7)).min(1),
    timeZone: z.string().optional(),
  }),
  /** An hour that is so many robust deviations above the same hours of earlier weeks. */
  z.strictObject({
    kind: z.literal('unusual'),
    of,
    deviations: z.number().min(2).max(50),
    atLeast: z.int().min(1),
    weeks: z.int().min(4).max(26),
  }),
]);
export type Watch = z.infer<typeof watchSchema>;

export const limitRuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  enabled: z.boolean().default(true),
  watch: watchSchema,
  does: z.array(z.enum(ACTIONS)).min(1),
});
export type LimitRule = z.infer<typeof limitRuleSchema>;

/** The rules of a site; each id once. */
export const limitRulesSchema = z
  .array(limitRuleSchema)
  .max(100)
  .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'an id occurs twice');

const SETTING = 'guard.limits';
const HOUR = 60;
const DAY = 1440;

/** What a site begins with. Chosen so that ordinary work at a desk stays far below. */
export const DEFAULT_LIMITS: readonly LimitRule[] = limitRulesSchema.parse([
  rate('turns-in-a-minute', 'turn', 'conversation', 40, 1, 'slowDown'),
  rate('turns-in-a-conversation', 'turn', 'conversation', 300, DAY, 'endConversation'),
  rate('probing', 'probe', 'conversation', 2, HOUR, 'warn', 'endConversation'),
  rate('probing-by-member', 'probe', 'member', 10, DAY, 'slowDown', 'openIncident'),
  rate('probing-at-the-site', 'probe', 'site', 40, DAY, 'openIncident'),
  rate('conversations-by-member', 'conversation', 'member', 60, HOUR, 'slowDown', 'warn'),
  rate('conversations-by-address', 'conversation', 'address', 120, HOUR, 'slowDown', 'warn'),
  rate('conversations-by-device', 'conversation', 'device', 120, HOUR, 'slowDown', 'warn'),
  rate('calls-in-a-conversation', 'toolCall', 'conversation', 60, HOUR, 'endConversation'),
  rate('money-by-member', 'moneyCall', 'member', 60, HOUR, 'warn', 'openIncident'),
  rate('calls-of-a-tool', 'toolCall', 'tool', 600, HOUR, 'disableTool', 'openIncident'),
  rate('refused-calls', 'toolRefusal', 'conversation', 12, HOUR, 'endConversation'),
  rate('failed-sign-ins-by-name', 'signInFailure', 'member', 15, HOUR, 'warn'),
  rate('failed-sign-ins-by-address', 'signInFailure', 'address', 40, HOUR, 'slowDown', 'openIncident'),
  rate('failed-sign-ins', 'signInFailure', 'site', 150, HOUR, 'openIncident'),
  rate('records-by-member', 'recordRead', 'member', 200, DAY, 'warn', 'openIncident'),
  rate('far-too-many-records', 'recordRead', 'member', 1000, DAY, 'lockMember', 'openIncident'),
  rate('requests-by-address', 'request', 'address', 1500, 1, 'slowDown'),
  { id: 'at-once-by-member', watch: { kind: 'concurrent', per: 'member', most: 3 }, does: ['warn'] },
  { id: 'long-conversation', watch: { kind: 'length', mostMinutes: 60 }, does: ['endConversation'] },
  { id: 'drift', watch: { kind: 'drift', share: 0.75, ofTurns: 12 }, does: ['note', 'endConversation'] },
  { id: 'large-amount', watch: { kind: 'amount', from: 10_000 }, does: ['warn'] },
  {
    id: 'large-sum-by-member',
    watch: { kind: 'sum', per: 'member', most: 100_000, withinMinutes: DAY },
    does: ['warn', 'openIncident'],
  },
  {
    id: 'after-hours',
    watch: { kind: 'afterHours', of: 'conversation', from: '06:00', to: '22:00', days: [1, 2, 3, 4, 5, 6] },
    does: ['warn'],
  },
  { id: 'unusual-conversations', watch: unusual('conversation', 20), does: ['warn'] },
  { id: 'unusual-calls', watch: unusual('toolCall', 20), does: ['warn'] },
  { id: 'unusual-reading', watch: unusual('recordRead', 20), does: ['warn', 'openIncident'] },
]);

/** The rules of a site: its own, else those that Sotto comes with. @throws SottoError `vault/bad-setting` */
export function readLimits(vault: Vault): readonly LimitRule[] {
  return readSetting(vault, SETTING, limitRulesSchema.nullable()) ?? DEFAULT_LIMITS;
}

/**
 * Checks rules that come from outside.
 * @throws SottoError `limits/invalid`, naming the rules and their fields.
 */
function parseLimits(rules: unknown): readonly LimitRule[] {
  const parsed = limitRulesSchema.safeParse(rules);
  if (parsed.success) return parsed.data;
  const given = Array.isArray(rules) ? rules : [];
  const places = parsed.error.issues.map(({ path: [at, ...field], message }) => {
    const id = typeof at === 'number' ? rulesId(given[at]) : null;
    return [id ?? 'the list', field.length === 0 ? message : field.join('.')].join(': ');
  });
  throw new SottoError('limits/invalid', 'The rules are not described as they should be.', {
    remedy: `Look at ${[...new Set(places)].slice(0, 5).join('; ')}.`,
  });
}

/**
 * Sets the rules of a site, or with null goes back to those that Sotto comes with; what changed is in the log. A running
 * sentinel takes them with `takeRules`. `actor` is a member's id, or `system`.
 * @throws SottoError `limits/invalid`.
 */
export function writeLimits(
  vault: Vault,
  audit: AuditLog,
  change: { readonly rules: unknown; readonly actor: string; readonly clock: Clock },
): readonly LimitRule[] {
  const rules = change.rules === null ? null : parseLimits(change.rules);
  const [before, after] = [present(vault).map(jsonOf), (rules ?? DEFAULT_LIMITS).map(jsonOf)];
  const kept = new Set(before.map(canonicalJson));
  const ids = new Set(after.map(({ id }) => id));
  const detail = {
    set: after.filter((rule) => !kept.has(canonicalJson(rule))),
    removed: before.map(({ id }) => id).filter((id) => !ids.has(id)),
    usual: rules === null,
  };
  audit.record(
    {
      action: 'configuration.change',
      actor: change.actor,
      target: `setting:${SETTING}`,
      outcome: 'success',
      detail,
    },
    () => writeSetting(vault, SETTING, rules === null ? null : after, change.clock),
  );
  return rules ?? DEFAULT_LIMITS;
}

/** Rules that cannot be read can still be replaced. */
function present(vault: Vault): readonly LimitRule[] {
  try {
    return readLimits(vault);
  } catch {
    return [];
  }
}

/** What is optional and absent has no place in JSON. */
function jsonOf(rule: LimitRule): { readonly id: string } & Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify(rule));
}

function rulesId(rule: unknown): string | null {
  const parsed = z.object({ id: z.string().max(60) }).safeParse(rule);
  return parsed.success ? parsed.data.id : null;
}

function rate(
  id: string,
  measure: Measure,
  subject: SubjectKind,
  atMost: number,
  minutes: number,
  ...does: LimitAction[]
) {
  return {
    id,
    watch: { kind: 'rate', of: measure, per: subject, most: atMost, withinMinutes: minutes },
    does,
  };
}

function unusual(measure: Measure, atLeast: number) {
  return { kind: 'unusual', of: measure, deviations: 6, atLeast, weeks: 8 };
}
