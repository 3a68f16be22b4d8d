import { lookup as resolveName } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { SottoError } from '../../../base/index.ts';

/** Where a model on the LAN is, after all checks: nothing is ever connected to but these addresses. */
export interface PinnedAddress {
  readonly url: URL;
  readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[];
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** RFC 1918, RFC 4193, loopback and link-local: what can be on a site. */
const ON_SITE = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const)
  ON_SITE.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  ON_SITE.addSubnet(net, prefix, 'ipv6');
ON_SITE.addAddress('::1', 'ipv6');

/**
 * Checks an address as it was configured.
 * @throws SottoError `model/bad-address`, `model/not-allowed`, `model/no-authority`.
 */
export function checkedUrl(given: string, allowed: readonly string[], ca: string | null): URL {
  const url = URL.canParse(given) ? new URL(`${given.replace(/\/$/, '')}/chat/completions`) : null;
  const plain = url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !plain) || url.username || url.password)
    throw new SottoError('model/bad-address', 'The address of the language model cannot be used.', {
      remedy: 'Use https://host:port/v1; plain http is for loopback only.',
    });
  const address = `${url.hostname}:${url.port || (plain ? '80' : '443')}`;
  if (!allowed.includes(address))
    throw new SottoError('model/not-allowed', `The site does not allow a language model at ${address}.`, {
      remedy: 'Have IT put exactly this host and port on the list of the site.',
    });
  if (!plain && ca === null)
    throw new SottoError(
      'model/no-authority',
      'No authority is named for the language model’s certificate.',
      {
        remedy: 'Name the PEM file of the site’s authority.',
      },
    );
  return url;
}

/**
 * Looks the name up, once: what the name says later counts no more. Every address must be one that a site can have.
 * @throws SottoError `model/unreachable`, `model/not-on-site`.
 */
export async function pinned(url: URL): Promise<PinnedAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await resolveName(host, { all: true }).catch(() => []);
  const addresses = found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }) as const);
  if (addresses.length === 0)
    throw new SottoError('model/unreachable', 'The name of the language model’s host cannot be found.', {
      remedy: 'Check the name, or give the address itself.',
    });
  if (!addresses.every(({ address }) => isOnSite(address)))
    throw new SottoError(
      'model/not-on-site',
      'The language model’s host has an address that is not on the site.',
      {
        remedy: 'Only private addresses are used (RFC 1918, RFC 4193): nothing leaves the site.',
      },
    );
  return { url, addresses };
}

export function isOnSite(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && ON_SITE.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
