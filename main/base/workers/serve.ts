import { SottoError } from '../errors.ts';
import { PING, type Request, type Response, requestSchema } from './protocol.ts';

/** Tells the parent about something on a stream. */
export type Emit = (stream: string, body: unknown) => void;

/** What an engine does, by operation. Each checks its own body. */
export interface Operations {
  readonly calls: Readonly<Record<string, (body: unknown) => unknown>>;
  readonly casts?: Readonly<Record<string, (body: unknown) => void>>;
}

/**
 * The child's side of a supervised worker: loads the engine, then answers until the parent goes. `area` begins the
 * codes of its errors, as the parent's does: `speech/engine-failed`.
 *
 * Signals meant for the whole group (Ctrl-C, a service stop) are left to the parent: the worker ends when its
 * channel closes, so that a shutdown never looks like a crash.
 */
export async function serveWorker(area: string, load: (emit: Emit) => Promise<Operations>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit(0));
  const waiting: Request[] = [];
  let operations: Operations | undefined;
  process.on('message', (message) => {
    const request = requestSchema.parse(message);
    if (operations) void serve(area, operations, request);
    else waiting.push(request);
  });
  try {
    operations = await load((stream, body) => tell({ kind: 'event', stream, body }));
  } catch (error) {
    tell({ kind: 'failed', ...failureOf(area, error) }, () => process.exit(0));
    return;
  }
  tell({ kind: 'ready' });
  for (const request of waiting.splice(0)) void serve(area, operations, request);
}

async function serve(area: string, operations: Operations, request: Request): Promise<void> {
  if (request.kind === 'cast') {
    operations.casts?.[request.op]?.(request.body);
    return;
  }
  const { id } = request;
  try {
    tell({ kind: 'reply', id, body: await answer(area, operations, request.op, request.body) });
  } catch (error) {
    tell({ kind: 'error', id, ...failureOf(area, error) });
  }
}

function answer(area: string, operations: Operations, op: string, body: unknown): unknown {
  if (op === PING) return { residentBytes: process.memoryUsage.rss() };
  const call = operations.calls[op];
  if (!call) throw new SottoError(`${area}/unknown-operation`, 'The engine has no such operation.');
  return call(body);
}

function tell(response: Response, done: () => void = () => {}): void {
  if (process.connected) process.send?.(response, undefined, undefined, done);
}

/** Errors of our own keep their words; anything else may hold what was said and is replaced. */
function failureOf(area: string, error: unknown): { code: string; message: string; remedy?: string } {
  if (!(error instanceof SottoError)) {
    return { code: `${area}/engine-failed`, message: `The ${area} engine failed.` };
  }
  const { code, message, remedy } = error;
  return remedy === undefined ? { code, message } : { code, message, remedy };
}
