import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4 } from 'node:net';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { AuditLog } from '../../audit/index.ts';
import { type Clock, codeOf, type Log, logId, SottoError } from '../../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../../vault/index.ts';
import type { Alert } from './contract.ts';

const SETTING = 'alerts.mail';
/** The hosts that this site lets Sotto speak to, as `host:port`. */
const HOSTS = 'network.hosts';
/** The newest; who was away for longer looks into the window. */
const MOST_WAITING = 500;
const RETRY_MS = [5_000, 30_000, 120_000, 600_000] as const;
const GIVE_UP_MS = 20_000;

const address = z.email().max(200);

/** The relay on the LAN. Its certificate must come from this authority and name the host. */
export const mailRelaySchema = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535).default(465),
  /** `tls` from the first byte (465), or `starttls`, which is then demanded. */
  security: z.enum(['tls', 'starttls']).default('tls'),
  /** PEM. */
  ca: z.string().includes('-----BEGIN CERTIFICATE-----'),
  from: address,
  to: z.array(address).min(1).max(20),
  /** Where the relay asks for one. */
  login: z.strictObject({ user: z.string(), password: z.string() }).optional(),
});
export type MailRelay = z.infer<typeof mailRelaySchema>;

/** Addresses that can only be of this machine or this site (RFC 1918, 3927, 4193, 4291). */
const LOCAL = new BlockList();
for (const [net, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  LOCAL.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  LOCAL.addSubnet(net, prefix, 'ipv6');
LOCAL.addAddress('::1', 'ipv6');

/**
 * Names the relay, or none. Its host and port must be on the list of the site.
 * @throws SottoError `alerts/bad-relay`, `alerts/not-allowed`. The caller writes the log entry.
 */
export function setMailRelay(vault: Vault, relay: unknown, clock: Clock): void {
  if (relay === null) {
    writeSetting(vault, SETTING, null, clock);
    return;
  }
  const checked = parseMailRelay(relay);
  refuseUnlisted(vault, checked);
  writeSetting(vault, SETTING, JSON.parse(JSON.stringify(checked)), clock);
}

/** @throws SottoError `alerts/bad-relay`, naming the fields and never their values. */
export function parseMailRelay(relay: unknown): MailRelay {
  const parsed = mailRelaySchema.safeParse(relay);
  if (parsed.success) return parsed.data;
  throw new SottoError('alerts/bad-relay', 'The mail relay is not described as it should be.', {
    remedy: `Look at: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}.`,
  });
}

/** What is set, without what is secret; and how many alerts wait. */
export function mailRelayStatus(vault: Vault) {
  const relay = readSetting(vault, SETTING, mailRelaySchema.nullable());
  const waiting = vault.db.prepare<[], number>('SELECT count(*) FROM alert_mail').pluck().get() ?? 0;
  if (relay === null) return { relay: null, waiting };
  const { ca: _ca, login: _login, ...shown } = relay;
  return { relay: shown, waiting };
}

/** The hosts that this site lets Sotto speak to. */
export function siteHosts(vault: Vault): readonly string[] {
  return readSetting(vault, HOSTS, z.array(z.string())) ?? [];
}

/** The caller writes the log entry. */
export function setSiteHosts(vault: Vault, hosts: readonly string[], clock: Clock): void {
  const listed = z.array(z.string().regex(/^[a-z0-9.:[\]-]+:\d{1,5}$/)).parse(hosts);
  writeSetting(vault, HOSTS, [...new Set(listed)], clock);
}

/**
 * Sends alerts to the relay of the site, over TLS alone. They wait in the vault while it is away, over restarts too.
 * A mail says that there is something to look at, and nothing of conversations or people.
 */
export class AlertMail {
  readonly #vault: Vault;
  readonly #audit: AuditLog;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #failures = 0;
  #closed = false;

  constructor(vault: Vault, audit: AuditLog, log: Log) {
    this.#vault = vault;
    this.#audit = audit;
    this.#log = log;
    this.#later(0);
  }

  /** Kept first, sent then. Where no relay is set nothing is kept. */
  add(alert: Alert): void {
    if (mailRelayStatus(this.#vault).relay === null) return;
    const { db } = this.#vault;
    db.prepare('INSERT INTO alert_mail VALUES (?, ?, ?, 0)').run(alert.id, alert.at, JSON.stringify(alert));
    db.prepare(
      'DELETE FROM alert_mail WHERE id IN (SELECT id FROM alert_mail ORDER BY at DESC LIMIT -1 OFFSET ?)',
    ).run(MOST_WAITING);
    if (this.#failures === 0) this.#later(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#sending;
  }

  #later(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#sending = this.#sending.then(() => this.#sendAll());
    }, ms);
    this.#timer.unref();
  }

  /** Never rejects. */
  async #sendAll(): Promise<void> {
    try {
      for (let next = this.#next(); next !== null && !this.#closed; next = this.#next()) {
        await send(this.#vault, next, this.#audit.origin);
        if (!this.#vault.db.open) return;
        this.#vault.db.prepare('DELETE FROM alert_mail WHERE id = ?').run(next.id);
        this.#tell('success', next.id, null);
        this.#failures = 0;
      }
    } catch (error) {
      const code = codeOf(error) === 'internal' ? smtpCode(error) : codeOf(error);
      if (this.#failures === 0 && this.#vault.db.open) this.#tell('failure', null, code);
      this.#later(RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 600_000);
      this.#failures += 1;
    }
  }

  #next(): Alert | null {
    if (!this.#vault.db.open) return null;
    const json = this.#vault.db
      .prepare<[], string>('SELECT json FROM alert_mail ORDER BY at, id LIMIT 1')
      .pluck()
      .get();
    return json === undefined ? null : alertSchema.parse(JSON.parse(json));
  }

  #tell(outcome: 'success' | 'failure', alert: string | null, code: string | null): void {
    try {
      const detail = { alert, code };
      this.#audit.append({ action: 'alert.mail', actor: 'system', outcome, detail });
    } catch (error) {
      this.#log.warn('alerts.notRecorded', { code: logId(codeOf(error)) });
    }
  }
}

const alertSchema = z.object({
  id: z.string(),
  at: z.number(),
  about: z.enum(['incident', 'limit', 'standstill']),
  severity: z.enum(['low', 'medium', 'high']),
  code: z.string(),
  incident: z.number().nullable(),
});

/** @throws what the relay or the network refuses. */
async function send(vault: Vault, alert: Alert, origin: string): Promise<void> {
  const relay = readSetting(vault, SETTING, mailRelaySchema.nullable());
  if (relay === null) return;
  refuseUnlisted(vault, relay);
  const transport = createTransport({
    host: await localAddress(relay.host),
    port: relay.port,
    secure: relay.security === 'tls',
    requireTLS: true,
    tls: { ca: [relay.ca], servername: relay.host, minVersion: 'TLSv1.2' },
    connectionTimeout: GIVE_UP_MS,
    greetingTimeout: GIVE_UP_MS,
    socketTimeout: GIVE_UP_MS,
    ...(relay.login ? { auth: { user: relay.login.user, pass: relay.login.password } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from: relay.from, to: relay.to, ...wordsOf(alert, origin) });
  } finally {
    transport.close();
  }
}

function wordsOf(alert: Alert, origin: string) {
  const { about, severity, code, incident, at, id } = alert;
  const what = incident === null ? `${about} ${code}` : `incident ${incident} (${code})`;
  return {
    subject: `Sotto: ${what}, severity ${severity}`,
    text: [
      `${what}, severity ${severity}`,
      `Time: ${new Date(at).toISOString()}`,
      `Site: ${origin}`,
      `Alert: ${id}`,
      '',
      'Sign in to Sotto to see more. This mail holds nothing of conversations or people, on purpose.',
    ].join('\n'),
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

function refuseUnlisted(vault: Vault, { host, port }: MailRelay): void {
  if (siteHosts(vault).includes(`${host}:${port}`)) return;
  throw new SottoError('alerts/not-allowed', 'The site does not allow this mail relay.', {
    remedy: `Put ${host}:${port} on the list of hosts of the site first.`,
  });
}

/** @throws SottoError `alerts/not-local`: what a name stands for can change; it never leads out of the site. */
async function localAddress(host: string): Promise<string> {
  const { address: found } = await lookup(host);
  if (LOCAL.check(found, isIPv4(found) ? 'ipv4' : 'ipv6')) return found;
  throw new SottoError('alerts/not-local', 'The mail relay has an address outside the site.', {
    remedy: 'Name a relay with a private address.',
  });
}

function smtpCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code).toLowerCase() : 'internal';
}
