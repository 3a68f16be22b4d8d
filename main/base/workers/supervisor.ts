import type { z } from 'zod';
import { Emitter, type Unsubscribe } from '../emitter.ts';
import { SottoError } from '../errors.ts';
import { type Log, logId } from '../log.ts';
import { type ProcessOptions, WorkerProcess, type WorkerTimings } from './worker-process.ts';

export type { WorkerTimings } from './worker-process.ts';

/** Told to `onCrash` listeners: which engine went, and how. */
export interface WorkerCrash {
  readonly engine: string;
  readonly pid: number | undefined;
  /** Signal or exit code; `hang` or `memory` when the supervisor ended it. */
  readonly cause: string;
}

const TIMINGS: WorkerTimings = { beatMs: 2000, missedBeats: 4, startMs: 20_000 };
/** More than this under way at once means that a caller does not wait for its answers. */
const MOST_CALLS = 256;
/** A worker that lived this long starts again at once, a shorter-lived one after a growing pause. */
const STEADY_MS = 10_000;
const LONGEST_PAUSE_MS = 8000;

/** What a worker is, and what it may have. */
export interface WorkerOptions extends ProcessOptions {
  /** Begins the codes of its errors and the names of its log lines: `speech/engine-crashed`, `speech.engineReady`. */
  readonly area: string;
  /** In the words of logs and errors: `recogniser`. */
  readonly engine: string;
  readonly log: Log;
  readonly timings?: Partial<WorkerTimings>;
}

export interface StreamListener {
  event(body: unknown): void;
  /** The worker that held the stream is gone. */
  crashed(): void;
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
  #running: WorkerProcess | undefined;
  #restart: Promise<void> | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #endPause: (() => void) | undefined;
  #shortLives = 0;
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
    return this.#running?.pid;
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
    this.#running ??= this.#fork();
    await this.#running.ready;
    return this.generation;
  }

  /**
   * Asks and waits. With `generation`, only of that process: the caller's state lives there.
   * @throws SottoError `<area>/engine-crashed`, `<area>/engine-busy`, `<area>/closed`, or the engine's own.
   */
  async call<T>(op: string, body: unknown, schema: z.ZodType<T>, generation?: number): Promise<T> {
    if (generation === undefined) await this.start();
    const running = this.#running;
    if (this.#closed) throw this.#closedError();
    if (!running || (generation !== undefined && generation !== this.generation)) throw this.#crashError();
    if (running.underWay >= MOST_CALLS) {
      throw this.#error('engine-busy', `The ${this.engine} engine has too much under way.`);
    }
    return schema.parse(await running.ask(op, body));
  }

  /** Tells without waiting. Nothing happens when that process is gone. */
  cast(op: string, body: unknown, generation: number): void {
    if (generation === this.generation) this.#running?.cast(op, body);
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
    this.#running?.fail(this.#closedError());
    await this.#running?.end();
  }

  #fork(): WorkerProcess {
    this.generation += 1;
    const engine = logId(this.engine);
    const running = new WorkerProcess(this.#options, this.#timings, {
      ready: (startMs) => this.#log.info(`${this.#options.area}.engineReady`, { engine, startMs }),
      event: (stream, body) => this.#streams.get(stream)?.event(body),
      gone: (cause, failure) => {
        if (this.#closed || this.#running !== running) return;
        this.#running = undefined;
        if (failure) this.#unavailable(running, failure);
        else this.#crashed(running, cause);
      },
    });
    return running;
  }

  /** It is not tried again by itself: what is missing now will be missing in a second. */
  #unavailable(running: WorkerProcess, failure: SottoError): void {
    this.#log.warn(`${this.#options.area}.engineUnavailable`, {
      engine: logId(this.engine),
      code: logId(failure.code),
    });
    running.fail(failure);
  }

  #crashed(running: WorkerProcess, cause: string): void {
    this.#log.warn(`${this.#options.area}.engineCrashed`, {
      engine: logId(this.engine),
      cause: logId(cause),
    });
    // Before anybody hears of it: whoever asks again at once waits for the next one.
    this.#planRestart(performance.now() - running.startedAt);
    running.fail(this.#crashError());
    for (const listener of [...this.#streams.values()]) listener.crashed();
    this.#crashes.emit({ engine: this.engine, pid: running.pid, cause });
  }

  #planRestart(livedMs: number): void {
    this.#shortLives = livedMs < STEADY_MS ? this.#shortLives + 1 : 0;
    const pauseMs =
      this.#shortLives <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, 125 * 2 ** Math.min(this.#shortLives, 10));
    this.#restart = new Promise<void>((resolve) => {
      this.#endPause = resolve;
      this.#restartTimer = setTimeout(resolve, pauseMs);
    }).then(() => {
      this.#restart = undefined;
      if (!this.#closed) this.#running ??= this.#fork();
    });
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
