import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '../../main/api/index.ts';
import { delay } from '../../main/base/index.ts';
import { conformance } from '../api/conformance.ts';
import { eventually } from '../support/eventually.ts';
import {
  clientCarrier,
  closeCode,
  type Host,
  opened,
  openSocket,
  refusedWith,
  startHost,
} from '../support/headless.ts';
import { PASSPHRASE, type StandIn, standIn } from '../support/services.ts';

conformance('a WebSocket over TLS', async ({ services }) => {
  const host = await startHost(services);
  return {
    connect: async () => clientCarrier(await opened(openSocket(host))),
    close: () => host.stop(),
  };
});

describe('the WebSocket of the headless host', () => {
  let behind: StandIn;
  let host: Host;
  beforeEach(async () => {
    behind = standIn();
    host = await startHost(behind.services, { pingEveryMs: 100 });
  });
  afterEach(() => host.stop());

  test.each(['https://evil.example', 'http://127.0.0.1', 'null', 'https://127.0.0.1.evil.example', ''])(
    'a page of the origin %j cannot open it',
    async (origin) => {
      expect(await refusedWith(openSocket(host, { origin }))).toBe(403);
    },
  );

  test('a page of another port on this machine cannot open it', async () => {
    expect(await refusedWith(openSocket(host, { origin: 'https://127.0.0.1:8443' }))).toBe(403);
  });

  test('a name that was rebound to this address cannot open it', async () => {
    const rebound = { headers: { Host: `evil.example:${host.port}` } };
    expect(await refusedWith(openSocket(host, rebound))).toBe(421);
  });

  test('it is at one path only', async () => {
    expect(await refusedWith(openSocket(host, { path: '/' }))).toBe(404);
  });

  test('the names localhost and 127.0.0.1 are both ours', async () => {
    const socket = await opened(openSocket(host, { origin: `https://localhost:${host.port}` }));
    socket.close();
  });

  test('windows beyond the limit are refused, and one address leaves room for others', async () => {
    const proxied = await startHost(behind.services, { trustedProxies: ['127.0.0.1'] });
    const from = (address: string) => openSocket(proxied, { headers: { 'X-Forwarded-For': address } });
    const many = (count: number, address: string) =>
      Promise.all(Array.from({ length: count }, () => opened(from(address))));
    const sockets = await many(24, '10.0.0.1');
    expect(await refusedWith(from('10.0.0.1'))).toBe(503);
    sockets.push(...(await many(8, '10.0.0.2')));
    expect(await refusedWith(from('10.0.0.3'))).toBe(503);
    for (const socket of sockets) socket.terminate();
    await vi.waitFor(async () => (await opened(from('10.0.0.1'))).terminate());
    await proxied.stop();
  });

  test('a frame beyond the bound closes it before it is parsed', async () => {
    const socket = await opened(openSocket(host));
    const code = closeCode(socket);
    socket.send('x'.repeat(70_000));
    expect(await code).toBe(1009);
  });

  test.each([
    ['text that is not JSON', '{"id":1,'],
    ['a binary frame', Buffer.from('{"id":1,"call":"system.status","input":{}}')],
  ])('%s closes it', async (_, data) => {
    const socket = await opened(openSocket(host));
    const code = closeCode(socket);
    socket.send(data);
    expect(await code).toBe(1003);
  });

  test('a peer that no longer answers pings is dropped, and its streams with it', async () => {
    const socket = await opened(openSocket(host));
    const client = createClient(clientCarrier(socket));
    await client.call('session.signIn', { username: 'staff', passphrase: PASSPHRASE });
    const { checkId } = await client.call('sound.check', { sdp: 'offer' });
    const reading = client.listen('sound.levels', { checkId })[Symbol.asyncIterator]();
    await reading.next();
    socket.pause();
    await eventually(() => expect(behind.levelReaders).toBe(0));
    expect(behind.soundChecks.size).toBe(0);
    socket.terminate();
    await expect(
      (async () => {
        while (!(await reading.next()).done);
      })(),
    ).rejects.toMatchObject({ code: 'wire/closed' });
  });
});

describe('a reader that is slow', () => {
  test('slows its stream down instead of filling the memory', async () => {
    const behind = standIn();
    const host = await startHost(behind.services);
    const socket = await opened(openSocket(host));
    const client = createClient(clientCarrier(socket));
    await client.call('session.signIn', { username: 'staff', passphrase: PASSPHRASE });
    const { checkId } = await client.call('sound.check', { sdp: 'offer' });
    await client.listen('sound.levels', { checkId })[Symbol.asyncIterator]().next();
    socket.pause();
    await settled(() => behind.levelsMade);
    const made = behind.levelsMade;
    await delay(300);
    expect(behind.levelsMade).toBe(made);
    socket.terminate();
    await host.stop();
  });
});

/** Waits until a count stands still: the buffers of the kernel are full. */
async function settled(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count();
    await delay(200);
  }
}
