/** A mail relay over TLS, as a site has one on its LAN. */
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';
import type { Certificates } from './certificates.ts';

/** `secure`: TLS from the first byte, else by STARTTLS. */
export async function mailRelay(
  { certificate: cert, key }: Certificates,
  { secure = true, port = 0 }: { readonly secure?: boolean; readonly port?: number } = {},
) {
  const mails: string[] = [];
  const server = new SMTPServer({
    secure,
    cert,
    key,
    authOptional: true,
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        mails.push(Buffer.concat(parts).toString());
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  return { mails, port: typeof address === 'object' && address ? address.port : 0, close };
}
