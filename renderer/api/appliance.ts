import { type Carrier, type Client, createClient } from '../../main/api/client.ts';
import type {
  CallName,
  ClientMessage,
  InputOf,
  Member,
  OutputOf,
  Status,
  StreamName,
  WireError,
} from '../../main/api/contract.ts';

export type Link = 'connecting' | 'open' | 'lost';

/** What the whole window knows of the appliance. */
export interface ApplianceView {
  readonly link: Link;
  readonly status: Status | null;
  readonly member: Member | null;
  /** True when a session ended by itself, so that sign-in can say why it is asked for again. */
  readonly sessionEnded: boolean;
  /** Somebody else chose the passphrase: nothing goes on until the member has chosen another. */
  readonly mustChange: boolean;
}

/** Waits between attempts to reconnect, milliseconds. */
const RETRY_MS = [300, 700, 1500, 3000] as const;
/** A phase that another window or the command line changed is noticed within this time. */
const STATUS_EVERY_MS = 15_000;

/**
 * The window's one connection: keeps it up, keeps the member signed in across reconnections, and forwards calls.
 *
 * The session's token lives in memory only: on a shared machine a reload asks for the passphrase again, and nothing
 * of it reaches a disk.
 */
export class Appliance {
  readonly #open: () => Promise<Carrier<ClientMessage>>;
  readonly #listeners = new Set<() => void>();
  #client: Client | null = null;
  #token: string | null = null;
  #attempt = 0;
  #stopped = false;
  #view: ApplianceView = {
    link: 'connecting',
    status: null,
    member: null,
    sessionEnded: false,
    mustChange: false,
  };

  constructor(open: () => Promise<Carrier<ClientMessage>>) {
    this.#open = open;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly view = (): ApplianceView => this.#view;

  /** Connects and stays connected until the returned function is called. */
  start(): () => void {
    this.#stopped = false;
    void this.#connect();
    const timer = setInterval(() => void this.refresh().catch(() => {}), STATUS_EVERY_MS);
    return () => {
      this.#stopped = true;
      clearInterval(timer);
      this.#client?.close();
    };
  }

  /** @throws CallError */
  async call<K extends CallName>(name: K, input: InputOf<K>): Promise<OutputOf<K>> {
    if (this.#client === null) throw notConnected();
    try {
      return await this.#client.call(name, input);
    } catch (error) {
      if (wireErrorOf(error).code.startsWith('session/') && this.#view.member !== null) this.#sessionLost();
      throw error;
    }
  }

  listen<K extends StreamName>(name: K, input: InputOf<K>, signal: AbortSignal): AsyncIterable<OutputOf<K>> {
    if (this.#client === null) throw notConnected();
    return this.#client.listen(name, input, signal);
  }

  /** Asks for the status again: after set-up, unlocking, and now and then. */
  async refresh(): Promise<void> {
    if (this.#client === null) return;
    const status = await this.#client.call('system.status', {});
    const same = JSON.stringify(status) === JSON.stringify(this.#view.status);
    if (!same) this.#set({ status });
  }

  signedIn(session: {
    readonly token: string;
    readonly member: Member;
    readonly mustChangePassphrase?: true | undefined;
  }): void {
    this.#token = session.token;
    const mustChange = session.mustChangePassphrase === true;
    this.#set({ member: session.member, sessionEnded: false, mustChange });
  }

  async signOut(): Promise<void> {
    await this.call('session.signOut', {}).catch(() => {});
    this.#token = null;
    this.#set({ member: null, sessionEnded: false, mustChange: false });
  }

  async #connect(): Promise<void> {
    try {
      const client = createClient(await this.#open());
      if (this.#stopped) return client.close();
      this.#client = client;
      client.onClose(() => this.#lost(client));
      const status = await client.call('system.status', {});
      const member = await this.#resume(client);
      this.#attempt = 0;
      this.#set({ link: 'open', status, member, sessionEnded: this.#token !== null && member === null });
      if (member === null) this.#token = null;
    } catch {
      if (this.#client === null) this.#retry();
      else this.#client.close();
    }
  }

  async #resume(client: Client): Promise<Member | null> {
    if (this.#token === null) return null;
    return client.call('session.resume', { token: this.#token }).then(
      (answer) => answer.member,
      () => null,
    );
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#set({ link: 'lost' });
    this.#retry();
  }

  #retry(): void {
    if (this.#stopped) return;
    const wait = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)] ?? 3000;
    this.#attempt += 1;
    if (this.#attempt > 1 && this.#view.link !== 'lost') this.#set({ link: 'lost' });
    setTimeout(() => {
      if (!this.#stopped) void this.#connect();
    }, wait);
  }

  #sessionLost(): void {
    this.#token = null;
    this.#set({ member: null, sessionEnded: true });
  }

  #set(change: Partial<ApplianceView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What a failed call says to the person; anything that is not the appliance's own words becomes a plain sentence. */
export function wireErrorOf(error: unknown): WireError {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : null;
    return { code: error.code, message: error.message, remedy };
  }
  return {
    code: 'window/unexpected',
    message: 'Something went wrong in this window.',
    remedy: 'Try again. If it happens again, reload the window and tell your IT team.',
  };
}

function notConnected(): Error {
  return Object.assign(new Error('The appliance cannot be reached just now.'), {
    code: 'wire/closed',
    remedy: 'Wait a moment; this window reconnects by itself.',
  });
}
