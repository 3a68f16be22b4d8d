/**
 * A stand-in for the appliance's services: small, in memory, and nothing but that. It lets the wire, the gate and
 * the hosts be tested without a vault or an engine. Passphrases are compared as they are and nothing is kept.
 */
import { randomBytes } from 'node:crypto';
import type { Services } from '../../main/api/index.ts';
import type { AuditEntry, AuditEvent, AuditLog } from '../../main/audit/index.ts';
import { BoundedQueue, newId, SottoError } from '../../main/base/index.ts';
import type { ConversationEvent, LiveConversation } from '../../main/conversation/index.ts';
import type { WatchedEvent } from '../../main/guard/index.ts';
import type { Identity, Member, Role, Session } from '../../main/identity/index.ts';
import type { Records } from '../../main/records/index.ts';

export const PASSPHRASE = 'correct horse battery';
const HOUR_MS = 3_600_000;

/** The services, and what a test may see and do behind the api's back. */
export interface StandIn {
  readonly services: Services;
  readonly auditEvents: AuditEvent[];
  readonly conversations: StandInConversation[];
  readonly soundChecks: Set<string>;
  /** How many `soundLevels` streams are being read. */
  levelReaders: number;
  /** How many readings those streams have made. */
  levelsMade: number;
  addMember(username: string, roles: readonly Role[]): Member;
  /** Ends a session as if another window had signed out. */
  revoke(token: string): void;
  /** Next `system.doctor` throws this. */
  failChecks: unknown;
  /** Answers of `system.doctor`, whatever their shape. */
  checks: unknown;
  sessionMs: number;
  /** What those who watch were told of. */
  readonly observed: WatchedEvent[];
  /** Sessions say that the member must choose another passphrase. */
  mustChange: boolean;
}

/** `ready` with the members `admin`, `staff`, `auditor`; or `setup`, where nothing exists yet. */
export function standIn(phase: 'setup' | 'ready' = 'ready'): StandIn {
  const members = new Map<string, Member>();
  const sessions = new Map<string, Session>();
  const state: Omit<StandIn, 'services'> = {
    auditEvents: [],
    conversations: [],
    soundChecks: new Set(),
    levelReaders: 0,
    levelsMade: 0,
    addMember: (username, roles) => {
      const member = { id: newId(), username, displayName: username, roles, createdAt: Date.now() };
      members.set(username, member);
      return member;
    },
    revoke: (token) => sessions.delete(token),
    failChecks: null,
    checks: [{ id: 'disk', name: 'Disk', state: 'ok', message: 'Enough room.', remedy: null }],
    sessionMs: HOUR_MS,
    mustChange: false,
    observed: [],
  };
  const open = openServices(state, members, sessions);
  const services = {
    open: phase === 'ready' ? open : null,
    status: async () => ({
      version: '0.1.0',
      phase: services.open === null ? ('setup' as const) : ('ready' as const),
      siteName: services.open === null ? null : 'Test site',
      desk: null,
      keychain: { available: false, label: 'none' },
      host: 'headless' as const,
    }),
    checks: async () => {
      if (state.failChecks !== null) throw state.failChecks;
      return state.checks as never;
    },
    desks: async () => [],
    setUp: async ({ admin }: Parameters<Services['setUp']>[0]) => {
      if (services.open !== null)
        throw new SottoError('setup/already-done', 'This appliance is set up already.');
      services.open = open;
      return state.addMember(admin.username, ['admin']);
    },
    unlock: async () => {
      throw new SottoError('vault/wrong-key', 'The passphrase does not open the vault.');
    },
    soundCheck: async () => {
      const id = newId();
      state.soundChecks.add(id);
      return { id, sdp: 'answer' };
    },
    soundLevels: () => levels(state),
    measureSound: async function* () {
      yield { type: 'stage' as const, stage: 'quiet' as const };
    },
    endSoundCheck: async (id: string) => void state.soundChecks.delete(id),
  } satisfies Services as { -readonly [K in keyof Services]: Services[K] };
  if (phase === 'ready') {
    state.addMember('admin', ['admin']);
    state.addMember('staff', ['staff']);
    state.addMember('auditor', ['auditor']);
  }
  return Object.assign(state, { services });
}

/** Endless meter readings, as fast as they are taken: what a slow reader must not pile up. */
async function* levels(state: Pick<StandIn, 'levelReaders' | 'levelsMade'>) {
  state.levelReaders += 1;
  try {
    for (let at = 0; ; at++) {
      await new Promise(setImmediate);
      state.levelsMade += 1;
      yield { rmsDb: -40, peakDb: -20, clipped: false, speech: false, secret: `not declared ${at}` };
    }
  } finally {
    state.levelReaders -= 1;
  }
}

