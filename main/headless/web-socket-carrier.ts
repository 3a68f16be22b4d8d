import type { WebSocket } from 'ws';
import { type Carrier, decodeMessage, MAX_CLIENT_MESSAGE_BYTES, type ServerMessage } from '../api/index.ts';
import { SottoError } from '../base/index.ts';

const NORMAL = 1000;
const UNSUPPORTED = 1003;

/** Messages on a WebSocket, one a text frame. Its bound on incoming frames is set where it is upgraded. */
export function webSocketCarrier(socket: WebSocket): Carrier<ServerMessage> {
  const hangUp = (code: number) => {
    socket.close(code);
    // A peer that does not answer the closing handshake is not waited for.
    setTimeout(() => socket.terminate(), 1_000).unref();
  };
  socket.on('error', () => socket.terminate());
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        socket.send(JSON.stringify(message), (error) =>
          error ? reject(new SottoError('wire/closed', 'The connection is closed.')) : resolve(),
        );
      }),
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        if (socket.readyState !== socket.OPEN) return;
        try {
          if (isBinary || !Buffer.isBuffer(data)) hangUp(UNSUPPORTED);
          else listener(decodeMessage(data, MAX_CLIENT_MESSAGE_BYTES));
        } catch {
          hangUp(UNSUPPORTED);
        }
      });
    },
    onClose: (listener) => {
      if (socket.readyState === socket.CLOSED) listener();
      else socket.once('close', () => listener());
    },
    close: () => hangUp(NORMAL),
  };
}
