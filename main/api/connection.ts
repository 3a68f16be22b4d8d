import { type Clock, codeOf, type Log, logId, SottoError, silentLog, systemClock } from '../base/index.ts';
import type { Member } from '../identity/index.ts';
import type { Carrier } from './carriers/carrier.ts';
import { type ClientMessage, clientMessageSchema, type ServerMessage } from './contract.ts';
import { Custody } from './custody.ts';
import { Allowances, assertAllowed, findProcedure, type Procedure, parseInput } from './gate.ts';
import { handlers } from './handlers/handlers.ts';
import type { CallContext } from './handlers/types.ts';
import { RateLimit } from './rate.ts';
import type { Origin, Services } from './services.ts';
import { ConnectionSession } from './session.ts';
import { Watch } from './watch.ts';
import { toWireError } from './wire-error.ts';

/** Calls and streams that one connection may have under way; a window needs a handful. */
const MAX_UNDER_WAY = 64;
const MAX_STREAMS = 16;
/** All messages together. The busiest window sends a few a second; one that sends more is not ours. */
const MESSAGES_PER_MINUTE = 1200;
/** A reader that takes nothing for this long is gone. */
const SEND_STALL_MS = 30_000;
/** How often open streams are held against the end of their session. */
const EXPIRY_SWEEP_MS = 15_000;

export interface ConnectionOptions {
  /** Where the messages come from, for the log: `webSocket`, `pipe`, `inProcess`. */
  readonly carrier: string;
  /** Where the other end is; unknown unless told. */
  readonly origin?: Origin;
  readonly log?: Log;
  readonly clock?: Clock;
}

export interface Connection {
  readonly closed: Promise<void>;
  close(): void;
}

/**
 * Serves the contract to whoever is at the other end of `carrier`, until it closes. Nothing that arrives can
 * make this throw; what is not a message of the contract closes the carrier.
 */
export function serveConnection(
  services: Services,
  carrier: Carrier<ServerMessage>,
  options: ConnectionOptions,
): Connection {
  return new ServedConnection(services, carrier, options);
}

type Request = Exclude<ClientMessage, { cancel: true }>;

interface UnderWay {
  readonly stream: boolean;
  readonly abort: AbortController;
}

class ServedConnection implements Connection {
  readonly closed: Promise<void>;
  readonly #services: Services;
  readonly #carrier: Carrier<ServerMessage>;
  readonly #label: string;
  readonly #origin: Origin;
  readonly #watch: Watch;
  readonly #log: Log;
  readonly #allowances: Allowances;
  readonly #messages: RateLimit;
  readonly #session: ConnectionSession;
  readonly #custody: Custody;
  readonly #underWay = new Map<number, UnderWay>();

