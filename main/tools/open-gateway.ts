import type { KeyObject } from 'node:crypto';
import { type Clock, type Json, newId } from '../base/index.ts';
import { judgeApproval } from './approval.ts';
import { CapabilityMint } from './capability.ts';
import { carryOut } from './carry-out.ts';
import { confirmationOf, type DeskTools } from './desk-tools.ts';
import type {
  Approval,
  CallContext,
  CallOutcome,
  GatewayEvent,
  Proposal,
  StepUpPort,
  StepUpProof,
  ToolGateway,
  UnresolvedCall,
} from './gateway.ts';
import { CallCounter, overLedgerLimits } from './limits.ts';
import { type CallRequest, judge, type PolicyParts, stoppedNow } from './policy.ts';
import { type PendingCall, Proposals } from './proposals.ts';
import { confirmationText, type ReadBack, readBackByFormat } from './read-back.ts';
import { type Refusal, refusal, SAY_FAILED } from './refusal.ts';
import { compileSchemas, type ToolSchemas } from './schemas.ts';
import { type ServerParts, startServers } from './servers/start-servers.ts';
import type { ToolServer } from './servers/tool-server.ts';
import { covers, type StopTarget, type Switches, switchesInMemory } from './state/kill-switch.ts';
import { ledgerInMemory, summedArguments, type ToolLedger } from './state/ledger.ts';
import { type SteppedUp, StepUps } from './step-up/step-up.ts';
import { Steps, type ToldStep } from './steps.ts';

/** Conversations that ended are remembered, so that nothing more is done for them; the last so many. */
const MAX_ENDED = 2000;

export interface ToolGatewayOptions extends ServerParts {
  /** Ed25519: a private key, or its 32-byte seed. */
  readonly signingKey: KeyObject | Uint8Array;
  /** How a value is said. Default: by the `format` of the argument, in `currency`. */
  readonly readBack?: ReadBack;
  /** ISO 4217; default USD. */
  readonly currency?: string;
  /** IANA name, for the hours of tools; default that of the machine. */
  readonly timeZone?: string;
  /** What went out, kept in the vault (`openToolLedger`). Default: in memory, for a gateway that is only tried out. */
  readonly ledger?: ToolLedger;
  /** What is stopped, kept in the vault (`openKillSwitches`). Default: in memory. */
  readonly switches?: Switches;
  /** Default: a tool that asks for a step-up is refused. */
  readonly stepUp?: StepUpPort;
}

/**
 * Opens the gateway of one desk and starts its servers.
 * @throws SottoError `tools/bad-schema`, `tools/bad-key`. A server that does not start is no error here: calls to
 * it fail, and `health()` says why.
 */
export function openToolGateway(options: ToolGatewayOptions): ToolGateway {
  return new DeskGateway(options);
}

class DeskGateway implements ToolGateway {
  readonly #desk: DeskTools;
  readonly #schemas: ReadonlyMap<string, ToolSchemas>;
  readonly #servers: ReadonlyMap<string, ToolServer>;
  readonly #mint: CapabilityMint;
  readonly #policy: PolicyParts;
  readonly #clock: Clock;
  readonly #proposals = new Proposals();
  readonly #ended = new Set<string>();
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #steps: Steps;
  readonly #deaf: () => void;
  #closed = false;

