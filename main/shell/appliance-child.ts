import { type ChildProcess, spawn } from 'node:child_process';
import { type Carrier, type ClientMessage, connectPipe, newPipe, type PipeHandover } from '../api/index.ts';
import {
  codeOf,
  delay,
  Emitter,
  type Log,
  logId,
  NODE_ENVIRONMENT,
  SottoError,
  silentLog,
  type Unsubscribe,
} from '../base/index.ts';

export type ChildState = 'stopped' | 'starting' | 'running' | 'restarting' | 'failed';

const READY_WITHIN_MS = 60_000;
const READY_EVERY_MS = 100;
const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 10_000;
/** A child that lived this long was well; its death starts the count anew. */
const WELL_AFTER_MS = 60_000;
const MAX_DEATHS = 5;
const STOP_WITHIN_MS = 5_000;

export interface ChildOptions {
  /** The Node binary and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly log?: Log;
  /** For tests. */
  readonly firstBackoffMs?: number;
}

/**
 * The appliance as a child process: started with a private pipe, told where over standard input, started again
 * when it dies, given up after it died too often. When the shell dies, the child's standard input ends, and so
 * does the child.
 */
export class ApplianceChild {
  readonly #options: ChildOptions;
  readonly #log: Log;
  readonly #states = new Emitter<ChildState>();
  #state: ChildState = 'stopped';
  #child: ChildProcess | undefined;
  #pipe: ReturnType<typeof newPipe> | undefined;
  #token: string | undefined;
  #deaths = 0;
  #stopping = new AbortController();
  /** Connections are made one after the other: each uses up a token and brings the next. */
  #connecting: Promise<unknown> = Promise.resolve();

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
  }

  get state(): ChildState {
    return this.#state;
  }

  onState(listener: (state: ChildState) => void): Unsubscribe {
    return this.#states.on(listener);
  }

  /** Starts the child, or starts it again after it was given up. Does nothing while one runs. */
  start(): void {
    if (this.#state !== 'stopped' && this.#state !== 'failed') return;
    this.#stopping = new AbortController();
    this.#deaths = 0;
    this.#launch('starting');
  }

  /**
   * A new connection to the appliance; waits while it starts.
   * @throws SottoError `shell/appliance-down`.
   */
  connect(): Promise<Carrier<ClientMessage>> {
    const connected = this.#connecting.then(() => this.#connect());
    this.#connecting = connected.catch(() => {});
    return connected;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    this.#become('stopped');
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.stdin?.end();
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await gone;
    clearTimeout(kill);
  }

  #launch(state: 'starting' | 'restarting'): void {
    this.#become(state);
    const pipe = newPipe();
    const [node, ...args] = this.#options.command;
    const child = spawn(node, args, { stdio: ['pipe', 'ignore', 'inherit'], env: childEnvironment() });
    this.#child = child;
    this.#pipe = pipe;
    this.#token = pipe.token;
    const startedAt = performance.now();
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      pipe.remove();
      if (child === this.#child) this.#died(performance.now() - startedAt);
    };
    child.once('exit', end);
    child.once('error', end);
    child.stdin?.on('error', () => {});
    const handover: PipeHandover = { path: pipe.path, token: pipe.token };
    child.stdin?.write(`${JSON.stringify(handover)}\n`);
  }

  #died(livedMs: number): void {
    this.#child = undefined;
    this.#pipe = undefined;
    this.#token = undefined;
    if (this.#stopping.signal.aborted) return;
    this.#deaths = livedMs > WELL_AFTER_MS ? 1 : this.#deaths + 1;
    this.#log.warn('shell.appliance-died', { deaths: this.#deaths, livedMs: Math.round(livedMs) });
    if (this.#deaths > MAX_DEATHS) {
      this.#become('failed');
      return;
    }
    this.#become('restarting');
    const first = this.#options.firstBackoffMs ?? FIRST_BACKOFF_MS;
    const wait = Math.min(LAST_BACKOFF_MS, first * 2 ** (this.#deaths - 1));
    delay(wait, this.#stopping.signal).then(
      () => this.#launch('restarting'),
      () => {},
    );
  }

  async #connect(): Promise<Carrier<ClientMessage>> {
    const until = performance.now() + READY_WITHIN_MS;
    while (performance.now() < until && this.#state !== 'failed' && !this.#stopping.signal.aborted) {
      const carrier = await this.#tryConnect();
      if (carrier !== null) return carrier;
      await delay(READY_EVERY_MS);
    }
    throw new SottoError('shell/appliance-down', 'The appliance does not start.', {
      remedy: 'Close Sotto and open it again. If it stays, run `sotto doctor`.',
    });
  }

  async #tryConnect(): Promise<Carrier<ClientMessage> | null> {
    const child = this.#child;
    const pipe = this.#pipe;
    if (child === undefined || pipe === undefined || this.#token === undefined) return null;
    try {
      const { carrier, next } = await connectPipe({ path: pipe.path, token: this.#token });
      if (child !== this.#child) {
        carrier.close();
        return null;
      }
      this.#token = next;
      this.#become('running');
      return carrier;
    } catch (error) {
      if (this.#state === 'running') this.#log.warn('shell.connect-failed', { code: logId(codeOf(error)) });
      return null;
    }
  }

  #become(state: ChildState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#states.emit(state);
  }
}

/** The appliance is plain Node: nothing of Electron's, and nothing that would load foreign code into it. */
function childEnvironment(): NodeJS.ProcessEnv {
  const passedOn = Object.entries(process.env).filter(
    ([name]) => !/^(ELECTRON_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$)/.test(name),
  );
  return { ...Object.fromEntries(passedOn), ...NODE_ENVIRONMENT };
}
