import type { AuditLog } from '../../audit/index.ts';
import { BoundedQueue, type Clock, Emitter } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import { Baseline, type Comparison } from './baseline.ts';
import { Counts } from './counts.ts';
import { type LimitDecision, measuresOf, type RuleState, type WatchedEvent, type Who } from './events.ts';
import { HeldConversations } from './held.ts';
import { outsideHours } from './hours.ts';
import { Pace } from './pace.ts';
import {
  DEFAULT_LIMITS,
  type LimitRule,
  type Measure,
  readLimits,
  type SubjectKind,
  type Watch,
} from './rules.ts';
import { logged, subjectOf, tellable, whoOf } from './subjects.ts';

const MINUTE_MS = 60_000;
/** A rule that has found something is quiet about the same subject for at least so long. */
const QUIET_MINUTES = 60;
const MOST_WAITING = 256;

export interface SentinelOptions {
  readonly clock: Clock;
  /** IANA; that of the machine by default. Hours and baselines go by it. */
  readonly timeZone?: string;
  /** Default: the rules of the site (`readLimits`). */
  readonly rules?: readonly LimitRule[];
}

type Of<Kind extends Watch['kind']> = Extract<Watch, { kind: Kind }>;

/**
 * Watches what happens at a site against its rules. It is told of everything by `observe`, decides, writes each decision
 * to the log, and tells it; whoever listens carries it out. It knows nobody's words.
 */
export class Sentinel {
  readonly #audit: AuditLog;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #timeZone: string | undefined;
  readonly #counts: Counts;
  readonly #baseline: Baseline;
  readonly #held = new HeldConversations();
  readonly #pace = new Pace();
  readonly #decided = new Emitter<LimitDecision>();
  #rules: readonly LimitRule[];
  /** Time does not go back: a clock that was set back forgives nothing. */
  #latest = 0;

  constructor(vault: Vault, audit: AuditLog, options: SentinelOptions) {
    this.#vault = vault;
    this.#audit = audit;
    this.#clock = options.clock;
    this.#timeZone = options.timeZone;
    this.#rules = options.rules ?? readLimits(vault);
    this.#counts = new Counts(vault);
    this.#baseline = new Baseline(vault, options.timeZone);
  }

  /** From now on these rules hold; what was counted under the same ids counts on. */
  takeRules(rules: readonly LimitRule[]): void {
    this.#rules = rules;
  }

