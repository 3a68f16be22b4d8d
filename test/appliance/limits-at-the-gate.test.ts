/** Limits at the api: through real TLS and WebSocket connections to a real appliance. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallError, type Client, createClient } from '../../main/api/index.ts';
import { type Appliance, startAppliance } from '../../main/appliance.ts';
import { pathsIn, silentLog } from '../../main/base/index.ts';
import { eventually } from '../support/eventually.ts';
import { clientCarrier, type Host, opened, openSocket, startHost } from '../support/headless.ts';
import { ADMIN, newDataFolder, SITE_NAME, VAULT_PASSPHRASE } from '../support/running-appliance.ts';

let folder: ReturnType<typeof newDataFolder>;
let appliance: Appliance;
let host: Host;
let admin: Client;
beforeEach(async () => {
  folder = newDataFolder();
  appliance = await startAppliance({ paths: pathsIn(folder.data), host: 'headless', log: silentLog });
  host = await startHost(appliance, { trustedProxies: ['127.0.0.1'] });
  admin = await connect('10.0.0.1');
  const key = { kind: 'passphrase', passphrase: VAULT_PASSPHRASE } as const;
  await admin.call('setup.complete', { siteName: SITE_NAME, admin: ADMIN, deskId: 'bank-branch', key });
});
afterEach(async () => {
  admin.close();
  await host.stop();
  await appliance.close('test');
  folder.remove();
});

/** A window at another address of the LAN, as the site's proxy tells it. */
async function connect(address: string): Promise<Client> {
  const headers = { 'X-Forwarded-For': address };
  return createClient(clientCarrier(await opened(openSocket(host, { headers }))));
}

/** What a sign-in with this name is answered; each from a connection of its own. */
async function guess(address: string, username: string, passphrase = 'granite meadow lantern') {
  const client = await connect(address);
  try {
    await client.call('session.signIn', { username, passphrase });
    return 'signed in';
  } catch (error) {
    return error instanceof CallError ? error.code : 'internal';
  } finally {
    client.close();
  }
}

test('a burst of failed sign-ins from one address is slowed down, opens one incident, and keeps nobody else out', async () => {
  const answers: string[] = [];
  for (let i = 0; i < 22; i += 1) answers.push(await guess('10.0.0.66', `nobody${i}`));
  expect(answers.slice(0, 20)).toEqual(Array<string>(20).fill('identity/refused'));
  expect(answers.slice(20)).toContain('identity/slow-down');
  // What is refused for being too fast is counted too: all at once, so that the slowing down is not waited out.
  await Promise.all(Array.from({ length: 24 }, (_, i) => guess('10.0.0.66', `somebody${i}`)));
  await eventually(async () => {
    const lines = await admin.call('incidents.list', {});
    expect(lines.map(({ kind }) => kind)).toEqual(['failed-sign-ins-by-address']);
  });
  expect(await guess('10.0.0.67', ADMIN.username, ADMIN.passphrase)).toBe('signed in');
  const log = JSON.stringify(await admin.call('audit.entries', { before: null, limit: 200 }));
  expect(log).toContain('limit.exceed');
  expect(log).not.toContain('10.0.0.66');
});
