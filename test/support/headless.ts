/** A headless host on a free port of loopback, and clients that trust its authority and nothing else. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { Carrier, ClientMessage, Services } from '../../main/api/index.ts';
import { type Headless, type HeadlessOptions, startHeadless } from '../../main/headless/index.ts';

export interface Host extends Headless {
  readonly folder: string;
  readonly port: number;
  readonly ca: string;
  stop(): Promise<void>;
}

export async function startHost(services: Services, extra: Partial<HeadlessOptions> = {}): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-headless-'));
  const rendererFolder = join(folder, 'renderer');
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true });
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html><title>Sotto</title>');
  writeFileSync(join(rendererFolder, 'assets', 'main-1a2b.js'), 'export {};');
  const headless = await startHeadless({
    services,
    certificates: join(folder, 'certificates'),
    rendererFolder,
    port: 0,
    ...extra,
  });
  return {
    ...headless,
    folder,
    port: Number(new URL(headless.url).port),
    ca: readFileSync(headless.authorityFile, 'utf8'),
    stop: async () => {
      await headless.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request, its path sent as it stands. */
export function get(
  host: Host,
  path = '/',
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: host.port,
        path,
        ca: host.ca,
        agent: false,
        servername: 'localhost',
        ...options,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

/** A WebSocket as our own page opens it, or with what a test says instead. */
export function openSocket(
  host: Host,
  options: {
    readonly headers?: Record<string, string>;
    readonly origin?: string;
    readonly path?: string;
  } = {},
): WebSocket {
  const { headers = {}, origin = `https://127.0.0.1:${host.port}`, path = '/api' } = options;
  return new WebSocket(`wss://127.0.0.1:${host.port}${path}`, {
    ca: host.ca,
    headers,
    ...(origin === '' ? {} : { origin }),
  });
}

/** The HTTP status with which an upgrade was refused. */
export function refusedWith(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('open', () => reject(new Error('the WebSocket was opened')));
    socket.on('error', () => {});
  });
}

export async function opened(socket: WebSocket): Promise<WebSocket> {
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return socket;
}

/** The code with which the appliance closed it. */
export function closeCode(socket: WebSocket): Promise<number> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', (code) => resolve(code)));
}

/** The browser's side of the WebSocket, over the `ws` client. */
export function clientCarrier(socket: WebSocket): Carrier<ClientMessage> {
  socket.on('error', () => {});
  return {
    send: (message) =>
      new Promise((resolve, reject) =>
        socket.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve())),
      ),
    onMessage: (listener) => socket.on('message', (data) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.once('close', () => listener()),
    close: () => socket.close(),
  };
}