function openServices(
  state: Omit<StandIn, 'services'>,
  members: Map<string, Member>,
  sessions: Map<string, Session>,
) {
  return {
    identity: standInIdentity(state, members, sessions),
    audit: standInAudit(state.auditEvents),
    records: standInRecords(),
    retention: notHere(),
    members: notHere(),
    safety: notHere(),
    watching: {
      incidents: notHere(),
      alerts: notHere(),
      limits: () => [],
      setLimits: notHere(),
      soundPolicy: notHere(),
      setSoundPolicy: notHere(),
      observe: (event: WatchedEvent) => void state.observed.push(event),
      paceMs: () => 0,
    },
    collector: () => ({ collector: null, waiting: 0 }),
    vaultState: () => ({ keySource: 'ephemeral', recoveryKey: null, lastBackupAt: null }),
    models: notHere(),
    exportSubject: notHere(),
    newExportFolder: notHere(),
    converse: async (who: { memberId: string }) => {
      const conversation = new StandInConversation(who.memberId);
      state.conversations.push(conversation);
      return { conversation, sdp: null };
    },
    conversation: (id: string, memberId: string) =>
      state.conversations.find((one) => one.id === id && one.memberId === memberId && !one.isEnded) ?? null,
  } satisfies NonNullable<Services['open']>;
}

/** A room that the stand-in does not have: whatever is asked of it is refused. */
function notHere(): never {
  const refuse = () => {
    throw new SottoError('stand-in/none', 'The stand-in has no such room.');
  };
  return new Proxy(refuse, { get: () => notHere() }) as never;
}

function standInIdentity(
  state: Pick<StandIn, 'addMember' | 'sessionMs' | 'mustChange'>,
  members: Map<string, Member>,
  sessions: Map<string, Session>,
): Identity {
  return {
    get empty() {
      return members.size === 0;
    },
    createMember: async ({ username, roles }) => state.addMember(username, roles),
    signIn: async (username, passphrase) => {
      const member = members.get(username);
      if (member === undefined || passphrase !== PASSPHRASE)
        throw new SottoError('identity/refused', 'The name or the passphrase is wrong.');
      const token = randomBytes(32).toString('base64url');
      const changing = state.mustChange ? { mustChangePassphrase: true as const } : {};
      const session = { token, member, expiresAt: Date.now() + state.sessionMs, ...changing };
      sessions.set(token, session);
      return session;
    },
    resume: (token) => {
      const session = sessions.get(token);
      if (session === undefined || session.expiresAt <= Date.now()) return null;
      return { ...session, member: members.get(session.member.username) ?? session.member };
    },
    signOut: (token) => void sessions.delete(token),
    members: () => [...members.values()],
  };
}

function standInAudit(events: AuditEvent[]): AuditLog {
  const append = (event: AuditEvent): AuditEntry => {
    events.push(event);
    return { seq: events.length - 1, at: Date.now(), json: '{}' };
  };
  return {
    append,
    record: (event, act) => {
      const result = act();
      append(event);
      return result;
    },
    recordTogether: async (event, act) => {
      const result = act();
      append(event);
      return result;
    },
    pseudonym: () => '0'.repeat(32),
    export: async () => {
      throw new SottoError('stand-in/none', 'The stand-in keeps no log to export.');
    },
    checkpoint: () => '',
    certify: () => '',
    verify: () => ({ ok: true, entries: events.length, checkpoints: 0, root: '', problems: [], notices: [] }),
    verifyInSteps: async () => standInAudit(events).verify(),
    recent: () => [],
    origin: 'stand-in/audit',
    verifierKey: '',
    close: () => {},
  };
}

function standInRecords(): Records {
  return {
    begin: () => {
      throw new SottoError('stand-in/none', 'The stand-in keeps no records.');
    },
    list: () => [],
    read: () => {
      throw new SottoError('records/not-found', 'No such record.');
    },
    search: () => [],
    listen: () => [],
    putUnder: () => '',
    forgetSound: () => 0,
    rebuildIndex: () => 0,
    closeAbandoned: () => 0,
    receipts: () => [],
  };
}

/** A conversation that repeats what is typed. */
export class StandInConversation implements LiveConversation {
  readonly id = newId();
  readonly memberId: string;
  readonly ended: Promise<string>;
  isEnded = false;
  endReason: string | null = null;
  readers = 0;
  #end: (reason: string) => void = () => {};
  readonly #queue = new BoundedQueue<ConversationEvent>(256);
  #turn = 0;

  constructor(memberId: string) {
    this.memberId = memberId;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#push({ type: 'state', state: 'listening' });
  }

  async *events(): AsyncIterable<ConversationEvent> {
    this.readers += 1;
    try {
      yield* this.#queue;
    } finally {
      this.readers -= 1;
    }
  }

  onEvent(): () => void {
    return () => {};
  }

  type(text: string): void {
    this.#turn += 1;
    this.#push({ type: 'final', text, via: 'typed', confidence: 1, inGrammar: true });
    this.#push({ type: 'reply', kind: 'echo', text, source: null });
  }

  setMode(): void {}
  pushToTalk(): void {}
  decide(): void {}
  soundTrace(): void {}
  silenced(): void {}
  reportPlayout(): void {}
  stopSpeaking(): void {}
  withdraw(): void {}

  dismiss(reason: string): void {
    void this.end(reason);
  }

  async end(reason: string): Promise<void> {
    if (this.isEnded) return;
    this.isEnded = true;
    this.endReason = reason;
    this.#push({ type: 'ended', reason });
    this.#queue.close();
    this.#end(reason);
  }

  #push(event: Record<string, unknown> & { readonly type: ConversationEvent['type'] }): void {
    const whole = { at: Date.now(), conversationId: this.id, turn: this.#turn, ...event };
    this.#queue.push(whole as unknown as ConversationEvent);
  }
}
