import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_CLIENT_MESSAGE_BYTES, type Origin, type Services, serveConnection } from '../api/index.ts';
import type { Log } from '../base/index.ts';
import type { NameCheck } from './hosts.ts';
import { originOf } from './origin.ts';
import { webSocketCarrier } from './web-socket-carrier.ts';

/** Where the renderer opens its WebSocket. */
export const API_PATH = '/api';

/** Windows open at once; a branch has a handful. */
const MAX_SOCKETS = 32;
/** One address leaves room for others. */
const MAX_SOCKETS_OF_AN_ADDRESS = 24;
const PING_EVERY_MS = 20_000;

export interface Sockets {
  /** Answers an upgrade request: a WebSocket for our own pages, a refusal for all else. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** The WebSocket side of the headless host. */
export function createSockets(options: {
  readonly services: Services;
  readonly names: NameCheck;
  readonly log: Log;
  readonly trustedProxies?: readonly string[];
  readonly pingEveryMs?: number;
}): Sockets {
  const { services, names, log, trustedProxies = [] } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const alive = new WeakSet<WebSocket>();
  const addresses = new Map<WebSocket, string | null>();
  const isFull = (address: string | null) =>
    server.clients.size >= MAX_SOCKETS ||
    [...addresses.values()].filter((one) => one === address).length >= MAX_SOCKETS_OF_AN_ADDRESS;
  const heartbeat = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, options.pingEveryMs ?? PING_EVERY_MS);
  heartbeat.unref();

  const welcome = (socket: WebSocket, origin: Origin) => {
    alive.add(socket);
    addresses.set(socket, origin.address);
    socket.on('close', () => addresses.delete(socket));
    socket.on('pong', () => alive.add(socket));
    serveConnection(services, webSocketCarrier(socket), { carrier: 'webSocket', log, origin });
  };
  return {
    upgrade: (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      const origin = originOf(request, trustedProxies);
      const status = refusal(request, names) ?? (isFull(origin.address) ? 503 : undefined);
      if (status === undefined) {
        server.handleUpgrade(request, socket, head, (opened) => welcome(opened, origin));
        return;
      }
      log.warn('headless.upgrade-refused', { status });
      socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    },
    close: () => {
      clearInterval(heartbeat);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function refusal(request: IncomingMessage, names: NameCheck): number | undefined {
  if (!names.hostAllowed(request.headers.host)) return 421;
  if (!names.originAllowed(request.headers.origin)) return 403;
  return request.url === API_PATH ? undefined : 404;
}
