import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, codeOf, Emitter, type Json, type Log, logId, newId } from '../base/index.ts';
import { readAnswer } from './answer.ts';
import { judgeApproval } from './approval.ts';
import { CapabilityMint } from './capability.ts';
import { confirmationOf, type DeskTools, type ToolEntry } from './desk-tools.ts';
import type { Approval, CallContext, CallOutcome, GatewayEvent, Proposal, ToolGateway } from './gateway.ts';
import { CallCounter } from './limits.ts';
import { type CallRequest, judge } from './policy.ts';
import { type PendingCall, Proposals } from './proposals.ts';
import { confirmationText, type ReadBack, readBackByFormat } from './read-back.ts';
import { type Refusal, refusal, SAY_FAILED, SAY_UNKNOWN } from './refusal.ts';
import { compileSchemas, type ToolSchemas } from './schemas.ts';
import { CallLost, ToolServer } from './tool-server.ts';

export interface ToolGatewayOptions {
  /** The desk pack's tools and servers; a `DeskPack` with its `id`. */
  readonly desk: DeskTools;
  /** Where tool servers may keep data (`Paths.deskData`); each desk has a folder of its own under it. */
  readonly deskData: string;
  /** Ed25519: a private key, or its 32-byte seed. */
  readonly signingKey: KeyObject | Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
  /** How a value is said. Default: by the `format` of the argument, in `currency`. */
  readonly readBack?: ReadBack;
  /** ISO 4217; default USD. */
  readonly currency?: string;
}

/**
 * Opens the gateway of one desk and starts its servers.
 * @throws SottoError `tools/bad-schema`, `tools/bad-key`. A server that does not start is no error here: calls to
 * it fail, and `health()` says why.
 */
export function openToolGateway(options: ToolGatewayOptions): ToolGateway {
  return new DeskGateway(options);
}

type Emitted = GatewayEvent & { readonly conversationId: string; readonly at: number };

class DeskGateway implements ToolGateway {
  readonly #desk: DeskTools;
  readonly #schemas: ReadonlyMap<string, ToolSchemas>;
  readonly #servers: ReadonlyMap<string, ToolServer>;
  readonly #mint: CapabilityMint;
  readonly #readBack: ReadBack;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counter = new CallCounter();
  readonly #proposals = new Proposals();
  readonly #events: Emitter<Emitted>;
  #closed = false;

  constructor(options: ToolGatewayOptions) {
    this.#desk = options.desk;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#schemas = compileSchemas(options.desk);
    this.#mint = new CapabilityMint(options.signingKey, `sotto/${options.desk.id}`, options.clock);
    this.#readBack =
      options.readBack ?? readBackByFormat(options.desk, options.currency ?? 'USD', options.clock);
    this.#events = new Emitter(() => options.log.warn('toolGateway.listenerFailed'));
    this.#servers = startServers(options, this.#mint.publicKey);
  }