  constructor(services: Services, carrier: Carrier<ServerMessage>, options: ConnectionOptions) {
    const clock = options.clock ?? systemClock;
    this.#services = services;
    this.#carrier = carrier;
    this.#label = options.carrier;
    this.#origin = options.origin ?? { address: null, device: null };
    this.#watch = new Watch(services, this.#origin);
    this.#log = options.log ?? silentLog;
    this.#allowances = new Allowances(clock);
    this.#messages = new RateLimit(MESSAGES_PER_MINUTE, clock);
    this.#custody = new Custody(this.#log);
    this.#session = new ConnectionSession(clock, () => {
      this.#endStreams(
        new SottoError('session/expired', 'The session has ended.', { remedy: 'Sign in again.' }),
      );
      this.#custody.release();
    });
    const sweep = setInterval(() => this.#session.expire(this.#services.open), EXPIRY_SWEEP_MS);
    sweep.unref();
    this.closed = new Promise((resolve) => {
      carrier.onClose(() => {
        clearInterval(sweep);
        this.#endStreams(undefined);
        this.#custody.close();
        resolve();
      });
    });
    carrier.onMessage((raw) => this.#receive(raw));
  }

  close(): void {
    this.#carrier.close();
  }

  #receive(raw: unknown): void {
    const parsed = clientMessageSchema.safeParse(raw);
    if (!parsed.success) this.#hangUp('api.not-a-message');
    else if (this.#messages.take() > 0) this.#hangUp('api.flood');
    else if ('cancel' in parsed.data) this.#underWay.get(parsed.data.id)?.abort.abort();
    else if (this.#underWay.has(parsed.data.id)) this.#hangUp('api.id-in-use');
    else this.#start(parsed.data);
  }

  #start(message: Request): void {
    const entry: UnderWay = { stream: 'listen' in message, abort: new AbortController() };
    const refusal = this.#refuseForNumber(entry);
    this.#underWay.set(message.id, entry);
    this.#run(message, entry, refusal)
      .catch(() => this.#carrier.close())
      .finally(() => this.#underWay.delete(message.id));
  }

  #refuseForNumber({ stream }: UnderWay): SottoError | undefined {
    const streams = [...this.#underWay.values()].filter((entry) => entry.stream).length;
    if (this.#underWay.size < MAX_UNDER_WAY && !(stream && streams >= MAX_STREAMS)) return undefined;
    return new SottoError('api/too-many', 'Too many requests are under way on this connection.', {
      remedy: 'Wait for one of them to end.',
    });
  }

  /** Rejects only when the carrier can no longer be written to. */
  async #run(message: Request, { abort }: UnderWay, refusal: SottoError | undefined): Promise<void> {
    const { id, input } = message;
    try {
      if (refusal !== undefined) throw refusal;
      await this.#watch.request('call' in message ? message.call : message.listen, this.#session.memberId);
      if ('call' in message) {
        await this.#send({ id, ok: await this.#call(message.call, input) });
      } else {
        await this.#stream(id, message.listen, input, abort.signal);
        await this.#send({ id, done: true });
      }
    } catch (error) {
      if (error instanceof SendFailed) throw error;
      this.#logFailure('call' in message ? message.call : message.listen, error);
      await this.#send({ id, error: toWireError(error) });
    }
  }

  async #call(name: string, rawInput: unknown): Promise<unknown> {
    const procedure = findProcedure(name, 'call', this.#allowances);
    return this.#audited(procedure, async () => {
      const { input, context } = await this.#admit(procedure, rawInput);
      const handler = handlers[procedure.name] as (input: unknown, context: CallContext) => unknown;
      return parseOutput(procedure, await handler(input, context));
    });
  }

  async #stream(id: number, name: string, rawInput: unknown, signal: AbortSignal): Promise<void> {
    const procedure = findProcedure(name, 'stream', this.#allowances);
    const source = await this.#audited(procedure, async () => {
      const { input, context } = await this.#admit(procedure, rawInput);
      const handler = handlers[procedure.name] as (
        input: unknown,
        context: CallContext,
      ) => AsyncIterable<unknown>;
      return handler(input, context);
    });
    for await (const event of until(source, signal))
      await this.#send({ id, event: parseOutput(procedure, event) });
    if (signal.reason instanceof SottoError) throw signal.reason;
  }

  async #admit(
    procedure: Procedure,
    rawInput: unknown,
  ): Promise<{ readonly input: unknown; readonly context: CallContext }> {
    const session = this.#session.current(this.#services.open);
    const member = session?.member ?? null;
    try {
      await assertAllowed(procedure, this.#services, session);
    } catch (error) {
      this.#services.open?.audit.append({
        action: 'access.refuse',
        actor: member?.id ?? 'anonymous',
        outcome: 'failure',
        detail: { procedure: procedure.name, code: codeOf(error), carrier: this.#label },
      });
      throw error;
    }
    const input = parseInput(procedure, rawInput);
    if (procedure.reads) this.#countRead();
    return { input, context: this.#contextFor(member) };
  }

  /** Counted before anything is read: whom a limit locks at this very read, reads nothing. */
  #countRead(): void {
    const { open } = this.#services;
    const reader = this.#session.memberId;
    if (open === null || reader === null) return;
    this.#watch.recordRead(open, reader);
    if (this.#session.current(open) === null)
      throw new SottoError('session/expired', 'The session has ended.', { remedy: 'Sign in again.' });
  }

  #contextFor(member: Member | null): CallContext {
    return {
      services: this.#services,
      session: this.#session,
      custody: this.#custody,
      origin: this.#origin,
      signIn: async (username, passphrase) => {
        const { open } = this.#services;
        if (open === null) throw locked();
        const session = await open.identity.signIn(username, passphrase, this.#origin.address ?? undefined);
        this.#watch.signedIn(open, session.member.id);
        return session;
      },
      open: () => {
        if (this.#services.open !== null) return this.#services.open;
        throw locked();
      },
      member: () => {
        if (member !== null) return member;
        throw new SottoError('session/required', 'Nobody is signed in.', { remedy: 'Sign in first.' });
      },
    };
  }

  /** Leaves the entry that the contract declares, whether `act` succeeds or not; no entry, no answer. */
  async #audited<T>(procedure: Procedure, act: () => Promise<T>): Promise<T> {
    if (procedure.audit === null) return act();
    const actor = this.#session.current(this.#services.open)?.member.id ?? 'anonymous';
    const leave = (outcome: 'success' | 'failure', detail: Record<string, string>) => {
      if (procedure.audit !== null)
        this.#services.open?.audit.append({ action: procedure.audit, actor, outcome, detail });
    };
    let result: T;
    try {
      result = await act();
    } catch (error) {
      leave('failure', { code: codeOf(error) });
      throw error;
    }
    leave('success', {});
    return result;
  }

  async #send(message: ServerMessage): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new SendFailed()), SEND_STALL_MS);
    });
    try {
      await Promise.race([this.#carrier.send(message), stalled]);
    } catch {
      throw new SendFailed();
    } finally {
      clearTimeout(timer);
    }
  }

  #endStreams(reason: SottoError | undefined): void {
    for (const { stream, abort } of this.#underWay.values()) if (stream) abort.abort(reason);
  }

  #hangUp(event: string): void {
    this.#log.warn(event, { carrier: logId(this.#label) });
    this.#carrier.close();
  }

  #logFailure(name: string, error: unknown): void {
    this.#log.warn('api.refused', {
      procedure: logId(Object.hasOwn(handlers, name) ? name : '(unknown)'),
      code: logId(codeOf(error)),
      carrier: logId(this.#label),
    });
  }
}

