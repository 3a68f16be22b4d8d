/** A syslog collector over TLS that reads frames strictly by their octet count (RFC 5425). */
import { once } from 'node:events';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Certificates } from './certificates.ts';

export async function syslogCollector({ certificate: cert, key }: Certificates, port = 0) {
  const messages: string[] = [];
  const sockets = new Set<TLSSocket>();
  const server: Server = createServer({ cert, key }, (socket) => {
    sockets.add(socket);
    let held = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes]);
      for (;;) {
        const [, digits] = /^([1-9]\d{0,6}) /.exec(held.subarray(0, 8).toString('latin1')) ?? [];
        if (digits === undefined) return;
        const end = digits.length + 1 + Number(digits);
        if (held.length < end) return;
        messages.push(held.subarray(digits.length + 1, end).toString());
        held = held.subarray(end);
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((done) => server.close(done));
  };
  onTestFinished(stop);
  return { messages, stop, port: typeof address === 'object' && address !== null ? address.port : 0 };
}