  propose(name: string, callArguments: Readonly<Record<string, Json>>, context: CallContext): Proposal {
    const request = this.#request(name, callArguments, context);
    if ('code' in request) return this.#refuse(name, request, context);
    const no = judge(request, this.#policy());
    if (no) return this.#refuse(name, no, context);
    const { tool } = request;
    const needs = confirmationOf(tool);
    const call: PendingCall = {
      id: newId(),
      name,
      arguments: request.arguments,
      conversationId: context.conversationId,
      turn: context.turn,
      needs,
      at: this.#clock.now(),
      journal: context.journal,
    };
    const text =
      needs === 'none' ? tool.description : confirmationText(name, tool, call.arguments, this.#readBack);
    const proposed = { proposalId: call.id, tool: name, risk: tool.risk, text, needs };
    if (!this.#journal(context, { event: 'proposed', ...proposed }))
      return this.#refuse(name, notRecorded(), context);
    for (const voided of this.#proposals.add(call)) this.#withdrawn(voided);
    this.#emit(context.conversationId, { event: 'proposed', ...proposed });
    if (needs === 'none') return { kind: 'ready', proposalId: call.id };
    return { kind: 'confirm', proposalId: call.id, text, onScreenOnly: needs === 'screen' };
  }

  async execute(proposalId: string, approval: Approval | null, context: CallContext): Promise<CallOutcome> {
    const call = this.#proposals.find(proposalId);
    // Another conversation learns nothing, not even that the proposal exists.
    if (!call || call.conversationId !== context.conversationId)
      return this.#refuse(call?.name ?? 'unknown', notPending(), context);
    const now = this.#clock.now();
    const request = this.#request(call.name, call.arguments, context);
    const no =
      'code' in request
        ? request
        : (judgeApproval(call, approval, context) ??
          (this.#proposals.isOld(call, now) ? notPending() : judge(request, this.#policy())));
    if (no || 'code' in request) return this.#refuse(call.name, no ?? notPending(), context, proposalId);
    // Taken and counted before anything is awaited: the same proposal cannot be carried out twice at once.
    this.#proposals.take(proposalId);
    this.#counter.count(call.name, request.tool, context, now);
    return this.#carryOut(call, request, approval?.by ?? 'none');
  }

  withdraw(proposalId: string): void {
    const call = this.#proposals.take(proposalId);
    if (call) this.#withdrawn(call);
  }

  onEvent(listener: (event: Emitted) => void): () => void {
    return this.#events.on(listener);
  }

  async health(): Promise<
    readonly { readonly server: string; readonly ok: boolean; readonly message: string }[]
  > {
    return Promise.all([...this.#servers].map(async ([server, one]) => ({ server, ...(await one.ping()) })));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#proposals.clear();
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }

  /** The tool as declared, and a copy of the arguments that nobody else holds; or why not. */
  #request(
    name: string,
    callArguments: Readonly<Record<string, Json>>,
    context: CallContext,
  ): CallRequest | Refusal {
    if (this.#closed) return refusal('closed', 'I cannot do that any more.');
    const tool = Object.hasOwn(this.#desk.tools, name) ? this.#desk.tools[name] : undefined;
    const schemas = this.#schemas.get(name);
    if (!tool || !schemas)
      return refusal('not-declared', 'That is not something that I can do at this desk.');
    return { name, tool, schemas, arguments: structuredClone(callArguments), context };
  }

  async #carryOut(
    call: PendingCall,
    { tool, schemas, context }: CallRequest,
    approvedBy: 'none' | Approval['by'],
  ): Promise<CallOutcome> {
    const server = this.#servers.get(tool.server);
    if (!server) return this.#refuse(call.name, refusal('no-server', SAY_FAILED), context, call.id);
    const startedMs = this.#clock.monotonicMs();
    let outcome: CallOutcome;
    try {
      if (!(await server.offers(call.name)))
        return this.#refuse(
          call.name,
          refusal('not-offered', 'I am sorry, that is not available at the moment.'),
          context,
          call.id,
        );
      const called = {
        event: 'called',
        proposalId: call.id,
        tool: call.name,
        risk: tool.risk,
        approvedBy,
        argumentsHash: this.#mint.argumentsHash(call.arguments),
      } as const;
      // Nothing is done that the record and the log do not know of.
      if (!this.#journal(context, called)) return this.#refuse(call.name, notRecorded(), context, call.id);
      this.#emit(context.conversationId, called);
      outcome = await this.#send(server, call, tool, schemas, context);
    } catch (error) {
      outcome = lost(tool, error);
    }
    this.#tell(context, {
      event: 'answered',
      proposalId: call.id,
      tool: call.name,
      outcome: outcome.kind,
      code: outcome.kind === 'ok' ? null : outcome.code,
      tookMs: Math.round(this.#clock.monotonicMs() - startedMs),
    });
    return outcome;
  }

  /** Sends the call; once more, with a capability of its own, where the tool is idempotent and the server died. */
  async #send(
    server: ToolServer,
    call: PendingCall,
    tool: ToolEntry,
    schemas: ToolSchemas,
    context: CallContext,
  ): Promise<CallOutcome> {
    // What only reads may be left alone when the person interrupts; what changes the world is seen to its end.
    const signal = tool.risk === 'read' ? context.signal : null;
    for (let attempt = 1; ; attempt += 1) {
      const meta = {
        'sotto/capability': await this.#mint.mint({
          server: tool.server,
          tool: call.name,
          conversationId: call.conversationId,
          proposalId: call.id,
          arguments: call.arguments,
        }),
        'sotto/idempotency-key': call.id,
      };
      try {
        const result = await server.call(call.name, call.arguments, meta, {
          timeoutMs: tool.timeoutMs,
          signal,
        });
        const answer = readAnswer(result, schemas);
        if (answer.kind === 'ok') return { kind: 'ok', result: answer.result };
        if (answer.kind === 'error') return { kind: 'failed', code: 'tools/tool-error', say: SAY_FAILED };
        return unreadable(tool, answer.code);
      } catch (error) {
        const again = error instanceof CallLost && error.code === 'tools/server-lost' && tool.idempotent;
        if (!again || attempt > 1) throw error;
      }
    }
  }

  #policy() {
    return { clock: this.#clock, counter: this.#counter, readBack: this.#readBack };
  }

  #refuse(
    tool: string,
    no: Refusal,
    context: CallContext,
    proposalId: string | null = null,
  ): Refusal & { readonly kind: 'refused' } {
    // A name that the pack does not declare could be anything, also what somebody said.
    const known = Object.hasOwn(this.#desk.tools, tool) ? tool : 'unknown';
    this.#tell(context, { event: 'refused', proposalId, tool: known, code: no.code });
    return { kind: 'refused', code: no.code, say: no.say };
  }

  #withdrawn(call: PendingCall): void {
    this.#tell(call, { event: 'withdrawn', proposalId: call.id, tool: call.name });
  }

  /** What cannot be undone any more: recorded if it can be, and told. */
  #tell(context: Pick<CallContext, 'conversationId' | 'journal'>, event: GatewayEvent): void {
    this.#journal(context, event);
    this.#emit(context.conversationId, event);
  }

  /** False when the step could not be written down. */
  #journal(context: Pick<CallContext, 'journal'>, step: GatewayEvent): boolean {
    try {
      context.journal(step);
      return true;
    } catch (error) {
      this.#log.warn('toolGateway.notRecorded', { step: logId(step.event), code: logId(codeOf(error)) });
      return false;
    }
  }

  #emit(conversationId: string, event: GatewayEvent): void {
    this.#events.emit({ ...event, conversationId, at: this.#clock.now() });
  }
}