function locked(): SottoError {
  return new SottoError('vault/locked', 'The vault is not open.', {
    remedy: 'Unlock the appliance or finish its set-up first.',
  });
}

/** The other side no longer takes what is sent. */
class SendFailed extends Error {}

/**
 * Nothing leaves that the contract does not declare: undeclared keys are taken off, a wrong shape is a failure.
 * @throws SottoError `api/invalid-output`.
 */
function parseOutput(procedure: Procedure, value: unknown): unknown {
  const parsed = procedure.output.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SottoError('api/invalid-output', 'The appliance made an answer that it may not send.', {
    remedy: 'Report this fault: it is in the appliance and not in what you did.',
  });
}

/** The iterable's items until the signal aborts; a source that is slow to end is not waited for. */
async function* until<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    while (!signal.aborted) {
      const next = await nextOrAbort(iterator, signal);
      if (next === 'aborted' || next.done) return;
      yield next.value;
    }
  } finally {
    iterator.return?.()?.catch(() => {});
  }
}

/** Leaves no listener behind: a stream may bring thousands of events. */
function nextOrAbort<T>(
  iterator: AsyncIterator<T>,
  signal: AbortSignal,
): Promise<IteratorResult<T> | 'aborted'> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve('aborted');
    signal.addEventListener('abort', abort, { once: true });
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
