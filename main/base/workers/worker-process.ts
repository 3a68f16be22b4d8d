import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SottoError } from '../errors.ts';
import { NODE_ARGUMENTS, NODE_ENVIRONMENT } from '../node-arguments.ts';
import { PING, pongSchema, type Request, type Response, responseSchema } from './protocol.ts';

export interface WorkerTimings {
  /** Between pings. */
  readonly beatMs: number;
  /** Pings that may stay unanswered before the worker counts as hung and is killed. */
  readonly missedBeats: number;
  /** From the fork to `ready`. */
  readonly startMs: number;
}

export interface ProcessOptions {
  /** The file that calls `serveWorker`. */
  readonly entry: URL;
  /** On top of the few variables that any program needs. */
  readonly environment?: Readonly<Record<string, string>>;
  /** For Node itself, on top of `NODE_ARGUMENTS`: `--max-old-space-size=256`. */
  readonly nodeArguments?: readonly string[];
  /** Resident memory above which it is ended, looked at with each beat. */
  readonly mostBytes?: number;
}

/** What a process tells whoever started it. */
export interface ProcessWatch {
  /** It can serve, so many milliseconds after the fork. */
  ready(tookMs: number): void;
  /** Something on a stream. */
  event(stream: string, body: unknown): void;
  /** It has ended. `cause`: signal, exit code, `hang` or `memory`; `failure`: why it could not load its engine. */
  gone(cause: string, failure: SottoError | undefined): void;
}

interface Call {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const GRACE_MS = 1500;

/** A worker's process from its fork to its end: asked and answered, pinged, and killed when it hangs or grows too large. */
export class WorkerProcess {
  readonly startedAt: number = performance.now();
  /** Resolves when it can serve, rejects when it cannot: see `fail`. */
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #timings: WorkerTimings;
  readonly #mostBytes: number;
  readonly #settleReady: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
  readonly #calls = new Map<number, Call>();
  #lastId = 0;
  #beat: NodeJS.Timeout | undefined;
  #missed = 0;
  /** Why it was killed, if it was. */
  #killedFor: 'hang' | 'memory' | undefined;
  #loadFailure: SottoError | undefined;

  constructor(options: ProcessOptions, timings: WorkerTimings, watch: ProcessWatch) {
    this.#timings = timings;
    this.#mostBytes = options.mostBytes ?? Number.POSITIVE_INFINITY;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#settleReady = { resolve, reject };
    promise.catch(() => {});
    this.#child = fork(fileURLToPath(options.entry), [], {
      serialization: 'advanced',
      execPath: process.execPath,
      execArgv: [...NODE_ARGUMENTS, ...(options.nodeArguments ?? [])],
      env: { ...bareEnvironment(), ...NODE_ENVIRONMENT, ...options.environment },
      // Engines print what they hear; nothing of it may reach a log.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const tooSlow = setTimeout(() => this.#kill('hang'), timings.startMs);
    promise.then(
      () => {
        clearTimeout(tooSlow);
        this.#beginBeats();
        watch.ready(Math.round(performance.now() - this.startedAt));
      },
      () => clearTimeout(tooSlow),
    );
    this.#child.on('message', (message) => this.#hear(message, watch));
    this.#child.on('error', () => {});
    this.#child.on('exit', (code, signal) => {
      clearInterval(this.#beat);
      watch.gone(this.#killedFor ?? signal ?? `exit-${code}`, this.#loadFailure);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How many calls wait for an answer. */
  get underWay(): number {
    return this.#calls.size;
  }

  ask(op: string, body: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#send({ kind: 'call', id, op, body });
    });
  }

  cast(op: string, body: unknown): void {
    this.#send({ kind: 'cast', op, body });
  }

  /** Rejects what waits for it: to be ready, and every call. */
  fail(error: SottoError): void {
    this.#settleReady.reject(error);
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
  }

  /** Lets it end by itself, and kills it when it does not. */
  async end(): Promise<void> {
    clearInterval(this.#beat);
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await gone;
    clearTimeout(force);
  }

  #beginBeats(): void {
    this.#beat = setInterval(() => this.#ping(), this.#timings.beatMs);
    this.#beat.unref();
  }

  #ping(): void {
    if (this.#missed >= this.#timings.missedBeats) {
      this.#kill('hang');
      return;
    }
    this.#missed += 1;
    this.ask(PING, undefined).then(
      (body) => {
        this.#missed = 0;
        if (pongSchema.parse(body).residentBytes > this.#mostBytes) this.#kill('memory');
      },
      () => {},
    );
  }

  #kill(why: 'hang' | 'memory'): void {
    this.#killedFor = why;
    this.#child.kill('SIGKILL');
  }

  #send(request: Request): void {
    // A failed send means that the process is going; its exit rejects what waits.
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  #hear(message: unknown, watch: ProcessWatch): void {
    const parsed = responseSchema.safeParse(message);
    if (!parsed.success) {
      this.#kill('hang');
      return;
    }
    const response = parsed.data;
    this.#missed = 0;
    switch (response.kind) {
      case 'event':
        watch.event(response.stream, response.body);
        break;
      case 'ready':
        this.#settleReady.resolve();
        break;
      case 'failed':
        this.#loadFailure = errorOf(response);
        break;
      default:
        this.#answered(response);
    }
  }

  #answered(response: Extract<Response, { kind: 'reply' | 'error' }>): void {
    const call = this.#calls.get(response.id);
    this.#calls.delete(response.id);
    if (response.kind === 'reply') call?.resolve(response.body);
    else call?.reject(errorOf(response));
  }
}

function errorOf(failure: Extract<Response, { code: string }>): SottoError {
  const { code, message, remedy } = failure;
  return new SottoError(code, message, remedy === undefined ? {} : { remedy });
}

/** What any program needs to know, and nothing else of ours. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, SystemRoot } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, LANG, SystemRoot }).filter(([, value]) => value !== undefined),
  );
}