  constructor(options: ToolGatewayOptions) {
    const { desk, clock } = options;
    this.#desk = desk;
    this.#clock = clock;
    this.#steps = new Steps(options);
    this.#schemas = compileSchemas(desk);
    this.#mint = new CapabilityMint(options.signingKey, `sotto/${desk.id}`, clock);
    const ledger = options.ledger ?? ledgerInMemory(clock);
    this.#policy = {
      deskId: desk.id,
      clock,
      timeZone: options.timeZone,
      switches: options.switches ?? switchesInMemory(clock),
      counter: new CallCounter(),
      ledger,
      stepUps: new StepUps(options.stepUp ?? null, ledger, clock),
      readBack: options.readBack ?? readBackByFormat(desk, options.currency ?? 'USD', clock),
    };
    this.#servers = startServers(options, this.#mint.publicKey);
    this.#deaf = this.#policy.switches.onStop((target) => this.#voidStopped(target));
  }

  propose(name: string, callArguments: Readonly<Record<string, Json>>, context: CallContext): Proposal {
    const request = this.#request(name, callArguments, context);
    if ('code' in request) return this.#refuse(name, request, context);
    const no = judge(request, this.#policy);
    if (no) return this.#refuse(name, no, context);
    const call = this.#pending(request);
    const { needs, stepUp } = call;
    const { tool } = request;
    const text =
      needs === 'none'
        ? tool.description
        : confirmationText(name, tool, call.arguments, this.#policy.readBack);
    const further = stepUp === 'none' ? {} : { stepUp };
    const proposed = { proposalId: call.id, tool: name, risk: tool.risk, text, needs, ...further };
    if (!this.#steps.record(context, { event: 'proposed', ...proposed }))
      return this.#refuse(name, notRecorded(), context);
    for (const voided of this.#proposals.add(call)) this.#withdrawn(voided);
    this.#steps.tell(context.conversationId, { event: 'proposed', ...proposed });
    if (needs === 'none') return { kind: 'ready', proposalId: call.id };
    return { kind: 'confirm', proposalId: call.id, text, onScreenOnly: needs === 'screen', stepUp };
  }

  async execute(proposalId: string, approval: Approval | null, context: CallContext): Promise<CallOutcome> {
    const call = this.#proposals.find(proposalId);
    // Another conversation learns nothing, not even that the proposal exists.
    if (!call || call.conversationId !== context.conversationId)
      return this.#refuse(call?.name ?? 'unknown', notPending(), context);
    const request = this.#request(call.name, call.arguments, context);
    if ('code' in request) return this.#refuse(call.name, request, context, proposalId);
    const no = this.#refusesNow(call, approval, request);
    if (no) return this.#refuse(call.name, no, context, proposalId);
    const stepped = this.#policy.stepUps.of(call);
    if (stepped && 'code' in stepped) return this.#refuse(call.name, stepped, context, proposalId);
    // Taken and counted before anything is awaited: the same proposal cannot be carried out twice at once.
    this.#proposals.take(proposalId);
    this.#policy.counter.count(call.name, context);
    const done = this.#carryOut(call, request, approval?.by ?? 'none', stepped);
    this.#inFlight.add(done);
    try {
      return await done;
    } finally {
      this.#inFlight.delete(done);
    }
  }

  withdraw(proposalId: string): void {
    const call = this.#proposals.take(proposalId);
    if (call) this.#withdrawn(call);
  }

  stepUp(proposalId: string, proof: StepUpProof): ReturnType<ToolGateway['stepUp']> {
    const call = this.#proposals.find(proposalId);
    if (!call || this.#proposals.isOld(call, this.#clock.now())) return { kind: 'refused', ...notPending() };
    const given = this.#policy.stepUps.prove(call, proof);
    if (!('code' in given)) {
      this.#steps.tell(call.conversationId, { event: 'steppedUp', proposalId, tool: call.name });
      return { kind: 'ok' };
    }
    this.#steps.happened(call, { event: 'refused', proposalId, tool: call.name, code: given.code });
    // Guessing ends the proposal, and not only the guess.
    if (given.code === 'tools/step-up-locked') this.withdraw(proposalId);
    return { kind: 'refused', code: given.code, say: given.say };
  }

  endConversation(conversationId: string): void {
    this.#ended.add(conversationId);
    const [oldest] = this.#ended;
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest);
    for (const call of this.#proposals.takeAll((one) => one.conversationId === conversationId))
      this.#withdrawn(call);
  }

  unresolved(): readonly UnresolvedCall[] {
    return this.#policy.ledger.unresolved();
  }

  onEvent(listener: (event: ToldStep) => void): () => void {
    return this.#steps.onStep(listener);
  }

  async health(): ReturnType<ToolGateway['health']> {
    return Promise.all([...this.#servers].map(async ([server, one]) => ({ server, ...(await one.ping()) })));
  }

  /** What was sent and not answered by now ends as unknown, and is written down before this returns. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#deaf();
    this.#proposals.clear();
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
    await Promise.allSettled(this.#inFlight);
  }

  /** The tool as declared, and a copy of the arguments that nobody else holds; or why not. */
  #request(
    name: string,
    callArguments: Readonly<Record<string, Json>>,
    context: CallContext,
  ): CallRequest | Refusal {
    if (this.#closed || this.#ended.has(context.conversationId))
      return refusal('closed', 'I cannot do that any more.');
    const tool = Object.hasOwn(this.#desk.tools, name) ? this.#desk.tools[name] : undefined;
    const schemas = this.#schemas.get(name);
    if (!tool || !schemas)
      return refusal('not-declared', 'That is not something that I can do at this desk.');
    return { name, tool, schemas, arguments: structuredClone(callArguments), context };
  }

  #pending({ name, tool, arguments: given, context }: CallRequest): PendingCall {
    return {
      id: newId(),
      name,
      arguments: given,
      conversationId: context.conversationId,
      memberId: context.memberId,
      risk: tool.risk,
      stepUp: tool.stepUp,
      stepUpRoles: tool.stepUpRoles ?? ['supervisor', 'admin'],
      turn: context.turn,
      needs: confirmationOf(tool),
      at: this.#clock.now(),
      journal: context.journal,
    };
  }

  /** Everything that must hold when the yes comes, and not only when it was proposed. */
  #refusesNow(call: PendingCall, approval: Approval | null, request: CallRequest): Refusal | null {
    // Somebody else has signed in meanwhile: the yes and the proposal are of different people.
    if (call.memberId !== request.context.memberId || this.#proposals.isOld(call, this.#clock.now()))
      return notPending();
    return judgeApproval(call, approval, request.context) ?? judge(request, this.#policy);
  }

  async #carryOut(
    call: PendingCall,
    request: CallRequest,
    approvedBy: 'none' | Approval['by'],
    stepped: SteppedUp | null,
  ): Promise<CallOutcome> {
    const { tool, schemas, context } = request;
    const server = this.#servers.get(tool.server);
    if (!server) return this.#refuse(call.name, refusal('no-server', SAY_FAILED), context, call.id);
    const startedMs = this.#clock.monotonicMs();
    const called = {
      event: 'called',
      proposalId: call.id,
      tool: call.name,
      risk: tool.risk,
      approvedBy,
      stepUp: stepped?.by ?? 'none',
      stepUpBy: stepped?.memberId ?? null,
      argumentsHash: this.#mint.argumentsHash(call.arguments),
    } as const;
    const letGo = (attempt: number) => this.#letGo(call, request, called, attempt);
    const outcome = await carryOut({ server, call, tool, schemas, context, mint: this.#mint, letGo });
    if (!('kind' in outcome)) return this.#refuse(call.name, outcome, context, call.id);
    this.#answered(call, context, outcome, Math.round(this.#clock.monotonicMs() - startedMs));
    return outcome;
  }

  /**
   * The last word before a call is sent. Nothing is done that the ledger, the record and the log do not know of: they
   * are written in one transaction, in which the limits are counted once more.
   */
  #letGo(
    call: PendingCall,
    { name, tool, arguments: given, context }: CallRequest,
    called: Extract<GatewayEvent, { event: 'called' }>,
    attempt: number,
  ): Refusal | null {
    const { ledger, deskId, readBack, switches } = this.#policy;
    if (this.#closed || this.#ended.has(call.conversationId))
      return refusal('closed', 'I cannot do that any more.');
    const no =
      stoppedNow(name, tool.risk, switches) ??
      (attempt > 1 ? null : overLedgerLimits(ledger, deskId, { name, tool, arguments: given }, readBack));
    if (no || attempt > 1) return no;
    const { conversationId } = call;
    const hundredths = summedArguments(tool, given);
    const { proposalId, argumentsHash } = called;
    const kept = {
      proposalId,
      deskId,
      conversationId,
      tool: name,
      risk: tool.risk,
      argumentsHash,
      hundredths,
    };
    if (!this.#steps.write('called', () => ledger.called(kept, () => context.journal(called))))
      return notRecorded();
    this.#steps.tell(conversationId, called);
    return null;
  }

  /** What happened has happened: an answer that cannot be written down is given all the same. */
  #answered(call: PendingCall, context: CallContext, outcome: CallOutcome, tookMs: number): void {
    const code = outcome.kind === 'ok' ? null : outcome.code;
    const step = {
      event: 'answered',
      proposalId: call.id,
      tool: call.name,
      outcome: outcome.kind,
      code,
      tookMs,
    } as const;
    this.#steps.write('ledger', () => this.#policy.ledger.answered(call.id, outcome.kind, code));
    this.#steps.happened(context, step);
  }

  #voidStopped(target: StopTarget): void {
    for (const call of this.#proposals.takeAll((one) => covers(target, one.name, one.risk)))
      this.#withdrawn(call);
  }

  #refuse(
    tool: string,
    no: Refusal,
    context: CallContext,
    proposalId: string | null = null,
  ): Refusal & { readonly kind: 'refused' } {
    // A name that the pack does not declare could be anything, also what somebody said.
    const known = Object.hasOwn(this.#desk.tools, tool) ? tool : 'unknown';
    this.#steps.happened(context, { event: 'refused', proposalId, tool: known, code: no.code });
    return { kind: 'refused', code: no.code, say: no.say };
  }

  #withdrawn(call: PendingCall): void {
    this.#steps.happened(call, { event: 'withdrawn', proposalId: call.id, tool: call.name });
  }
}

function notRecorded(): Refusal {
  return refusal('not-recorded', 'I cannot do that now, because I cannot keep a record of it.');
}

function notPending(): Refusal {
  return refusal('not-pending', 'There is nothing that waits for your yes.');
}
