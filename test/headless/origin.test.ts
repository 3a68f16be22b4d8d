/** Whom the limits count: what a connection's address and browser are taken to be. */
import { describe, expect, test } from 'vitest';
import { createClient } from '../../main/api/index.ts';
import { clientCarrier, get, opened, openSocket, startHost } from '../support/headless.ts';
import { standIn } from '../support/services.ts';

const PROXY = '127.0.0.1'; // where the test itself connects from

/** Who is seen to ask, when a window connects with these headers. */
async function seen(headers: Record<string, string>, trustedProxies: readonly string[] = []) {
  const behind = standIn();
  const host = await startHost(behind.services, { trustedProxies });
  try {
    const client = createClient(clientCarrier(await opened(openSocket(host, { headers }))));
    await client.call('system.status', {});
    client.close();
    return behind.observed.at(-1);
  } finally {
    await host.stop();
  }
}

describe('the address', () => {
  test('is that of the connection, whatever a header says', async () => {
    expect(await seen({ 'X-Forwarded-For': '10.9.9.9' })).toMatchObject({
      happened: 'request',
      address: PROXY,
      device: null,
    });
  });

  test.each([
    ['what a trusted proxy saw', '10.9.9.9', '10.9.9.9'],
    ['and not what was told to the proxy', '8.8.8.8, 10.9.9.9', '10.9.9.9'],
    ['through several trusted ones', '10.9.9.9, 10.0.0.2', '10.9.9.9'],
    ['the proxy, where it says nothing that is an address', 'somebody', PROXY],
    ['a whole /64 of IPv6', '2001:db8:1:2:aaaa::17', '2001:db8:1:2::/64'],
    ['the IPv4 within IPv6', '::ffff:10.9.9.9', '10.9.9.9'],
  ])('is %s', async (_, told, address) => {
    expect(await seen({ 'X-Forwarded-For': told }, [PROXY, '10.0.0.2'])).toMatchObject({ address });
  });
});

describe('the browser', () => {
  test('is named once by a cookie that scripts cannot read, and known by it from then on', async () => {
    const host = await startHost(standIn().services);
    const [cookie = ''] = (await get(host, '/')).headers['set-cookie'] ?? [];
    expect(cookie).toMatch(
      /^__Host-sotto-device=[\w-]{22}; Max-Age=\d+; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    const [pair = ''] = cookie.split(';');
    const again = await get(host, '/', { headers: { Cookie: pair } });
    expect(again.headers['set-cookie']).toBeUndefined();
    expect((await get(host, '/assets/main-1a2b.js')).headers['set-cookie']).toBeUndefined();
    await host.stop();
    expect(await seen({ Cookie: pair })).toMatchObject({ device: pair.split('=')[1] });
    expect(await seen({ Cookie: '__Host-sotto-device=made-up' })).toMatchObject({ device: null });
  });
});
