/**
 * The private pipe between the desktop shell and its appliance: a Unix socket in a folder that only this user
 * can enter, or a named pipe with an unguessable name. Whoever connects must first show a token; each token is
 * good once, and the greeting brings the next, so that the shell can connect anew when its window reloads.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Log, SottoError, silentLog } from '../../base/index.ts';
import { type Connection, serveConnection } from '../connection.ts';
import type { ClientMessage, ServerMessage } from '../contract.ts';
import type { Services } from '../services.ts';
import type { Carrier } from './carrier.ts';
import { MAX_CLIENT_MESSAGE_BYTES, MAX_SERVER_MESSAGE_BYTES } from './codec.ts';
import { PipeCarrier } from './pipe-carrier.ts';

const HELLO_TIMEOUT_MS = 5_000;
const TOKEN_BYTES = 32;
/** Others of this user may connect and say nothing; that many and no more. */
const MAX_WAITING = 4;
const MAX_HANDOVER_BYTES = 4096;
/** There is one window at the other end of a pipe, on this machine. */
const OWN_WINDOW = { address: null, device: 'own window' } as const;

const tokenSchema = z.string().length(43);
const helloSchema = z.strictObject({ token: tokenSchema });
const greetingSchema = z.strictObject({ welcome: z.literal(true), next: tokenSchema });
const handoverSchema = z.strictObject({ path: z.string().min(1).max(1024), token: tokenSchema });

/** What the shell tells its appliance on standard input, as one line of JSON: never in arguments or environment. */
export type PipeHandover = z.infer<typeof handoverSchema>;

/** A fresh place and token for a pipe. `remove` deletes the folder. */
export function newPipe(): PipeHandover & { readonly remove: () => void } {
  const token = newToken();
  if (process.platform === 'win32')
    return { path: `\\\\.\\pipe\\sotto-${randomBytes(16).toString('hex')}`, token, remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'sotto-'));
  return {
    path: join(folder, 'appliance.sock'),
    token,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Reads the handover line. @throws SottoError `pipe/no-handover`. */
export async function readHandover(input: NodeJS.ReadableStream): Promise<PipeHandover> {
  let text = '';
  input.setEncoding('utf8');
  const line = await new Promise<string>((resolve) => {
    const stop = () => {
      input.off('data', take);
      input.off('end', stop);
      resolve(text.slice(0, MAX_HANDOVER_BYTES));
    };
    const take = (chunk: string | Buffer) => {
      text += chunk;
      if (text.includes('\n') || text.length > MAX_HANDOVER_BYTES) stop();
    };
    input.on('data', take);
    input.on('end', stop);
  });
  try {
    return handoverSchema.parse(JSON.parse(line));
  } catch {
    throw new SottoError('pipe/no-handover', 'This is started by the desktop window and not by hand.', {
      remedy: 'Use `sotto start`.',
    });
  }
}

/**
 * Resolves when the shell is gone: it holds the other end of standard input open for as long as it lives, and
 * the appliance must not outlive it.
 */
export function shellGone(input: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    input.once('end', resolve);
    input.once('close', resolve);
    input.once('error', resolve);
    input.resume();
  });
}

/**
 * Serves the contract on the pipe, to one connection at a time: a new one takes the place of the old.
 * @throws SottoError `pipe/folder-not-private`, `pipe/cannot-listen`.
 */
export async function servePipe(options: {
  readonly services: Services;
  readonly path: string;
  readonly token: string;
  readonly log?: Log;
}): Promise<{ close(): Promise<void> }> {
  const log = options.log ?? silentLog;
  const waiting = new Set<Socket>();
  let expected = options.token;
  let served: Connection | undefined;

  if (process.platform !== 'win32') makePrivate(dirname(options.path));
  const server = createServer((socket) => {
    if (waiting.size >= MAX_WAITING) {
      socket.destroy();
      return;
    }
    waiting.add(socket);
    socket.setTimeout(HELLO_TIMEOUT_MS, () => socket.destroy());
    socket.once('close', () => waiting.delete(socket));
    const carrier = new PipeCarrier<ServerMessage | z.infer<typeof greetingSchema>>(socket, {
      maxSent: MAX_SERVER_MESSAGE_BYTES,
      maxReceived: MAX_CLIENT_MESSAGE_BYTES,
    });
    carrier.onMessage((raw) => {
      const hello = helloSchema.safeParse(raw);
      if (!hello.success || !same(hello.data.token, expected)) {
        log.warn('pipe.refused');
        carrier.close();
        return;
      }
      expected = newToken();
      waiting.delete(socket);
      socket.setTimeout(0);
      served?.close();
      served = serveConnection(options.services, carrier, { carrier: 'pipe', log, origin: OWN_WINDOW });
      carrier.send({ welcome: true, next: expected }).catch(() => carrier.close());
    });
  });
  await listen(server, options.path);
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      served?.close();
      for (const socket of waiting) socket.destroy();
      await closed;
    },
  };
}

/**
 * Connects to a served pipe. `next` is the token for the next connection.
 * @throws SottoError `pipe/refused`, also when nobody is there.
 */
export async function connectPipe(
  handover: PipeHandover,
): Promise<{ readonly carrier: Carrier<ClientMessage>; readonly next: string }> {
  const socket = connect(handover.path);
  const carrier = new PipeCarrier<ClientMessage | z.infer<typeof helloSchema>>(socket, {
    maxSent: MAX_CLIENT_MESSAGE_BYTES,
    maxReceived: MAX_SERVER_MESSAGE_BYTES,
  });
  const refused = () => new SottoError('pipe/refused', 'The appliance does not answer on its pipe.');
  socket.setTimeout(HELLO_TIMEOUT_MS, () => socket.destroy());
  const greeting = await new Promise<unknown>((resolve, reject) => {
    carrier.onMessage(resolve);
    carrier.onClose(() => reject(refused()));
    socket.once('connect', () => carrier.send({ token: handover.token }).catch(() => reject(refused())));
  });
  const parsed = greetingSchema.safeParse(greeting);
  if (!parsed.success) {
    carrier.close();
    throw refused();
  }
  socket.setTimeout(0);
  return { carrier, next: parsed.data.next };
}

/** A socket's own mode is not honoured everywhere: its folder keeps others out. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(folder);
  if ((mode & 0o077) === 0 && uid === process.getuid?.()) return;
  throw new SottoError('pipe/folder-not-private', 'Others can enter the folder of the private pipe.', {
    remedy: 'Let the window choose the folder, or set its mode to 700.',
  });
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new SottoError('pipe/cannot-listen', 'The private pipe cannot be opened.', { cause })),
    );
    server.listen(path, resolve);
  });
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

function same(shown: string, expected: string): boolean {
  const a = Buffer.from(shown);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
