import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { Emitter, type Unsubscribe } from '../emitter.ts';
import { SottoError } from '../errors.ts';
import { type Log, logId } from '../log.ts';
import { NODE_ARGUMENTS } from '../node-arguments.ts';
import { PING, pongSchema, type Request, type Response, responseSchema } from './protocol.ts';

/** Told to `onCrash` listeners: which engine went, and how. */
export interface WorkerCrash {
  readonly engine: string;
  readonly pid: number | undefined;
  /** Signal or exit code; `hang` or `memory` when the supervisor ended it. */
  readonly cause: string;
}

export interface WorkerTimings {
  /** Between pings. */
  readonly beatMs: number;
  /** Pings that may stay unanswered before the worker counts as hung and is killed. */
  readonly missedBeats: number;
  /** From the fork to `ready`. */
  readonly startMs: number;
}

const TIMINGS: WorkerTimings = { beatMs: 2000, missedBeats: 4, startMs: 20_000 };
/** More than this under way at once means that a caller does not wait for its answers. */
const MOST_CALLS = 256;
/** A worker that lived this long starts again at once, a shorter-lived one after a growing pause. */
const STEADY_MS = 10_000;
const LONGEST_PAUSE_MS = 8000;
const GRACE_MS = 1500;

/** What a worker is, and what it may have. */
export interface WorkerOptions {
  /** Begins the codes of its errors and the names of its log lines: `speech/engine-crashed`, `speech.engineReady`. */
  readonly area: string;
  /** In the words of logs and errors: `recogniser`. */
  readonly engine: string;
  /** The file that calls `serveWorker`. */
  readonly entry: URL;
  readonly log: Log;
  readonly timings?: Partial<WorkerTimings>;
  /** On top of the few variables that any program needs. */
  readonly environment?: Readonly<Record<string, string>>;
  /** For Node itself, on top of `NODE_ARGUMENTS`: `--max-old-space-size=256`. */
  readonly nodeArguments?: readonly string[];
  /** Resident memory above which it is ended, looked at with each beat. */
  readonly mostBytes?: number;
}

interface Call {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface StreamListener {
  event(body: unknown): void;
  /** The worker that held the stream is gone. */
  crashed(): void;
}

/** A worker process, from its fork to its end. */
interface Life {
  readonly child: ChildProcess;
  readonly startedAt: number;
  /** Resolves when it can serve, rejects when it cannot. */
  readonly ready: Promise<void>;
  readonly settleReady: { resolve: () => void; reject: (error: unknown) => void };
  readonly calls: Map<number, Call>;
  beat: NodeJS.Timeout | undefined;
  missed: number;
  /** Why the supervisor ended it, if it did. */
  endedFor: 'hang' | 'memory' | undefined;
  loadFailure: SottoError | undefined;
}

/**
 * One engine in a process of its own, so that a native crash costs a turn and not the appliance.
 *
 * A crash rejects all that was under way with `<area>/engine-crashed` and starts a new process; calls made
 * meanwhile wait for it. `generation` counts the processes: state opened in one is gone in the next.
 */
export class SupervisedWorker {
  readonly engine: string;
  readonly #options: WorkerOptions;
  readonly #log: Log;
  readonly #timings: WorkerTimings;
  readonly #crashes = new Emitter<WorkerCrash>();
  readonly #streams = new Map<string, StreamListener>();
  #life: Life | undefined;
  #restart: Promise<void> | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #endPause: (() => void) | undefined;
  #shortLives = 0;
  #lastId = 0;
  #closed = false;
  generation = 0;

  constructor(options: WorkerOptions) {
    this.engine = options.engine;
    this.#options = options;
    this.#log = options.log;
    this.#timings = { ...TIMINGS, ...options.timings };
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#life?.child.pid;
  }

  onCrash(listener: (crash: WorkerCrash) => void): Unsubscribe {
    return this.#crashes.on(listener);
  }

