import { hostname } from 'node:os';
import type { AuditEntry } from '../contract.ts';

/** How an entry stands in the message: as it was hashed, or in ArcSight's Common Event Format. */
export type SyslogFormat = 'ocsf' | 'cef';

/** RFC 5424, table 1: 13 is "log audit". */
const FACILITY = 13;
const NOTICE = 5;
const WARNING = 4;
/** RFC 5424, 6.3.2: a private name needs an enterprise number; 32473 is the one for examples (RFC 5612). */
const ELEMENT = 'sotto@32473';

interface Facts {
  readonly code: string;
  readonly ok: boolean;
  readonly actor: string;
  readonly target: string | null;
}

/**
 * One entry as a syslog message (RFC 5424) in a TLS frame (RFC 5425, section 4.3: its length in octets, a space, itself).
 * Its sequence number stands in the structured data: a collector sees what is missing and what came twice.
 */
export function syslogFrame(entry: AuditEntry, origin: string, format: SyslogFormat): Buffer {
  const facts = factsOf(entry.json);
  const priority = FACILITY * 8 + (facts.ok ? NOTICE : WARNING);
  const header = `<${priority}>1 ${new Date(entry.at).toISOString()} ${hostname() || '-'} sotto ${process.pid}`;
  const data = `[${ELEMENT} seq="${entry.seq}" log="${parameter(origin)}"]`;
  const text = format === 'ocsf' ? entry.json : cef(entry, facts);
  const message = Buffer.from(`${header} ${word(facts.code)} ${data} \ufeff${text}`);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

function factsOf(json: string): Facts {
  const entry = JSON.parse(json);
  return {
    code: String(entry.activity_name),
    ok: entry.status_id === 1,
    actor: String(entry.actor?.user?.uid ?? '-'),
    target: entry.unmapped?.target ?? null,
  };
}

/** CEF version 0: a header with its own escapes, then an extension with others. */
function cef(entry: AuditEntry, { code, ok, actor, target }: Facts): string {
  const head = ['CEF:0', 'Sotto', 'Sotto', '1', header(code), header(code), ok ? '3' : '6'].join('|');
  const extension = {
    rt: String(entry.at),
    externalId: String(entry.seq),
    outcome: ok ? 'success' : 'failure',
    suser: actor,
    ...(target === null ? {} : { cs1Label: 'target', cs1: target }),
  };
  const pairs = Object.entries(extension).map(([key, value]) => `${key}=${extended(value)}`);
  return `${head}|${pairs.join(' ')}`;
}

const header = (text: string) => text.replaceAll(/[\\|]/g, '\\$&').replaceAll(/[\r\n]/g, ' ');
const extended = (text: string) => text.replaceAll(/[\\=]/g, '\\$&').replaceAll(/\r?\n/g, '\\n');
/** RFC 5424, 6.3.3. */
const parameter = (text: string) => text.replaceAll(/["\\\]]/g, '\\$&');
const word = (text: string) => text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 32) || '-';
