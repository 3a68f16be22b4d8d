import { createServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createUi, type Services } from '../api/index.ts';
import { type Clock, codeOf, type Log, logId, SottoError, silentLog, systemClock } from '../base/index.ts';
import { ensureCertificate, type ServerCertificate } from './certificates.ts';
import { createFront } from './front.ts';
import { authority, checkNames, servedNames } from './hosts.ts';
import { createHttp } from './http.ts';
import { createSockets } from './sockets.ts';

const MAX_CONNECTIONS = 128;
const RENEWAL_CHECK_MS = 6 * 3_600_000;
export const DEFAULT_PORT = 7443;

export interface HeadlessOptions {
  readonly services: Services;
  /** Where the installation's authority and certificates are kept. */
  readonly certificates: string;
  /** The built renderer. */
  readonly rendererFolder: string;
  /** Loopback unless the site names an address of this machine. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /** Addresses of proxies whose `X-Forwarded-For` is believed. None unless the site names one. */
  readonly trustedProxies?: readonly string[];
  readonly log?: Log;
  readonly clock?: Clock;
  /** For tests: how often a silent WebSocket is pinged. */
  readonly pingEveryMs?: number;
}

export interface Headless {
  /** What a person opens. */
  readonly url: string;
  /** SHA-256 of the authority's certificate, to compare before trusting it. */
  readonly fingerprint: string;
  /** The authority's certificate, PEM, for browsers and clients to trust. */
  readonly authorityFile: string;
  close(): Promise<void>;
}

/**
 * Serves the renderer over HTTPS and the api over a WebSocket beside it.
 * @throws SottoError `headless/bad-host`, `headless/key-exposed`, `headless/certificates-unusable`,
 *   `headless/cannot-listen`.
 */
export async function startHeadless(options: HeadlessOptions): Promise<Headless> {
  const { services, certificates, rendererFolder } = options;
  const { host = '127.0.0.1', port = DEFAULT_PORT, log = silentLog, clock = systemClock } = options;
  const names = servedNames(host);
  const certificate = await ensureCertificate({ folder: certificates, names, clock });
  const secure = createServer({
    ...tls(certificate),
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: 10_000,
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    maxHeaderSize: 8 * 1024,
  });
  const open = new Set<Socket>();
  const front = createFront((socket) => secure.emit('connection', socket), MAX_CONNECTIONS);
  front.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const bound = await listen(front, host, port);

  const check = checkNames(names, bound);
  const sockets = createSockets({
    services,
    names: check,
    log,
    trustedProxies: options.trustedProxies ?? [],
    ...(options.pingEveryMs === undefined ? {} : { pingEveryMs: options.pingEveryMs }),
  });
  secure.on('request', createHttp({ ui: createUi(rendererFolder), names: check, log }));
  secure.on('upgrade', sockets.upgrade);
  secure.on('tlsClientError', (_, socket) => socket.destroy());
  const renewal = setInterval(() => {
    ensureCertificate({ folder: certificates, names, clock })
      .then((renewed) => secure.setSecureContext(tls(renewed)))
      .catch((error) => log.warn('headless.renewal-failed', { code: logId(codeOf(error)) }));
  }, RENEWAL_CHECK_MS);
  renewal.unref();

  return {
    url: `https://${authority(host, bound)}/`,
    fingerprint: certificate.fingerprint,
    authorityFile: certificate.authorityFile,
    close: async () => {
      clearInterval(renewal);
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      sockets.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function tls({ chain, key }: ServerCertificate): { readonly cert: string; readonly key: string } {
  return { cert: chain, key };
}

async function listen(front: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    front.once('error', (cause) =>
      reject(
        new SottoError('headless/cannot-listen', `The port ${port} of ${host} cannot be opened.`, {
          remedy: 'See whether Sotto runs already, or choose another port.',
          cause,
        }),
      ),
    );
    front.listen(port, host, resolve);
  });
  return (front.address() as AddressInfo).port;
}