  /**
   * Resolves with the generation once a process can serve.
   * @throws SottoError what the engine says when it cannot be loaded (`<area>/engine-unavailable`),
   * `<area>/engine-crashed` when it dies while loading, `<area>/closed`.
   */
  async start(): Promise<number> {
    if (this.#restart) await this.#restart;
    if (this.#closed) throw this.#closedError();
    this.#life ??= this.#fork();
    await this.#life.ready;
    return this.generation;
  }

  /**
   * Asks and waits. With `generation`, only of that process: the caller's state lives there.
   * @throws SottoError `<area>/engine-crashed`, `<area>/engine-busy`, `<area>/closed`, or the engine's own.
   */
  async call<T>(op: string, body: unknown, schema: z.ZodType<T>, generation?: number): Promise<T> {
    if (generation === undefined) await this.start();
    const life = this.#life;
    if (this.#closed) throw this.#closedError();
    if (!life || (generation !== undefined && generation !== this.generation)) throw this.#crashError();
    if (life.calls.size >= MOST_CALLS) {
      throw this.#error('engine-busy', `The ${this.engine} engine has too much under way.`);
    }
    return schema.parse(await this.#ask(life, op, body));
  }

  /** Tells without waiting. Nothing happens when that process is gone. */
  cast(op: string, body: unknown, generation: number): void {
    if (generation === this.generation && this.#life) this.#send(this.#life, { kind: 'cast', op, body });
  }

  /** What the worker says on a stream; `crashed` is called once when its process goes. */
  listen(stream: string, listener: StreamListener): Unsubscribe {
    this.#streams.set(stream, listener);
    return () => this.#streams.delete(stream);
  }

  /** Ends the process; what is under way rejects with `<area>/closed`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#restartTimer);
    this.#endPause?.();
    const life = this.#life;
    if (!life) return;
    clearInterval(life.beat);
    this.#rejectAll(life, this.#closedError());
    const { child } = life;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await gone;
    clearTimeout(force);
  }

  #fork(): Life {
    const child = fork(fileURLToPath(this.#options.entry), [], {
      serialization: 'advanced',
      execPath: process.execPath,
      execArgv: [...NODE_ARGUMENTS, ...(this.#options.nodeArguments ?? [])],
      env: { ...bareEnvironment(), ...this.#options.environment },
      // Engines print what they hear; nothing of it may reach a log.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    ready.catch(() => {});
    this.generation += 1;
    const life: Life = {
      child,
      startedAt: performance.now(),
      ready,
      settleReady: { resolve, reject },
      calls: new Map(),
      beat: undefined,
      missed: 0,
      endedFor: undefined,
      loadFailure: undefined,
    };
    const tooSlow = setTimeout(() => this.#kill(life, 'hang'), this.#timings.startMs);
    ready.then(
      () => this.#ready(life, tooSlow),
      () => clearTimeout(tooSlow),
    );
    child.on('message', (message) => this.#hear(life, message));
    child.on('error', () => {});
    child.on('exit', (code, signal) => this.#gone(life, signal ?? `exit-${code}`));
    return life;
  }

  #ready(life: Life, tooSlow: NodeJS.Timeout): void {
    clearTimeout(tooSlow);
    const startMs = Math.round(performance.now() - life.startedAt);
    this.#log.info(`${this.#options.area}.engineReady`, { engine: logId(this.engine), startMs });
    life.beat = setInterval(() => this.#beat(life), this.#timings.beatMs);
    life.beat.unref();
  }

  #beat(life: Life): void {
    if (life.missed >= this.#timings.missedBeats) {
      this.#kill(life, 'hang');
      return;
    }
    life.missed += 1;
    this.#ask(life, PING, undefined).then(
      (body) => {
        life.missed = 0;
        const { residentBytes } = pongSchema.parse(body);
        if (residentBytes > (this.#options.mostBytes ?? Number.POSITIVE_INFINITY)) this.#kill(life, 'memory');
      },
      () => {},
    );
  }

  #kill(life: Life, why: 'hang' | 'memory'): void {
    life.endedFor = why;
    life.child.kill('SIGKILL');
  }

  #ask(life: Life, op: string, body: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      life.calls.set(id, { resolve, reject });
      this.#send(life, { kind: 'call', id, op, body });
    });
  }

  #send(life: Life, request: Request): void {
    // A failed send means that the process is going; its exit rejects what waits.
    if (life.child.connected) life.child.send(request, () => {});
  }

  #hear(life: Life, message: unknown): void {
    const parsed = responseSchema.safeParse(message);
    if (!parsed.success) {
      this.#kill(life, 'hang');
      return;
    }
    const response = parsed.data;
    life.missed = 0;
    switch (response.kind) {
      case 'event':
        this.#streams.get(response.stream)?.event(response.body);
        break;
      case 'ready':
        life.settleReady.resolve();
        break;
      case 'failed':
        life.loadFailure = errorOf(response);
        break;
      default:
        this.#answered(life, response);
    }
  }

  #answered(life: Life, response: Extract<Response, { kind: 'reply' | 'error' }>): void {
    const call = life.calls.get(response.id);
    life.calls.delete(response.id);
    if (response.kind === 'reply') call?.resolve(response.body);
    else call?.reject(errorOf(response));
  }

  #gone(life: Life, how: string): void {
    clearInterval(life.beat);
    if (this.#closed || this.#life !== life) return;
    this.#life = undefined;
    const cause = life.endedFor ?? how;
    if (life.loadFailure) {
      this.#log.warn(`${this.#options.area}.engineUnavailable`, {
        engine: logId(this.engine),
        code: logId(life.loadFailure.code),
      });
      life.settleReady.reject(life.loadFailure);
      this.#rejectAll(life, life.loadFailure);
      return;
    }
    this.#log.warn(`${this.#options.area}.engineCrashed`, {
      engine: logId(this.engine),
      cause: logId(cause),
    });
    this.#planRestart(life);
    life.settleReady.reject(this.#crashError());
    this.#rejectAll(life, this.#crashError());
    for (const listener of [...this.#streams.values()]) listener.crashed();
    this.#crashes.emit({ engine: this.engine, pid: life.child.pid, cause });
  }

  #planRestart(life: Life): void {
    const lived = performance.now() - life.startedAt;
    this.#shortLives = lived < STEADY_MS ? this.#shortLives + 1 : 0;
    const pauseMs =
      this.#shortLives <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, 125 * 2 ** Math.min(this.#shortLives, 10));
    this.#restart = new Promise<void>((resolve) => {
      this.#endPause = resolve;
      this.#restartTimer = setTimeout(resolve, pauseMs);
    }).then(() => {
      this.#restart = undefined;
      if (!this.#closed) this.#life ??= this.#fork();
    });
  }

  #rejectAll(life: Life, error: SottoError): void {
    life.settleReady.reject(error);
    for (const call of life.calls.values()) call.reject(error);
    life.calls.clear();
  }

  #crashError(): SottoError {
    return this.#error(
      'engine-crashed',
      `The ${this.engine} engine stopped; it is started again.`,
      'Try again. If it happens often, run `sotto doctor`.',
    );
  }

  #closedError(): SottoError {
    return this.#error('closed', `The ${this.engine} engine is closed.`);
  }

  #error(what: string, message: string, remedy?: string): SottoError {
    return new SottoError(`${this.#options.area}/${what}`, message, remedy === undefined ? {} : { remedy });
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
