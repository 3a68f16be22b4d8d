/** The tool servers on its LAN that a site allows: by exact host and port, with what they must show and their keys. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { AuditLog } from '../../audit/index.ts';
import { type Clock, SottoError } from '../../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../../vault/index.ts';
import type { LanPort } from '../desk-tools.ts';

const SETTING = 'tools.lan';
const MOST_SERVERS = 50;

const serverSchema = z.strictObject({
  /** Exactly `host:port`, in small letters. */
  address: z.string().regex(/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\]):\d{1,5}$/, 'not host:port in small letters'),
  /** What its certificate must be; null leaves it to the desk pack. */
  pin: z
    .union([
      /** PEM of the authority that signed it. */
      z.strictObject({ ca: z.string().max(100_000) }),
      /** SHA-256 of the certificate itself. */
      z.strictObject({ fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256') }),
    ])
    .nullable(),
  /** The bearer key that it asks for. */
  key: z
    .string()
    .regex(/^[\x21-\x7e]{8,4096}$/, 'not 8 to 4096 printable characters without blanks')
    .nullable(),
});
export type LanServer = z.infer<typeof serverSchema>;

/** A server as it may be shown: without its key. */
export interface LanServerShown {
  readonly address: string;
  readonly pin: 'authority' | 'fingerprint' | 'desk pack';
  /** Of the authority or of the certificate: SHA-256, hex. */
  readonly sha256: string | null;
  /** When the authority's certificate ends, epoch milliseconds. */
  readonly validUntil: number | null;
  /** Whether a key is kept for it. */
  readonly key: boolean;
}

export interface LanServersPorts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** The servers that are allowed, without their keys. */
export function lanServers(vault: Vault): readonly LanServerShown[] {
  return serversOf(vault).map(shown);
}

/**
 * Allows a server, from the next start on; one that is there already is replaced whole. The entry in the log names
 * address and kind of pin, never the key.
 * @throws SottoError `tools/bad-lan-server`, `tools/too-many-servers`.
 */
export function allowLanServer(
  { vault, audit, clock }: LanServersPorts,
  given: LanServer,
  actor: string,
): LanServerShown {
  const server = checked(given, clock);
  const others = serversOf(vault).filter(({ address }) => address !== server.address);
  if (others.length >= MOST_SERVERS)
    throw new SottoError('tools/too-many-servers', 'The site allows too many tool servers.', {
      remedy: 'Remove those that no desk uses.',
    });
  const now = shown(server);
  const { address, pin, key } = now;
  const detail = { setting: SETTING, change: 'allow', address, pin, key };
  audit.record({ action: 'configuration.change', actor, outcome: 'success', detail }, () =>
    write(vault, [...others, server], clock),
  );
  return now;
}

/** Takes a server off the list, with its key. @throws SottoError `tools/no-such-server`. */
export function disallowLanServer(
  { vault, audit, clock }: LanServersPorts,
  address: string,
  actor: string,
): void {
  const servers = serversOf(vault);
  const rest = servers.filter((server) => server.address !== address);
  if (rest.length === servers.length)
    throw new SottoError('tools/no-such-server', 'No tool server at this address is on the list.', {
      remedy: 'List those that are: sotto tool lan list',
    });
  const detail = { setting: SETTING, change: 'disallow', address };
  audit.record({ action: 'configuration.change', actor, outcome: 'success', detail }, () =>
    write(vault, rest, clock),
  );
}

/** What the gateway asks before it speaks to a server; read from the vault each time. */
export function lanPort(vault: Vault): LanPort {
  return {
    server: (address) => {
      const server = serversOf(vault).find((one) => one.address === address);
      return server ? { pin: server.pin, key: server.key } : null;
    },
  };
}

function serversOf(vault: Vault): readonly LanServer[] {
  return readSetting(vault, SETTING, z.array(serverSchema)) ?? [];
}

function write(vault: Vault, servers: readonly LanServer[], clock: Clock): void {
  const sorted = servers.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  writeSetting(vault, SETTING, sorted, clock);
}

function checked(given: LanServer, clock: Clock): LanServer {
  const parsed = serverSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badServer(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'wrong'}`);
  }
  const { pin } = parsed.data;
  if (pin !== null && 'ca' in pin) {
    const authority = certificateIn(pin.ca);
    if (authority === null) throw badServer('its authority is no certificate in PEM');
    if (Date.parse(authority.validTo) <= clock.now()) throw badServer('the certificate has expired');
  }
  return parsed.data;
}

function badServer(what: string): SottoError {
  return new SottoError('tools/bad-lan-server', `The tool server cannot be put on the list: ${what}.`, {
    remedy:
      'Write the address as core.branch.lan:8443, and name a PEM file or a SHA-256 for its certificate.',
  });
}

function shown({ address, pin, key }: LanServer): LanServerShown {
  const kept = key !== null;
  if (pin === null) return { address, pin: 'desk pack', sha256: null, validUntil: null, key: kept };
  if ('fingerprint' in pin)
    return { address, pin: 'fingerprint', sha256: pin.fingerprint, validUntil: null, key: kept };
  const authority = certificateIn(pin.ca);
  return {
    address,
    pin: 'authority',
    sha256: authority?.fingerprint256.replaceAll(':', '').toLowerCase() ?? null,
    validUntil: authority ? Date.parse(authority.validTo) : null,
    key: kept,
  };
}

function certificateIn(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}
