import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SottoError } from '../../base/index.ts';
import type { LanEntry, LanPort, LanSite } from '../desk-tools.ts';

/** A server on the LAN as it may be spoken to: everything was checked before. */
export interface LanAddress {
  readonly url: URL;
  /** Null only on loopback without TLS. */
  readonly pin: { readonly ca: string } | { readonly fingerprint: string } | null;
  readonly bearer: string | null;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/**
 * Where a server is, if it may be spoken to at all: its exact host and port on the site's list, TLS with a pinned
 * certificate or authority (plain HTTP on loopback alone), and its key there if it wants one.
 * @throws SottoError `tools/not-allowed`, `tools/bad-address`, `tools/no-pin`, `tools/no-key`.
 */
export function lanAddress(
  desk: { readonly id: string; readonly folder: string },
  server: string,
  entry: LanEntry,
  lan: LanPort | null,
): LanAddress {
  const url = parse(entry.url);
  const address = hostAndPort(url);
  const site = lan?.server(address) ?? null;
  if (site === null)
    throw new SottoError('tools/not-allowed', `The site does not allow tool servers at ${address}.`, {
      remedy: `Have IT put it on the list of the site: sotto tool lan add ${address}`,
    });
  const bearer = entry.key ? site.key : null;
  if (entry.key && bearer === null)
    throw new SottoError('tools/no-key', `No key is kept for the tool server \`${server}\`.`, {
      remedy: `Put its key into the vault: sotto tool lan add ${address} --key-file FILE`,
    });
  if (bearer !== null && !/^[\x21-\x7e]{8,4096}$/.test(bearer))
    throw new SottoError('tools/no-key', `The key of the tool server \`${server}\` cannot be sent.`);
  return { url, pin: pinOf(desk.folder, server, entry, url, site), bearer };
}

/** `host:port` as the site's list has it. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`;
}

function parse(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : null;
  const plain = url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
  if (url && (url.protocol === 'https:' || plain) && !url.username && !url.password && !url.hash) return url;
  throw new SottoError('tools/bad-address', 'The address of a tool server on the LAN cannot be used.', {
    remedy: 'Use https://host:port/path; plain http is for loopback only.',
  });
}

/** The site's word stands above the pack's: who runs the LAN knows which certificate stands there today. */
function pinOf(folder: string, server: string, entry: LanEntry, url: URL, site: LanSite): LanAddress['pin'] {
  if (url.protocol === 'http:') return null;
  if (site.pin !== null) return site.pin;
  if (entry.fingerprint !== undefined) {
    const fingerprint = entry.fingerprint.replaceAll(':', '').toLowerCase();
    if (/^[0-9a-f]{64}$/.test(fingerprint)) return { fingerprint };
  } else if (entry.ca !== undefined) {
    try {
      return { ca: readFileSync(join(folder, entry.ca), 'utf8') };
    } catch (cause) {
      throw new SottoError('tools/no-pin', `The authority of the tool server \`${server}\` cannot be read.`, {
        remedy: 'Put its PEM file into the desk pack.',
        cause,
      });
    }
  }
  throw new SottoError('tools/no-pin', `The tool server \`${server}\` has no certificate that is known.`, {
    remedy: 'Name it with `sotto tool lan add`, or declare `ca:` or `fingerprint:` in tools.yaml.',
  });
}