function notRecorded(): Refusal {
  return refusal('not-recorded', 'I cannot do that now, because I cannot keep a record of it.');
}

function notPending(): Refusal {
  return refusal('not-pending', 'There is nothing that waits for your yes.');
}

/** No answer. What changes the world and was sent may have happened. */
function lost(tool: ToolEntry, error: unknown): CallOutcome {
  const code = error instanceof CallLost ? error.code : 'tools/internal';
  const sent = error instanceof CallLost ? error.sent : true;
  if (!sent || code === 'tools/server-error') return { kind: 'failed', code, say: SAY_FAILED };
  return unreadable(tool, code);
}

function unreadable(tool: ToolEntry, code: string): CallOutcome {
  return tool.risk === 'read'
    ? { kind: 'failed', code, say: SAY_FAILED }
    : { kind: 'unknown', code, say: SAY_UNKNOWN };
}

function startServers(options: ToolGatewayOptions, publicKey: string): ReadonlyMap<string, ToolServer> {
  const { desk, log } = options;
  const data = join(options.deskData, desk.id);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const servers = Object.entries(desk.servers).map(([name, entry]) => {
    const env = { SOTTO_DESK_DATA: data, SOTTO_CAPABILITY_KEY: publicKey, SOTTO_SERVER: name };
    return [name, new ToolServer({ name, entry, folder: desk.folder, env, log })] as const;
  });
  // Started ahead of the first call, so that nobody waits for it.
  for (const [, server] of servers) server.start().catch(() => {});
  return new Map(servers);
}
