import { connect, type TLSSocket } from 'node:tls';
import { z } from 'zod';
import { type Clock, type Json, type Log, logId, SottoError } from '../../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../../vault/index.ts';
import type { AuditEntry } from '../contract.ts';
import { syslogFrame } from './message.ts';

export const COLLECTOR_SETTING = 'audit.collector';
const CURSOR = 'audit.collector.next';
const LOOK_EVERY_MS = 500;
const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 60_000] as const;
const BATCH = 256;
/** What was handed to the network so short a time before a connection broke may not have arrived: it goes again. */
const UNSURE_MS = 10_000;

/** Where the log is streamed to. The collector's certificate must come from this authority and name the host. */
export const collectorSchema = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535).default(6514),
  /** PEM. */
  ca: z.string().includes('-----BEGIN CERTIFICATE-----'),
  format: z.enum(['ocsf', 'cef']).default('ocsf'),
  /** PEM of this appliance's own certificate and key, where the collector asks for one. */
  identity: z.strictObject({ certificate: z.string(), key: z.string() }).optional(),
});
export type Collector = z.infer<typeof collectorSchema>;

export interface CollectorStatus {
  readonly collector: Omit<Collector, 'ca' | 'identity'> | null;
  /** Entries of which it is not sure yet that they arrived. */
  readonly waiting: number;
}

/** Names the collector, or none. Streaming begins with the first entry of the log. The caller writes the log entry. */
export function setCollector(vault: Vault, collector: Collector | null, clock: Clock): void {
  vault.transaction(() => {
    writeSetting(vault, COLLECTOR_SETTING, collector && asJson(collector), clock);
    if (collector === null) writeSetting(vault, CURSOR, 0, clock);
  });
}

/** What is set, and how far it is behind. */
export function collectorStatus(vault: Vault): CollectorStatus {
  const collector = readSetting(vault, COLLECTOR_SETTING, collectorSchema.nullable());
  const last = vault.db.prepare<[], number | null>('SELECT max(seq) FROM audit_entries').pluck().get() ?? -1;
  if (collector === null) return { collector: null, waiting: 0 };
  const { ca: _ca, identity: _identity, ...shown } = collector;
  return { collector: shown, waiting: last + 1 - nextOf(vault) };
}

/**
 * Streams the log to the site's collector over TLS (RFC 5425). The log itself is the spool: entries wait in it while the
 * collector is away, for as long as it takes, and each is sent at least once. Null when no collector is set.
 */
export function streamToCollector(
  vault: Vault,
  origin: string,
  ports: { readonly clock: Clock; readonly log: Log },
): { close(): void } | null {
  const collector = readSetting(vault, COLLECTOR_SETTING, collectorSchema.nullable());
  return collector === null ? null : new Streamer(vault, origin, collector, ports);
}

class Streamer {
  readonly #vault: Vault;
  readonly #origin: string;
  readonly #collector: Collector;
  readonly #clock: Clock;
  readonly #log: Log;
  #socket: TLSSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;
  #draining = false;
  /** The entry to send next. */
  #position: number;
  /** What was handed to the network of late, by the first entry of each batch; the oldest first. */
  #unsure: { readonly seq: number; readonly at: number }[] = [];

  constructor(
    vault: Vault,
    origin: string,
    collector: Collector,
    ports: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#vault = vault;
    this.#origin = origin;
    this.#collector = collector;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#position = nextOf(vault);
    this.#connect();
  }

  close(): void {
    if (this.#closed) return;
    // What was written in this very moment (the stop itself) goes out too, if the line is up.
    if (this.#socket?.authorized) this.#send();
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.end();
  }

  #connect(): void {
    if (this.#closed) return;
    const { host, port, ca, identity } = this.#collector;
    const own = identity === undefined ? {} : { cert: identity.certificate, key: identity.key };
    const socket = connect({ host, port, ca: [ca], minVersion: 'TLSv1.2', timeout: 20_000, ...own });
    this.#socket = socket;
    socket.on('secureConnect', () => {
      socket.setTimeout(0);
      if (this.#failures > 0) this.#log.info('audit.collectorBack', {});
      this.#failures = 0;
      this.#send();
    });
    // A collector says nothing; whatever it says is read, so that its end is noticed.
    socket.resume();
    socket.on('timeout', () => socket.destroy());
    socket.on('error', (error) => this.#complain(error));
    socket.on('close', () => this.#lost());
  }

  #lost(): void {
    this.#socket = null;
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#goBack();
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 60_000;
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#timer.unref();
  }

  #complain(error: Error): void {
    if (this.#failures > 0) return; // said once, until it is back
    const code = 'code' in error ? String(error.code) : 'tls';
    this.#log.warn('audit.collectorAway', { code: logId(code.toLowerCase()) });
  }

  /** Everything from the cursor on, a batch at a time; then looks again now and then. */
  #send(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (this.#closed || socket === null || !socket.authorized || this.#draining || !this.#vault.db.open)
      return;
    const entries = this.#next();
    for (const entry of entries) socket.write(syslogFrame(entry, this.#origin, this.#collector.format));
    this.#sent(entries);
    if (socket.writableNeedDrain) {
      this.#draining = true;
      socket.once('drain', () => {
        this.#draining = false;
        this.#send();
      });
      return;
    }
    this.#timer = setTimeout(() => this.#send(), entries.length === BATCH ? 0 : LOOK_EVERY_MS);
    this.#timer.unref();
  }

  #next(): readonly AuditEntry[] {
    return this.#vault.db
      .prepare<[number, number], AuditEntry>(
        'SELECT seq, at, json FROM audit_entries WHERE seq >= ? ORDER BY seq LIMIT ?',
      )
      .all(this.#position, BATCH);
  }

  /** What is kept is where to begin after a crash: at the first entry of which it is not sure that it arrived. */
  #sent(entries: readonly AuditEntry[]): void {
    const at = this.#clock.monotonicMs();
    const before = this.#unsure[0]?.seq ?? this.#position;
    this.#unsure = this.#unsure.filter((one) => at - one.at < UNSURE_MS);
    const [first, last] = [entries[0], entries.at(-1)];
    if (first !== undefined && last !== undefined) {
      this.#unsure.push({ seq: first.seq, at });
      this.#position = last.seq + 1;
    }
    const sure = this.#unsure[0]?.seq ?? this.#position;
    if (sure !== before) writeSetting(this.#vault, CURSOR, sure, this.#clock);
  }

  #goBack(): void {
    this.#position = this.#unsure[0]?.seq ?? this.#position;
    this.#unsure = [];
    this.#draining = false;
  }
}

function nextOf(vault: Vault): number {
  return readSetting(vault, CURSOR, z.int().nonnegative()) ?? 0;
}

function asJson({ identity, ...collector }: Collector): Json {
  return identity === undefined ? collector : { ...collector, identity };
}

/** @throws SottoError `audit/bad-collector`. */
export function parseCollector(value: unknown): Collector {
  const parsed = collectorSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SottoError('audit/bad-collector', 'The collector is not described as it should be.', {
    remedy: `Look at: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}.`,
  });
}
