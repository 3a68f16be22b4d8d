import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  ListToolsResultSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { type Json, type Log, logId, SottoError } from '../base/index.ts';
import type { ServerEntry } from './desk-tools.ts';

/** A server that needs longer to start has not started. */
const START_MS = 8000;
const LIST_MS = 3000;
/** One message of a server, at most; one that sends more is ended. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const MAX_TOOL_PAGES = 5;
const MAX_WORDS_KEPT = 4000;

export interface ToolServerOptions {
  readonly name: string;
  readonly entry: ServerEntry;
  readonly folder: string;
  /** Set on top of what the pack declares. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** A call that the server did not answer. `sent` false: it never reached the server, so nothing happened. */
export class CallLost extends Error {
  readonly code: string;
  readonly sent: boolean;
  constructor(code: string, sent: boolean) {
    super(code);
    this.code = code;
    this.sent = sent;
  }
}

interface Running {
  readonly client: Client;
  readonly transport: StdioClientTransport;
  readonly pid: number | null;
  /** What it offers; null when it said that this changed. */
  tools: ReadonlySet<string> | null;
  oversized: boolean;
  alive: boolean;
}

/**
 * One tool server: a process of its own, spoken to over its standard input and output (MCP). It is started when it
 * is needed and started again after it died; it sees nothing of this process's environment.
 */
export class ToolServer {
  readonly #options: ToolServerOptions;
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

  /** The tools that it offers now. @throws CallLost (not sent). */
  async offers(tool: string): Promise<boolean> {
    const running = await this.#ready().catch(() => {
      throw new CallLost('tools/server-start', false);
    });
    running.tools ??= await listTools(running.client).catch(() => {
      this.#kill(running);
      throw new CallLost('tools/server-lost', false);
    });
    return running.tools.has(tool);
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
    const running = await this.#ready().catch(() => {
      throw new CallLost('tools/server-start', false);
    });
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
  async ping(): Promise<{ readonly ok: boolean; readonly message: string }> {
    try {
      const running = await this.#ready();
      await running.client.ping({ timeout: LIST_MS });
      return { ok: true, message: 'answers' };
    } catch (error) {
      return { ok: false, message: error instanceof SottoError ? error.message : 'It does not answer.' };
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
      this.#kill(running);
      return new CallLost('tools/timeout', true);
    }
    if (aborted) return new CallLost('tools/aborted', true);
    if (running.oversized) return new CallLost('tools/result-too-large', true);
    if (!running.alive) return new CallLost('tools/server-lost', true);
    // The server answered with a protocol error, or with something that is no tool result.
    return new CallLost(isProtocolError(error) ? 'tools/server-error' : 'tools/result-malformed', true);
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
    const { name, entry, folder, log } = this.#options;
    const transport = new StdioClientTransport({
      command: entry.command === 'node' ? process.execPath : entry.command,
      args: [...entry.args],
      cwd: folder,
      env: { ...bareEnvironment(), ...entry.env, ...this.#options.env },
      stderr: 'pipe',
      maxBufferSize: MAX_MESSAGE_BYTES,
    });
    // Its last words before it serves anybody: why it did not start. Later ones could hold what was said to it.
    let words = '';
    let starting = true;
    transport.stderr?.on('data', (chunk: Buffer) => {
      if (starting) words = `${words}${chunk.toString('utf8')}`.slice(0, MAX_WORDS_KEPT);
    });
    const client = new Client({ name: 'sotto', version: '1' }, { capabilities: {} });
    try {
      await client.connect(transport, { timeout: START_MS });
      const tools = await listTools(client);
      const running: Running = {
        client,
        transport,
        pid: transport.pid,
        tools,
        oversized: false,
        alive: true,
      };
      this.#current = running;
      this.#watch(running);
      log.info('toolServer.started', { server: logId(name), tools: tools.size });
      return running;
    } catch (cause) {
      kill(transport.pid);
      await client.close().catch(() => {});
      log.warn('toolServer.notStarted', { server: logId(name) });
      throw new SottoError(
        'tools/server-start',
        `The tool server \`${name}\` does not start. ${lastLine(words)}`.trim(),
        {
          remedy: `Try it by hand in ${folder}: ${[entry.command, ...entry.args].join(' ')}`,
          cause,
        },
      );
    } finally {
      starting = false;
    }
  }

  #watch(running: Running): void {
    const { name, log } = this.#options;
    running.client.onclose = () => {
      this.#forget(running);
      if (!this.#closed) log.warn('toolServer.ended', { server: logId(name) });
    };
    running.client.onerror = (error) => {
      if (!/maximum size/.test(error.message)) return;
      running.oversized = true;
      this.#kill(running);
    };
    running.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      running.tools = null;
    });
  }

  #kill(running: Running): void {
    this.#forget(running);
    kill(running.pid);
  }

  #forget(running: Running): void {
    running.alive = false;
    if (this.#current !== running) return;
    this.#current = null;
    this.#running = null;
  }
}

/** Asks for the list and reads only names: what a server says about its own schemas is not believed. */
async function listTools(client: Client): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_TOOL_PAGES; page += 1) {
    const result = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      ListToolsResultSchema,
      { timeout: LIST_MS },
    );
    for (const tool of result.tools) names.add(tool.name);
    cursor = result.nextCursor;
    if (cursor === undefined) break;
  }
  return names;
}

/** The SDK passes some of this process's environment on; all of it is put out here, but for where programs are found. */
function bareEnvironment(): Record<string, string> {
  const passedOn =
    process.platform === 'win32'
      ? ['APPDATA', 'HOMEDRIVE', 'HOMEPATH', 'LOCALAPPDATA', 'USERNAME', 'USERPROFILE']
      : ['HOME', 'LOGNAME', 'SHELL', 'TERM', 'USER'];
  return Object.fromEntries(passedOn.map((name) => [name, '']));
}

function kill(pid: number | null): void {
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

function isProtocolError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

function lastLine(words: string): string {
  return (
    words
      .split('\n')
      .filter((line) => /\w*(Error|error)\b|cannot|not found/.test(line))
      .at(0)
      ?.trim() ?? ''
  );
}
