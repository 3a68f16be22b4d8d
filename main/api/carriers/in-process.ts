import { SottoError } from '../../base/index.ts';
import type { ClientMessage, ServerMessage } from '../contract.ts';
import type { Carrier } from './carrier.ts';
import { decodeMessage, encodeMessage, MAX_CLIENT_MESSAGE_BYTES, MAX_SERVER_MESSAGE_BYTES } from './codec.ts';

/**
 * Two ends in one process. Messages go through the same bytes as on a socket, so that what works here works
 * there: nothing but JSON crosses, bounded, in order, and never before `send` has returned.
 */
export function connectInProcess(): {
  readonly client: Carrier<ClientMessage>;
  readonly server: Carrier<ServerMessage>;
} {
  const client = new End<ClientMessage>(MAX_CLIENT_MESSAGE_BYTES);
  const server = new End<ServerMessage>(MAX_SERVER_MESSAGE_BYTES);
  client.peer = server;
  server.peer = client;
  return { client, server };
}

class End<Sends> implements Carrier<Sends> {
  peer: End<unknown> | undefined;
  readonly #maxBytes: number;
  #listener: ((message: unknown) => void) | undefined;
  readonly #closeListeners = new Set<() => void>();
  #closed = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  async send(message: Sends): Promise<void> {
    if (this.#closed) throw new SottoError('wire/closed', 'The connection is closed.');
    try {
      const received = decodeMessage(encodeMessage(message, this.#maxBytes), this.#maxBytes);
      await Promise.resolve();
      this.peer?.receive(received);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  receive(message: unknown): void {
    if (!this.#closed) this.#listener?.(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#closeListeners.add(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners) listener();
    this.peer?.close();
  }
}
