import type { IncomingMessage, ServerResponse } from 'node:http';
import { codeOf, type Log, logId } from '../base/index.ts';
import type { NameCheck } from './hosts.ts';
import { newDeviceCookie } from './origin.ts';

/** Answers HTTP requests from our own names with `ui`; for any other name there is nothing here. */
export function createHttp(options: {
  readonly ui: (request: Request) => Promise<Response>;
  readonly names: NameCheck;
  readonly log: Log;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { ui, names, log } = options;
  return (request, response) => {
    const { host, origin } = request.headers;
    if (!names.hostAllowed(host)) return refuse(response, 421, 'This appliance is not known by that name.');
    if (origin !== undefined && !names.originAllowed(origin))
      return refuse(response, 403, 'Other sites may not ask this appliance for anything.');
    answer(`https://${host}`, request, response, ui).catch((error) => {
      log.warn('headless.http-failed', { code: logId(codeOf(error)) });
      response.destroy();
    });
  };
}

async function answer(
  base: string,
  { url = '/', method = 'GET', headers }: IncomingMessage,
  response: ServerResponse,
  ui: (request: Request) => Promise<Response>,
): Promise<void> {
  // `//host/…` and absolute addresses in the request line would otherwise name another host.
  if (!url.startsWith('/') || !URL.canParse(base + url)) {
    refuse(response, 400, 'The address is not well formed.');
    return;
  }
  if (!/^[A-Z]+$/.test(method) || ['CONNECT', 'TRACE', 'TRACK'].includes(method)) {
    refuse(response, 405, 'Only GET and HEAD.');
    return;
  }
  const made = await ui(new Request(base + url, { method }));
  const isPage = made.headers.get('content-type')?.startsWith('text/html') === true;
  const cookie = isPage ? newDeviceCookie(headers) : null;
  response.writeHead(made.status, {
    ...Object.fromEntries(made.headers),
    ...(cookie === null ? {} : { 'Set-Cookie': cookie }),
  });
  response.end(Buffer.from(await made.arrayBuffer()));
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(`${text}\n`);
}
