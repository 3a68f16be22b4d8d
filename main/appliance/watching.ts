import type { Origin } from '../api/index.ts';
import type { AuditLog } from '../audit/index.ts';
import { type Clock, codeOf, type Log, logId } from '../base/index.ts';
import type { ConversationEvent, LiveConversation } from '../conversation/index.ts';
import {
  Alerts,
  createScreen,
  Incidents,
  type LimitAction,
  type LimitDecision,
  Sentinel,
  type Severity,
  type Standstill,
  type WatchedEvent,
  writeLimits,
} from '../guard/index.ts';
import type { Identity, Members } from '../identity/index.ts';
import type { ToolGateway, ToolLedger } from '../tools/index.ts';
import type { Vault } from '../vault/index.ts';

const TICK_MS = 15_000;

export interface WatchingParts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly members: Members;
  readonly standstill: Standstill;
  readonly deskId: string;
  readonly handOffTo: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who holds a conversation, and from where. */
export interface Holder extends Origin {
  readonly memberId: string | null;
}

interface Held {
  readonly live: LiveConversation;
  readonly who: Holder;
}

/** Tells the sentinel what happens, and carries out what it decides. Nothing of it may break what is watched. */
export class Watching {
  readonly sentinel: Sentinel;
  readonly incidents: Incidents;
  readonly alerts: Alerts;
  readonly #parts: WatchingParts;
  readonly #held = new Map<string, Held>();
  readonly #undo: (() => void)[] = [];

  constructor(parts: WatchingParts) {
    const { vault, audit, clock, log, standstill } = parts;
    this.#parts = parts;
    this.sentinel = new Sentinel(vault, audit, { clock });
    this.alerts = new Alerts(vault, audit, { clock, log });
    this.incidents = new Incidents({ ...parts, alert: (alert) => void this.alerts.raise(alert) });
    const tick = setInterval(() => this.#safely(() => this.sentinel.tick()), TICK_MS);
    tick.unref();
    this.#undo.push(
      () => clearInterval(tick),
      this.sentinel.onDecision((decision) => {
        for (const action of decision.does) this.#safely(() => this.#carryOut(action, decision));
      }),
      standstill.onStop((target) => {
        const code = target.scope === 'all' ? 'all' : `${target.scope}:${target.name}`;
        this.alerts.raise({ about: 'standstill', severity: 'high', code, incident: null });
      }),
    );
  }

  /** Sets the rules of the site, or goes back to the usual ones; they hold from now on. @throws `limits/invalid` */
  setLimits(rules: unknown, actor: string): void {
    const { vault, audit, clock } = this.#parts;
    this.sentinel.takeRules(writeLimits(vault, audit, { rules, actor, clock }));
  }

  /** For what the api sees: reads of records, requests, sign-ins with where they come from. */
  observe(event: WatchedEvent): void {
    const { deskId } = this.#parts;
    this.#safely(() => this.sentinel.observe({ deskId, ...event }));
  }

  people(identity: Identity): void {
    const deaf = identity.onRefusal?.(({ memberId, address }) =>
      this.observe({ happened: 'signInFailure', memberId, address }),
    );
    if (deaf) this.#undo.push(deaf);
  }

  tools(gateway: ToolGateway, ledger: Pick<ToolLedger, 'amountOf'>): void {
    const deaf = gateway.onEvent((event) => {
      const { conversationId } = event;
      const who = { ...(this.#held.get(conversationId)?.who ?? { memberId: null }), conversationId };
      if (event.event === 'called')
        this.observe({
          ...who,
          happened: 'toolCall',
          tool: event.tool,
          risk: event.risk,
          amount: ledger.amountOf(event.proposalId),
        });
      if (event.event === 'refused') this.observe({ ...who, happened: 'toolRefusal', tool: event.tool });
    });
    this.#undo.push(deaf);
  }

  conversation(live: LiveConversation, holder: Holder): void {
    const who = { ...holder, conversationId: live.id };
    this.#held.set(live.id, { live, who: holder });
    this.observe({ ...who, happened: 'conversationBegan' });
    const screen = createScreen();
    let verdict: 'pass' | 'flag' | 'block' = 'pass';
    live.onEvent((event: ConversationEvent) => {
      if (event.type === 'final') verdict = screen.screen(event.text).verdict;
      if (event.type === 'understood')
        this.observe({ ...who, happened: 'turn', inScope: event.inScope, verdict });
    });
    void live.ended.then(() => {
      this.#held.delete(live.id);
      this.observe({ ...who, happened: 'conversationEnded' });
    });
  }

  async close(): Promise<void> {
    for (const undo of this.#undo) undo();
    this.#safely(() => this.sentinel.close());
    await this.alerts.close();
  }

  #carryOut(action: LimitAction, decision: LimitDecision): void {
    const { members, standstill } = this.#parts;
    const { memberId, tool } = decision.who;
    switch (action) {
      case 'note': // It is in the log.
      case 'slowDown': // The sentinel itself says who has to wait.
        return;
      case 'warn':
        this.#alert(decision, 'medium');
        return;
      case 'endConversation':
        this.#end(decision);
        return;
      case 'lockMember':
        if (memberId) this.#lock(memberId, members, decision);
        return;
      case 'disableTool':
        if (tool) standstill.stop({ scope: 'tool', name: tool }, 'system', { via: 'limit', reason: 'limit' });
        return;
      case 'openIncident':
        this.#open(decision);
    }
  }

  #alert({ rule }: LimitDecision, severity: Severity): void {
    this.alerts.raise({ about: 'limit', severity, code: rule, incident: null });
  }

  /** The conversation, or all that are held by the one whom the rule counts. */
  #end({ who, per }: LimitDecision): void {
    const farewell = `I am sorry, I have to end our conversation here. Please speak with ${this.#parts.handOffTo}.`;
    for (const [id, { live, who: holder }] of this.#held)
      if (id === who.conversationId || isSame(per, holder, who)) live.dismiss('limit', farewell);
  }

  /** The last administrator is not locked out by a rule: somebody has to look. */
  #lock(memberId: string, members: Members, decision: LimitDecision): void {
    try {
      members.lock(memberId, 'system', `limit ${decision.rule}`);
    } catch (error) {
      this.#parts.log.warn('limits.notLocked', { code: logId(codeOf(error)) });
      this.#alert(decision, 'high');
    }
    this.#end({ ...decision, per: 'member' });
  }

  #open(decision: LimitDecision): void {
    const { rule, measured, most, who, seq } = decision;
    const summary = `The limit ${rule} was passed: ${measured}, where ${most} is allowed.`;
    const conversation = who.conversationId
      ? [{ kind: 'conversation', conversationId: who.conversationId } as const]
      : [];
    this.incidents.open({ kind: rule, severity: 'medium', summary }, 'system', [
      { kind: 'finding', seq, code: 'limit.exceed' },
      ...conversation,
    ]);
  }

  #safely(act: () => void): void {
    try {
      if (this.#parts.vault.db.open) act();
    } catch (error) {
      this.#parts.log.warn('limits.notWatched', { code: logId(codeOf(error)) });
    }
  }
}

/** Whether a conversation is held by the one whom a decision is about; a site has one desk, and so all of them. */
function isSame(per: LimitDecision['per'], holder: Holder, who: LimitDecision['who']): boolean {
  if (per === 'site' || per === 'desk') return true;
  const kind = { member: 'memberId', address: 'address', device: 'device' } as const;
  if (per === 'conversation' || per === 'tool') return false;
  const of = holder[kind[per]];
  return of !== null && of === who[kind[per]];
}
