import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { type Clock, type Json, type Log, logId, SottoError } from '../../base/index.ts';
import type { ToolEntry } from '../desk-tools.ts';
import { CallLost, lossInWords } from './call-lost.ts';
import { type Link, type LinkOptions, linkTo } from './link.ts';
import { watchMessages } from './message-watch.ts';
import { LIST_MS, listOffers, type Offered, OfferPins, type Offers } from './offers.ts';

/** A server that needs longer to start has not started. */
const START_MS = 8000;

export interface ToolServerOptions extends LinkOptions {
  readonly clock: Clock;
  readonly log: Log;
}

interface Running {
  readonly client: Client;
  readonly link: Link;
  /** What it offers; null when it said that this changed. */
  offers: Offers | null;
  /** Why it was ended, where this side ended it. */
  endedFor: string | null;
  alive: boolean;
}

/**
 * One tool server, spoken to in MCP: a process of its own over its standard input and output, or a server on the LAN.
 * It is started when it is needed and started again after it died; it sees nothing of this process's environment.
 */
export class ToolServer {
  readonly #options: ToolServerOptions;
  readonly #pins = new OfferPins();
  #running: Promise<Running> | null = null;
  #current: Running | null = null;
  #closed = false;

  constructor(options: ToolServerOptions) {
    this.#options = options;
  }

  /** Starts it unless it runs. @throws SottoError `tools/server-start`. */
  async start(): Promise<void> {
    await this.#ready();
  }

  /**
   * Whether it offers a tool, as it first did and as the pack declares it. Asked anew before what changes the world:
   * a server may change without saying so.
   * @throws CallLost (not sent).
   */
  async offers(name: string, tool: ToolEntry): Promise<Offered> {
    const running = await this.#reached();
    if (tool.risk !== 'read') running.offers = null;
    running.offers ??= await listOffers(running.client).catch((error) => {
      this.#end(running, error instanceof CallLost ? error.code : null);
      throw new CallLost(running.endedFor ?? 'tools/server-lost', false);
    });
    return this.#pins.judge(name, tool, running.offers);
  }

  /**
   * Sends one call. Its time runs from here; a server that does not answer in time is killed, because what it
   * does with a late answer is nobody's to know.
   * @throws CallLost when there is no answer.
   */
  async call(
    tool: string,
    callArguments: Readonly<Record<string, Json>>,
    meta: Readonly<Record<string, string>>,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal | null },
  ): Promise<CallToolResult> {
    const running = await this.#reached();
    if (options.signal?.aborted) throw new CallLost('tools/aborted', false);
    const timer = AbortSignal.timeout(options.timeoutMs);
    try {
      return await running.client.request(
        { method: 'tools/call', params: { name: tool, arguments: { ...callArguments }, _meta: { ...meta } } },
        CallToolResultSchema,
        {
          signal: options.signal ? AbortSignal.any([timer, options.signal]) : timer,
          timeout: options.timeoutMs + 1000,
        },
      );
    } catch (error) {
      throw this.#lost(running, error, timer.aborted, options.signal?.aborted === true);
    }
  }

  /** Whether it answers. */
  async ping(): Promise<{ readonly ok: boolean; readonly message: string; readonly remedy?: string }> {
    try {
      const running = await this.#ready();
      await running.client.ping({ timeout: LIST_MS });
      return { ok: true, message: 'answers' };
    } catch (error) {
      if (!(error instanceof SottoError)) return { ok: false, message: 'It does not answer.' };
      const { message, remedy } = error;
      return { ok: false, message, ...(remedy === undefined ? {} : { remedy }) };
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const running = await this.#running?.catch(() => null);
    this.#running = null;
    await running?.client.close().catch(() => {});
  }

  #lost(running: Running, error: unknown, timedOut: boolean, aborted: boolean): Error {
    if (timedOut) {
      this.#end(running, 'tools/timeout');
      return new CallLost('tools/timeout', true);
    }
    if (aborted) return new CallLost('tools/aborted', true);
    if (error instanceof CallLost) {
      // A message that was lost on the LAN: the next call begins with a new connection.
      this.#end(running, error.code);
      return error;
    }
    if (running.endedFor !== null) return new CallLost(running.endedFor, true);
    if (!running.alive) return new CallLost('tools/server-lost', true);
    // The server answered with a protocol error, or with something that is no tool result.
    return new CallLost(isProtocolError(error) ? 'tools/server-error' : 'tools/result-malformed', true);
  }

  async #reached(): Promise<Running> {
    return await this.#ready().catch((error) => {
      const known = error instanceof SottoError && error.cause instanceof CallLost ? error.cause.code : null;
      throw new CallLost(known ?? refusedCode(error), false);
    });
  }

  #ready(): Promise<Running> {
    if (this.#closed) return Promise.reject(new SottoError('tools/closed', 'The tool gateway is closed.'));
    if (this.#running) return this.#running;
    const starting = this.#open();
    this.#running = starting;
    starting.catch(() => {
      if (this.#running === starting) this.#running = null;
    });
    return starting;
  }

  async #open(): Promise<Running> {
    const { name, log } = this.#options;
    const link = linkTo(this.#options);
    const client = new Client({ name: 'sotto', version: '1' }, { capabilities: {} });
    try {
      await client.connect(link.transport, { timeout: START_MS });
      const running: Running = { client, link, offers: null, endedFor: null, alive: true };
      link.serves();
      this.#current = running;
      this.#watch(running);
      running.offers = await listOffers(client);
      this.#pins.see(running.offers);
      log.info('toolServer.started', { server: logId(name), tools: running.offers.size });
      return running;
    } catch (cause) {
      link.kill();
      await client.close().catch(() => {});
      log.warn('toolServer.notStarted', { server: logId(name) });
      throw new SottoError(
        'tools/server-start',
        `The tool server \`${name}\` does not start. ${cause instanceof CallLost ? lossInWords(cause) : link.lastWords()}`.trim(),
        { remedy: link.remedy, cause },
      );
    }
  }

  #watch(running: Running): void {
    const { name, clock, log } = this.#options;
    running.client.onclose = () => {
      this.#forget(running);
      if (!this.#closed) log.warn('toolServer.ended', { server: logId(name) });
    };
    running.client.onerror = (error) => {
      if (error instanceof CallLost) running.endedFor = error.code;
      else if (/maximum size/.test(error.message)) this.#end(running, 'tools/result-too-large');
    };
    running.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      running.offers = null;
    });
    const onFlood = () => this.#end(running, 'tools/server-flood');
    watchMessages(running.client, running.link.transport, { server: name, clock, log, onFlood });
  }

  #end(running: Running, code: string | null): void {
    running.endedFor ??= code;
    this.#forget(running);
    running.link.kill();
  }

  #forget(running: Running): void {
    running.alive = false;
    if (this.#current !== running) return;
    this.#current = null;
    this.#running = null;
  }
}

/** Why a server cannot be spoken to: the site's refusal keeps its code. */
function refusedCode(error: unknown): string {
  return error instanceof SottoError && error.code !== 'tools/closed' ? error.code : 'tools/server-start';
}

function isProtocolError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}
