import { isIP, isIPv6 } from 'node:net';
import { SottoError } from '../base/index.ts';

/** Names by which this machine always reaches itself. */
export const LOOPBACK = ['localhost', '127.0.0.1', '::1'] as const;

const DNS_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
const EVERY_ADDRESS = ['0.0.0.0', '::', '*'];

/**
 * The names that the certificate and the checks are for: loopback and the configured host. An address that means
 * "all of them" has no name to check and is refused.
 * @throws SottoError `headless/bad-host`.
 */
export function servedNames(host: string): readonly string[] {
  const name = host.toLowerCase();
  if (EVERY_ADDRESS.includes(name) || (isIP(name) === 0 && !DNS_NAME.test(name)))
    throw new SottoError('headless/bad-host', 'The headless host needs one address or name to serve.', {
      remedy: "Give the machine's own LAN address or its DNS name, e.g. 192.0.2.10.",
    });
  return [...new Set([...LOOPBACK, name])];
}

/** Which `Host` and `Origin` headers are ours: a page under any other name may not reach the appliance. */
export interface NameCheck {
  /** Guards against DNS rebinding. */
  hostAllowed(header: string | undefined): boolean;
  /** Guards against other sites' pages that open our WebSocket. */
  originAllowed(header: string | undefined): boolean;
}

export function checkNames(names: readonly string[], port: number): NameCheck {
  const hosts = new Set(names.map((name) => authority(name, port)));
  if (port === 443) for (const name of names) hosts.add(bracketed(name));
  return {
    hostAllowed: (header) => header !== undefined && hosts.has(header.toLowerCase()),
    originAllowed: (header) =>
      header?.startsWith('https://') === true && hosts.has(header.slice('https://'.length).toLowerCase()),
  };
}

/** `host:port` as it stands in an address. */
export function authority(name: string, port: number): string {
  return `${bracketed(name)}:${port}`;
}

function bracketed(name: string): string {
  return isIPv6(name) ? `[${name}]` : name;
}
