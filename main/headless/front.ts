import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

const TLS_HANDSHAKE = 0x16;
const FIRST_BYTE_TIMEOUT_MS = 10_000;

const HINT = 'This port speaks HTTPS: put https:// before the address.\n';
const PLAIN_ANSWER = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${HINT.length}\r\nConnection: close\r\n\r\n${HINT}`;

/**
 * Looks at the first byte of a connection: a TLS handshake is handed to `secure`, anything else gets a hint in
 * plain text instead of a broken page. A connection that says nothing is closed.
 */
export function createFront(secure: (socket: Socket) => void, maxConnections: number): Server {
  const server = createTcpServer((socket) => {
    const drop = () => socket.destroy();
    socket.on('error', drop);
    socket.setTimeout(FIRST_BYTE_TIMEOUT_MS, drop);
    socket.once('data', (chunk) => {
      if (chunk[0] !== TLS_HANDSHAKE) {
        socket.end(PLAIN_ANSWER);
        return;
      }
      socket.pause();
      socket.setTimeout(0);
      socket.off('timeout', drop);
      socket.unshift(chunk);
      secure(socket);
    });
  });
  server.maxConnections = maxConnections;
  return server;
}
