import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import type { Origin } from '../api/index.ts';

/** `__Host-`: browsers take it over TLS alone, for this very host, and no other name may set it (RFC 6265bis). */
const COOKIE = '__Host-sotto-device';
const COOKIE_LIVES_S = 365 * 86_400;
const DEVICE = new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{22})(?:;|$)`);

/**
 * Where a request comes from. What `X-Forwarded-For` says counts only when it was a trusted proxy that sent it, and
 * then from its end on, up to the first address that is none of them.
 */
export function originOf(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  trustedProxies: readonly string[],
): Origin {
  const trusted = new Set(trustedProxies.map(networkOf));
  const forwarded = headers['x-forwarded-for'];
  const told = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
  let address = socket.remoteAddress ?? null;
  while (address !== null && trusted.has(networkOf(address))) {
    const before = told.pop()?.trim() ?? '';
    if (isIP(before) === 0) break;
    address = before;
  }
  return {
    address: address === null ? null : networkOf(address),
    device: DEVICE.exec(headers.cookie ?? '')?.[1] ?? null,
  };
}

/** What names a browser to the limits, to be set where a page is sent to one that has none yet; null where it has. */
export function newDeviceCookie(headers: IncomingMessage['headers']): string | null {
  if (DEVICE.test(headers.cookie ?? '')) return null;
  const id = randomBytes(16).toString('base64url');
  return `${COOKIE}=${id}; Max-Age=${COOKIE_LIVES_S}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}

/** One machine has one IPv4 address, and as many IPv6 addresses as it likes within its /64. */
function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const [first, last] = [head, tail].map((part) => part.split(':').filter(Boolean));
  const missing = plain.includes('::') ? 8 - (first?.length ?? 0) - (last?.length ?? 0) : 0;
  const groups = [...(first ?? []), ...Array<string>(Math.max(0, missing)).fill('0'), ...(last ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
