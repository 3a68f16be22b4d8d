/** An MCP server on the LAN, in a process of its own, with a certificate that openssl made. */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './support.ts';

export const KEY = 'the-key-of-the-lan-server';

/** A certificate for a name, signed by itself: its own authority. */
export function certificate(name = 'localhost', folder = temporaryFolder()): string {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
    ],
    { stdio: 'ignore' },
  );
  return folder;
}

/** Prints its port, and what it should not have done; ends with the test. */
export async function lanServer(folder: string, mode = 'good') {
  const child = spawn(
    process.execPath,
    [new URL('./fixtures/lan-server.ts', import.meta.url).pathname, folder, mode],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, LAN_KEY: KEY } },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const port = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server did not start')));
    reader.on('line', (line) => {
      lines.push(line);
      if (line.startsWith('port ')) resolve(line.slice(5));
    });
  });
  return { port, lines, child };
}
