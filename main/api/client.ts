/**
 * The renderer's side of the wire: typed calls and streams over any carrier. Runs in a browser; tests and the
 * command line use the same.
 */
import type { Carrier } from './carriers/carrier.ts';
import {
  type CallName,
  type ClientMessage,
  contract,
  type InputOf,
  type OutputOf,
  type ProcedureName,
  type ServerMessage,
  type StreamName,
  serverMessageSchema,
  type WireError,
} from './contract.ts';

export type { Carrier } from './carriers/carrier.ts';

/** Events of one stream that may wait for a slow reader before the oldest go. */
const STREAM_BUFFER = 1024;

/** A refusal or failure, as the appliance said it; `wire/closed` when the connection went away. */
export class CallError extends Error implements WireError {
  override readonly name = 'CallError';
  readonly code: string;
  readonly remedy: string | null;

  constructor(error: WireError) {
    super(error.message);
    this.code = error.code;
    this.remedy = error.remedy;
  }
}

export interface Client {
  /** @throws CallError with the appliance's code, or `wire/closed`, `wire/invalid`. */
  call<K extends CallName>(name: K, input: InputOf<K>): Promise<OutputOf<K>>;
  /**
   * Opens a stream when iteration begins. Ends when the appliance ends it, quietly when `signal` aborts or the
   * loop is left, and with a CallError when it is refused, fails, or the connection goes away.
   */
  listen<K extends StreamName>(name: K, input: InputOf<K>, signal?: AbortSignal): AsyncIterable<OutputOf<K>>;
  onClose(listener: () => void): void;
  close(): void;
}

interface Pending {
  ok(value: unknown): void;
  event(value: unknown): void;
  done(): void;
  fail(error: CallError): void;
}

const CLOSED: WireError = {
  code: 'wire/closed',
  message: 'The connection to the appliance is closed.',
  remedy: 'Wait a moment; the window reconnects by itself.',
};

/** Speaks the contract over `carrier`. Answers are checked against the contract here too. */
export function createClient(carrier: Carrier<ClientMessage>): Client {
  const pending = new Map<number, Pending>();
  const closeListeners = new Set<() => void>();
  let nextId = 1;
  let closed = false;

  carrier.onMessage((raw) => {
    const message = serverMessageSchema.safeParse(raw);
    if (message.success) dispatch(pending, message.data);
    else carrier.close();
  });
  carrier.onClose(() => {
    closed = true;
    for (const one of [...pending.values()]) one.fail(new CallError(CLOSED));
    pending.clear();
    for (const listener of closeListeners) listener();
  });

  const open = (message: (id: number) => ClientMessage, handle: Pending): number => {
    if (closed) throw new CallError(CLOSED);
    const id = nextId++;
    pending.set(id, handle);
    carrier.send(message(id)).catch(() => {
      if (pending.delete(id)) handle.fail(new CallError(CLOSED));
    });
    return id;
  };
  const cancel = (id: number): void => {
    if (pending.delete(id) && !closed) carrier.send({ id, cancel: true }).catch(() => {});
  };

  return {
    call: async (name, input) =>
      new Promise((resolve, reject) => {
        open((id) => ({ id, call: name, input }), {
          ok: (value) => {
            const answer = check(name, value);
            if (answer instanceof CallError) reject(answer);
            else resolve(answer.value);
          },
          event: () => {},
          done: () => {},
          fail: reject,
        });
      }),
    listen: (name, input, signal) => ({
      [Symbol.asyncIterator]: () =>
        iterate(name, signal, cancel, (handle) => open((id) => ({ id, listen: name, input }), handle)),
    }),
    onClose: (listener) => {
      if (closed) listener();
      else closeListeners.add(listener);
    },
    close: () => carrier.close(),
  };
}

function dispatch(pending: Map<number, Pending>, message: ServerMessage): void {
  const one = pending.get(message.id);
  if (one === undefined) return;
  if ('event' in message) {
    one.event(message.event);
    return;
  }
  pending.delete(message.id);
  if ('ok' in message) one.ok(message.ok);
  else if ('error' in message) one.fail(new CallError(message.error));
  else one.done();
}

function check<K extends ProcedureName>(
  name: K,
  value: unknown,
): { readonly value: OutputOf<K> } | CallError {
  const parsed = contract[name].output.safeParse(value);
  if (parsed.success) return { value: parsed.data as OutputOf<K> };
  return new CallError({
    code: 'wire/invalid',
    message: 'The appliance answered in a form that this window does not know.',
    remedy: 'The window and the appliance are of different versions: reload the window.',
  });
}

/** One open stream: a bounded buffer between the wire and the reader's loop. */
function iterate<K extends StreamName>(
  name: K,
  signal: AbortSignal | undefined,
  cancel: (id: number) => void,
  open: (handle: Pending) => number,
): AsyncIterator<OutputOf<K>, undefined> {
  const buffer: OutputOf<K>[] = [];
  let ended = false;
  let failure: CallError | undefined;
  let wake: (() => void) | undefined;
  let id: number | undefined;

  const end = (error?: CallError) => {
    if (ended) return;
    ended = true;
    failure = error;
    signal?.removeEventListener('abort', abort);
    wake?.();
  };
  const abort = () => {
    if (id !== undefined) cancel(id);
    end();
  };
  const start = () => {
    if (signal?.aborted) {
      end();
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    try {
      id = open({ ok: () => end(), event: take, done: () => end(), fail: end });
    } catch (error) {
      end(error as CallError);
    }
  };
  const take = (value: unknown) => {
    const event = check(name, value);
    if (event instanceof CallError) {
      abort();
      failure = event;
      return;
    }
    if (buffer.length >= STREAM_BUFFER) buffer.shift();
    buffer.push(event.value);
    wake?.();
  };

  return {
    next: async () => {
      if (id === undefined && !ended) start();
      while (buffer.length === 0 && !ended)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const event = buffer.shift();
      if (event !== undefined) return { done: false, value: event };
      const error = failure;
      failure = undefined;
      if (error !== undefined) throw error;
      return { done: true, value: undefined };
    },
    return: async () => {
      abort();
      buffer.length = 0;
      failure = undefined;
      return { done: true, value: undefined };
    },
  };
}
