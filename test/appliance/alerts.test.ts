/** Where an alert goes, all the way: the window, the log, the site's syslog collector, its mail relay. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../main/api/index.ts';
import { startAppliance } from '../../main/appliance.ts';
import { setCollector } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { setMailRelay, setSiteHosts } from '../../main/guard/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { clientCarrier, opened, openSocket, startHost } from '../support/headless.ts';
import { mailRelay } from '../support/mail-relay.ts';
import { ADMIN, newDataFolder } from '../support/running-appliance.ts';
import { syslogCollector } from '../support/syslog-collector.ts';
import { credential } from '../vault/support.ts';

const ports = { clock: systemClock, log: silentLog };
let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(() => rmSync(certificates.folder, { recursive: true }));

test('a rule that warns and opens an incident is heard of in the window, in the log, at the collector and by mail', async () => {
  const [relay, collector] = [await mailRelay(certificates), await syslogCollector(certificates)];
  const folder = newDataFolder();
  onTestFinished(() => folder.remove());
  const [paths, key] = [pathsIn(folder.data), credential()];
  const vault = await createVault(paths, key, ports);
  const { ca } = certificates;
  setSiteHosts(vault, [`localhost:${relay.port}`], systemClock);
  const mail = {
    host: 'localhost',
    port: relay.port,
    ca,
    from: 'sotto@bank.example',
    to: ['it@bank.example'],
  };
  setMailRelay(vault, mail, systemClock);
  setCollector(vault, { host: 'localhost', port: collector.port, ca, format: 'ocsf' }, systemClock);
  vault.close();

  const appliance = await startAppliance({ paths, host: 'headless', log: silentLog, unlockWith: key });
  onTestFinished(() => appliance.close('test'));
  const open = appliance.open;
  if (open === null) throw new Error('the vault opens with its credential');
  const { username, displayName, passphrase } = ADMIN;
  await open.identity.createMember({ username, displayName, passphrase, roles: ['admin'] }, 'system');
  const host = await startHost(appliance);
  onTestFinished(() => host.stop());
  const window = createClient(clientCarrier(await opened(openSocket(host))));
  await window.call('session.signIn', { username, passphrase });
  const inWindow: string[] = [];
  void (async () => {
    for await (const { about, code, incident } of window.listen('alerts.stream', {}))
      inWindow.push(`${about} ${code} ${incident}`);
  })().catch(() => {});

  const watch = { kind: 'rate', of: 'recordRead', per: 'member', most: 1, withinMinutes: 60 };
  await window.call('limits.set', {
    rules: [{ id: 'reading', enabled: true, watch, does: ['warn', 'openIncident'] }],
  });
  for (const words of ['balance', 'card'])
    await window.call('records.search', { words, reason: 'Complaint 2026/118' });

  await eventually(() => expect(inWindow).toEqual(['limit reading null', 'incident reading 1']));
  const { entries } = await window.call('audit.entries', { before: null, limit: 50 });
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['limit.exceed', 'incident.open', 'configuration.change']),
  );
  await eventually(() => {
    const atCollector = collector.messages.join('\n');
    for (const action of ['limit.exceed', 'incident.open']) expect(atCollector).toContain(action);
  }, 10_000);
  await eventually(() => expect(relay.mails).toHaveLength(2), 10_000);
  expect(relay.mails.map((text) => /^Subject: (.*)$/m.exec(text)?.[1]).sort()).toEqual([
    'Sotto: incident 1 (reading), severity medium',
    'Sotto: limit reading, severity medium',
  ]);
  expect(relay.mails.join()).not.toContain(displayName);
  expect((await window.call('alerts.recent', {})).map(({ code }) => code)).toEqual(['reading', 'reading']);
  window.close();
});
