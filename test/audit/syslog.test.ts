import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { collectorStatus, openAuditLog, setCollector, streamToCollector } from '../../main/audit/index.ts';
import { silentLog, systemClock } from '../../main/base/index.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { syslogCollector } from '../support/syslog-collector.ts';
import { throwaway } from '../vault/support.ts';

const ports = { clock: systemClock, log: silentLog };
const EVENT = { action: 'tool.call', actor: 'system', target: 'tool:a|b=c', outcome: 'success' } as const;

let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(() => rmSync(certificates.folder, { recursive: true }));

const collector = (port = 0) => syslogCollector(certificates, port);

const sequences = (messages: readonly string[]) =>
  messages.map((message) => Number(/ seq="(\d+)"/.exec(message)?.[1]));

async function site(port: number, options: { ca?: string; format?: 'ocsf' | 'cef' } = {}) {
  const vault = await throwaway(systemClock);
  const audit = openAuditLog(vault, { clock: systemClock, site: 'desk-1.example/audit' });
  const { ca = certificates.ca, format = 'ocsf' } = options;
  setCollector(vault, { host: 'localhost', port, ca, format }, systemClock);
  const stream = streamToCollector(vault, 'desk-1.example/audit', ports);
  onTestFinished(() => stream?.close());
  return { vault, audit };
}

describe('the collector of a site', () => {
  test('gets every entry as RFC 5424 asks, as it was hashed', async () => {
    const { messages, port } = await collector();
    const { audit } = await site(port);
    const entries = Array.from({ length: 300 }, (_, i) => audit.append({ ...EVENT, detail: { i } }));
    await eventually(() => expect(sequences(messages)).toEqual(entries.map(({ seq }) => seq)));
    const [, priority, time, text] =
      /^<(\d+)>1 (\S+) \S+ sotto \d+ tool\.call \[sotto@32473 seq="0" log="desk-1\.example\/audit"\] \ufeff(.*)$/.exec(
        messages[0] ?? '',
      ) ?? [];
    expect(priority).toBe(String(13 * 8 + 5));
    expect(Date.parse(`${time}`)).toBe(entries[0]?.at);
    expect(text).toBe(entries[0]?.json);
  });

  test('gets Common Event Format with its escapes, where that is asked for', async () => {
    const { messages, port } = await collector();
    const { audit } = await site(port, { format: 'cef' });
    audit.append({ ...EVENT, outcome: 'failure' });
    await eventually(() => expect(messages).toHaveLength(1));
    expect(messages[0]).toContain('CEF:0|Sotto|Sotto|1|tool.call|tool.call|6|');
    expect(messages[0]).toContain('cs1=tool:a|b\\=c');
    expect(messages[0]).toMatch(/^<108>1 /);
  });

  test('gets what was written while it was away, and is told nothing twice that it cannot know by its number', async () => {
    const first = await collector();
    const { audit, vault } = await site(first.port);
    audit.append(EVENT);
    await eventually(() => expect(first.messages).toHaveLength(1));
    await first.stop();
    for (let i = 0; i < 500; i += 1) audit.append({ ...EVENT, detail: { i } });
    expect(collectorStatus(vault).waiting).toBeGreaterThanOrEqual(500);
    const second = await collector(first.port);
    await eventually(
      () => expect(new Set(sequences(second.messages)).size).toBeGreaterThanOrEqual(500),
      8_000,
    );
    const got = new Set(sequences([...first.messages, ...second.messages]));
    expect([...got].sort((a, b) => a - b)).toEqual(Array.from({ length: 501 }, (_, i) => i));
  });

  test('is not told a word when its certificate is not of the authority that was named', async () => {
    const { messages, port } = await collector();
    const { audit, vault } = await site(port, { ca: certificates.otherCa });
    audit.append(EVENT);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(messages).toEqual([]);
    expect(collectorStatus(vault).waiting).toBe(1);
  });
});
