import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent, request as tlsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { CallLost } from './call-lost.ts';
import type { LanAddress } from './lan-address.ts';

/** A server that does not even take the connection in this time is away. */
const CONNECT_MS = 4000;

export interface LanTransportOptions {
  readonly address: LanAddress;
  /** One answer, at most. */
  readonly maxBytes: number;
}

/**
 * MCP's Streamable HTTP as a client needs it that trusts nobody: every message is one POST to the one address, its
 * answer JSON or a stream of events. No redirects, no proxies, no stream that the server opens by itself, no
 * reconnecting. Says of every message that was lost whether it can have arrived.
 */
export class LanTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  sessionId?: string;
  readonly #options: LanTransportOptions;
  readonly #agent: Agent | null;
  readonly #open = new Set<ClientRequest>();
  #protocolVersion: string | null = null;
  #closed = false;

  constructor(options: LanTransportOptions) {
    this.#options = options;
    this.#agent = agentFor(options.address);
  }

  async start(): Promise<void> {}

  setProtocolVersion(version: string): void {
    this.#protocolVersion = version;
  }

  /** @throws CallLost saying whether the message can have arrived. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) throw new CallLost('tools/server-lost', false);
    const response = await this.#post(JSON.stringify(message));
    const session = response.headers['mcp-session-id'];
    if (typeof session === 'string' && /^[\x21-\x7e]{1,256}$/.test(session)) this.sessionId = session;
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      response.destroy();
      throw refusedBy(status);
    }
    const expectsAnswer = 'method' in message && 'id' in message;
    if (!expectsAnswer) return void response.destroy();
    // Read while the protocol waits: a stream may ask something before it answers.
    this.#read(response).catch((error) => this.#fail(error));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const request of this.#open) request.destroy();
    this.#agent?.destroy();
    this.onclose?.();
  }

  #post(body: string): Promise<IncomingMessage> {
    const { url, bearer } = this.#options.address;
    return new Promise((resolve, reject) => {
      let sent = false;
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'content-length': Buffer.byteLength(body),
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(this.sessionId === undefined ? {} : { 'mcp-session-id': this.sessionId }),
        ...(this.#protocolVersion === null ? {} : { 'mcp-protocol-version': this.#protocolVersion }),
      };
      const options = {
        method: 'POST',
        headers,
        ...(this.#agent ? { agent: this.#agent } : { agent: false }),
      };
      const request = url.protocol === 'https:' ? tlsRequest(url, options) : plainRequest(url, options);
      this.#open.add(request);
      const slow = setTimeout(() => request.destroy(new Error('slow')), CONNECT_MS);
      request.once('socket', (socket) => {
        const ready = () => {
          clearTimeout(slow);
          const no = wrongCertificate(socket as TLSSocket, this.#options.address);
          if (no !== null) return void request.destroy(no);
          sent = true;
          request.end(body);
        };
        if (!socket.connecting) ready();
        else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', ready);
      });
      request.once('response', resolve);
      request.once('close', () => {
        clearTimeout(slow);
        this.#open.delete(request);
      });
      request.on('error', (error) => {
        clearTimeout(slow);
        reject(error instanceof CallLost ? error : new CallLost(codeFor(error, sent), sent));
      });
    });
  }

  async #read(response: IncomingMessage): Promise<void> {
    const type = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
    let read = 0;
    let text = '';
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for await (const chunk of response as AsyncIterable<Buffer>) {
      read += chunk.length;
      if (read > this.#options.maxBytes) throw new CallLost('tools/result-too-large', true);
      text += decoder.decode(chunk, { stream: true });
      if (type === 'text/event-stream') text = this.#events(text);
    }
    if (type === 'application/json') this.#message(text);
    else if (type !== 'text/event-stream') throw new CallLost('tools/result-malformed', true);
  }

  /** Hands over the events that are complete and returns what is left over. */
  #events(text: string): string {
    const blocks = text.split(/\r?\n\r?\n/);
    const rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split(/\r?\n/).filter((line) => line.startsWith('data:'));
      if (data.length > 0) this.#message(data.map((line) => line.slice(5)).join('\n'));
    }
    return rest;
  }

  #message(text: string): void {
    let message: JSONRPCMessage;
    try {
      message = JSONRPCMessageSchema.parse(JSON.parse(text));
    } catch {
      throw new CallLost('tools/result-malformed', true);
    }
    this.onmessage?.(message);
  }

  /** An answer that broke off or cannot be read ends the connection: the call that waits for it is lost. */
  #fail(error: unknown): void {
    if (this.#closed) return;
    this.onerror?.(error instanceof CallLost ? error : new CallLost('tools/server-lost', true));
    this.close().catch(() => {});
  }
}

function agentFor({ pin }: LanAddress): Agent | null {
  if (pin === null) return null;
  // No resumed sessions: the certificate is shown, and checked, on every connection.
  const common = { keepAlive: false, maxCachedSessions: 0, minVersion: 'TLSv1.2' } as const;
  // With a fingerprint the certificate itself is the pin, and is compared before a byte is sent.
  return 'ca' in pin
    ? new Agent({ ...common, ca: pin.ca, rejectUnauthorized: true })
    : new Agent({ ...common, rejectUnauthorized: false });
}

function wrongCertificate(socket: TLSSocket, { pin }: LanAddress): CallLost | null {
  if (pin === null) return null;
  if ('ca' in pin) return socket.authorized ? null : new CallLost('tools/certificate', false);
  const shown = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase();
  return shown === pin.fingerprint ? null : new CallLost('tools/certificate', false);
}

/** What a status other than success says about the call: refused at the door, or nobody knows. */
function refusedBy(status: number): CallLost {
  if (status >= 300 && status < 400) return new CallLost('tools/redirected', true);
  if (status === 404) return new CallLost('tools/session-lost', false);
  if (status === 401 || status === 403) return new CallLost('tools/unauthorised', false);
  return new CallLost('tools/http-status', status >= 500 || status < 400);
}

function codeFor(error: Error, sent: boolean): string {
  const code = 'code' in error ? String(error.code) : '';
  if (/^(ERR_TLS|CERT|DEPTH|UNABLE|SELF_SIGNED|EPROTO|ERR_SSL)/.test(code)) return 'tools/certificate';
  return sent ? 'tools/server-lost' : 'tools/server-away';
}
