import type { Carrier } from '../../main/api/client.ts';
import type { ClientMessage } from '../../main/api/contract.ts';

/** What the Electron preload exposes as `window.sotto`; each `connect()` is one connection to the appliance. */
export interface SottoBridge {
  connect(): SottoBridgeConnection;
}
export interface SottoBridgeConnection {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

declare global {
  interface Window {
    readonly sotto?: SottoBridge;
  }
}

/** The preload's message port under Electron, else a WebSocket to the host that served this page. */
export function openCarrier(): Promise<Carrier<ClientMessage>> {
  return window.sotto === undefined ? openSocket(window.location) : Promise.resolve(bridged(window.sotto));
}

function bridged(bridge: SottoBridge): Carrier<ClientMessage> {
  const connection = bridge.connect();
  return {
    send: async (message) => connection.send(message),
    onMessage: (listener) => connection.onMessage(listener),
    onClose: (listener) => connection.onClose(listener),
    close: () => connection.close(),
  };
}

/** Rejects when the appliance cannot be reached. */
function openSocket(location: Location): Promise<Carrier<ClientMessage>> {
  const url = `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/api`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => resolve(overSocket(socket)), { once: true });
    socket.addEventListener('close', () => reject(new Error('The appliance cannot be reached.')), {
      once: true,
    });
  });
}

function overSocket(socket: WebSocket): Carrier<ClientMessage> {
  return {
    send: async (message) => {
      if (socket.readyState !== WebSocket.OPEN) throw new Error('The connection is closed.');
      socket.send(JSON.stringify(message));
    },
    onMessage: (listener) =>
      socket.addEventListener('message', (event) => {
        const message = parse(event.data);
        if (message === undefined) socket.close();
        else listener(message);
      }),
    onClose: (listener) => {
      if (socket.readyState === WebSocket.CLOSED) listener();
      else socket.addEventListener('close', listener, { once: true });
    },
    close: () => socket.close(),
  };
}

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