  /** @throws SottoError of the vault and the log when what must be kept cannot be. */
  observe(event: WatchedEvent): void {
    const now = this.#now();
    const decisions = this.#vault.transaction(() => {
      this.#held.follow(event, now);
      for (const measure of measuresOf(event)) this.#baseline.count(measure, now);
      return this.#rules.flatMap((rule) => (rule.enabled ? this.#judge(rule, event, now) : []));
    });
    if (event.happened === 'conversationEnded') this.#forget(event.conversationId ?? '');
    this.#tell(decisions);
  }

  /** To be called now and then (every quarter of a minute): for what shows only as time goes by. */
  tick(): void {
    const now = this.#now();
    const decisions = this.#vault.transaction(() => {
      this.#baseline.running(now);
      this.#baseline.flush();
      return this.#rules.flatMap((rule) => (rule.enabled ? this.#tooLong(rule, now) : []));
    });
    this.#tell(decisions);
  }

  /** Before the vault is closed: writes down what was counted since the last tick. */
  close(): void {
    this.#vault.transaction(() => this.#baseline.flush());
  }

  /** How long a turn of this one has to wait, milliseconds; 0 for nearly everyone. */
  paceMs(who: Who): number {
    const subjects = PACED.map((kind) => this.#subject(kind, who));
    return this.#pace.waitMs(subjects, this.#now());
  }

  /** The rules in force, each with how near somebody is to it now. */
  state(): readonly RuleState[] {
    const at = this.#now();
    return this.#rules.map((rule) => {
      const { subjects: fired, lastAt } = this.#counts.fired(rule.id, at);
      const usual = DEFAULT_LIMITS.find(({ id }) => id === rule.id) ?? null;
      return { rule, usual, ...this.#measured(rule, at), fired, lastAt };
    });
  }

  /** How this hour compares with the site's past; says so where the past is too short. */
  compare(measure: Measure, weeks = 8): Comparison {
    return this.#baseline.compare(measure, this.#now(), weeks);
  }

  onDecision(listener: (decision: LimitDecision) => void): () => void {
    return this.#decided.on(listener);
  }

  /** The decisions from now on; a slow reader loses the oldest (they are all in the log). */
  decisions(signal: AbortSignal): AsyncIterable<LimitDecision> {
    const queue = new BoundedQueue<LimitDecision>(MOST_WAITING);
    const deaf = this.onDecision((decision) => queue.push(decision));
    signal.addEventListener(
      'abort',
      () => {
        deaf();
        queue.close();
      },
      { once: true },
    );
    return queue;
  }

  #measured({ id, watch }: LimitRule, at: number): Pick<RuleState, 'now' | 'learned'> {
    switch (watch.kind) {
      case 'rate':
      case 'sum': {
        const found = this.#counts.highest(id, at, watch.withinMinutes, watch.kind === 'sum');
        return found ? near(found.subject, found.measured) : NOTHING;
      }
      case 'concurrent': {
        const most = this.#held.mostAtOnce((who) => this.#subject(watch.per, who));
        return most ? near(most.subject, most.count) : NOTHING;
      }
      case 'length': {
        const oldest = this.#held.oldest();
        if (oldest === null) return NOTHING;
        return near(`conversation:${oldest.conversationId}`, (at - oldest.begunAt) / MINUTE_MS);
      }
      case 'unusual': {
        const compared = this.#baseline.compare(watch.of, at, watch.weeks);
        if (compared.kind === 'tooLittle') return { now: null, learned: compared };
        return { now: { measured: compared.deviations, per: 'site', id: null }, learned: null };
      }
      default:
        return NOTHING; // shows in one event, and is over with it
    }
  }

  /** No conversation comes back: what was counted of it counts for nothing more. */
  #forget(conversationId: string): void {
    this.#held.end(conversationId);
    const subject = this.#subject('conversation', { conversationId });
    if (subject !== null) for (const { id } of this.#rules) this.#counts.forget(id, subject);
  }

  #judge(rule: LimitRule, event: WatchedEvent, now: number): readonly LimitDecision[] {
    const { watch } = rule;
    switch (watch.kind) {
      case 'rate':
        return this.#tooOften(rule, watch, event, now);
      case 'concurrent':
        return this.#tooManyAtOnce(rule, watch, event);
      case 'drift':
        return this.#drifted(rule, watch, event);
      case 'amount':
        return this.#tooLarge(rule, watch, event);
      case 'sum':
        return this.#tooMuch(rule, watch, event, now);
      case 'afterHours':
        return counts(event, watch.of) && outsideHours(watch, now, this.#timeZone)
          ? this.#decide(rule, event, event.memberId ? 'member' : 'site', 1, 0)
          : [];
      case 'unusual':
        return counts(event, watch.of) ? this.#unusual(rule, watch, event, now) : [];
      case 'length':
        return []; // shows only as time goes by: `tick`
    }
  }

  #tooOften(rule: LimitRule, watch: Of<'rate'>, event: WatchedEvent, now: number): readonly LimitDecision[] {
    const { of, per, most, withinMinutes: minutes } = watch;
    const subject = counts(event, of) ? this.#subject(per, event) : null;
    if (subject === null) return [];
    const lasting = per !== 'conversation';
    const measured = this.#counts.count(rule.id, subject, now, { minutes, most, lasting });
    return measured > most ? this.#decide(rule, event, per, measured, most, minutes) : [];
  }

  #tooManyAtOnce(rule: LimitRule, { per, most }: Of<'concurrent'>, event: WatchedEvent) {
    const subject = event.happened === 'conversationBegan' ? this.#subject(per, event) : null;
    if (subject === null) return [];
    const held = this.#held.all().filter(({ who }) => this.#subject(per, who) === subject);
    return held.length > most ? this.#decide(rule, event, per, held.length, most) : [];
  }

  #drifted(rule: LimitRule, { ofTurns, share: most }: Of<'drift'>, event: WatchedEvent) {
    const share = event.happened === 'turn' ? this.#held.drift(event.conversationId ?? '', ofTurns) : null;
    return share !== null && share >= most ? this.#decide(rule, event, 'conversation', share, most) : [];
  }

  #tooLarge(rule: LimitRule, { from, tool }: Of<'amount'>, event: WatchedEvent) {
    if (event.happened !== 'toolCall' || event.amount === null || event.amount < from) return [];
    if (tool !== undefined && tool !== event.tool) return [];
    return this.#decide(rule, event, 'conversation', event.amount, from, 0);
  }

  #tooMuch(rule: LimitRule, watch: Of<'sum'>, event: WatchedEvent, now: number) {
    const { per, most, withinMinutes } = watch;
    if (event.happened !== 'toolCall' || event.amount === null) return [];
    const subject = this.#subject(per, event);
    if (subject === null) return [];
    const sum = this.#counts.add(rule.id, subject, now, withinMinutes, event.amount);
    return sum > most ? this.#decide(rule, event, per, sum, most, withinMinutes) : [];
  }

  #unusual(
    rule: LimitRule,
    watch: Of<'unusual'>,
    event: WatchedEvent,
    now: number,
  ): readonly LimitDecision[] {
    const compared = this.#baseline.compare(watch.of, now, watch.weeks);
    if (compared.kind === 'tooLittle' || compared.count < watch.atLeast) return [];
    if (compared.deviations < watch.deviations) return [];
    const site = event.deskId ? { deskId: event.deskId } : {};
    return this.#decide(rule, site, 'site', compared.deviations, watch.deviations);
  }

  #tooLong(rule: LimitRule, now: number): readonly LimitDecision[] {
    const { watch } = rule;
    if (watch.kind !== 'length') return [];
    return this.#held.all().flatMap(({ who, begunAt }) => {
      const minutes = (now - begunAt) / MINUTE_MS;
      return minutes > watch.mostMinutes
        ? this.#decide(rule, who, 'conversation', minutes, watch.mostMinutes)
        : [];
    });
  }

  /** Nothing when the rule spoke of the same subject a short while ago. */
  #decide(
    rule: LimitRule,
    event: Who,
    per: SubjectKind,
    measured: number,
    most: number,
    quietMinutes: number = QUIET_MINUTES,
  ): readonly LimitDecision[] {
    const at = this.#now();
    const subject = this.#subject(per, event) ?? 'site';
    if (!this.#counts.first(rule.id, subject, at, quietMinutes)) return [];
    if (rule.does.includes('slowDown')) this.#pace.slow(subject, at);
    const who = whoOf(event);
    const rounded = Math.round(measured * 100) / 100;
    const { seq } = this.#audit.append({
      action: 'limit.exceed',
      actor: who.memberId ?? (who.conversationId ? `conversation:${who.conversationId}` : 'system'),
      target: `limit:${rule.id}`,
      outcome: 'failure',
      detail: { ...logged(who), subject, measured: rounded, most, does: rule.does },
    });
    return [{ at, rule: rule.id, does: rule.does, who, per, measured: rounded, most, seq }];
  }

  #tell(decisions: readonly LimitDecision[]): void {
    for (const decision of decisions) this.#decided.emit(decision);
  }

  #subject(kind: SubjectKind, who: Who): string | null {
    return subjectOf(kind, who, (outside) => this.#audit.pseudonym(outside));
  }

  #now(): number {
    this.#latest = Math.max(this.#latest, this.#clock.now());
    return this.#latest;
  }
}

const NOTHING = { now: null, learned: null } as const;
const PACED: readonly SubjectKind[] = ['conversation', 'member', 'address', 'device', 'desk', 'site'];

function near(subject: string, measured: number): Pick<RuleState, 'now' | 'learned'> {
  return measured > 0 ? { now: { measured, ...tellable(subject) }, learned: null } : NOTHING;
}

function counts(event: WatchedEvent, measure: Measure): boolean {
  return measuresOf(event).includes(measure);
}
