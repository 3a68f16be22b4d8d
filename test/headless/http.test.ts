import { symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHeadless } from '../../main/headless/index.ts';
import { get, type Host, startHost } from '../support/headless.ts';
import { standIn } from '../support/services.ts';

describe('the headless host over HTTPS', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost(standIn().services);
  });
  afterAll(() => host.stop());

  test('serves the page, not to be kept, under a policy without inline code', async () => {
    const { status, headers, body } = await get(host);
    expect(status).toBe(200);
    expect(body).toContain('<title>Sotto</title>');
    expect(headers['cache-control']).toBe('no-store');
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' wss://127.0.0.1:${host.port};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test('an address that is not of a file is the page', async () => {
    expect((await get(host, '/desk')).body).toContain('<title>Sotto</title>');
  });

  test('a hashed file may be kept, with its own type', async () => {
    const { headers } = await get(host, '/assets/main-1a2b.js');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toContain('immutable');
  });

  test('HEAD answers without a body, other methods are refused', async () => {
    expect(await get(host, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
      expect((await get(host, '/', { method })).status).toBe(405);
  });

  test.each([
    '/../certificates/authority.key',
    '/..%2fcertificates%2fauthority.key',
    '/%2e%2e/certificates/authority.key',
    '/assets/..%5c..%5ccertificates%5cauthority.key',
    '/assets/%00.js',
    '/%',
    '//evil.example/x.js',
    '/link.key',
  ])('the path %s leads nowhere', async (path) => {
    symlinkLinkOnce(host);
    const { status, body } = await get(host, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('PRIVATE KEY');
  });

  test('a request under another name is refused, whoever resolves to us', async () => {
    expect((await get(host, '/', { headers: { Host: `evil.example:${host.port}` } })).status).toBe(421);
    expect((await get(host, '/', { headers: { Host: '127.0.0.1' } })).status).toBe(421);
  });

  test("another site's request is refused", async () => {
    expect((await get(host, '/', { headers: { Origin: 'https://evil.example' } })).status).toBe(403);
  });

  test('plain HTTP gets a hint', async () => {
    const socket = connect(host.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toContain('https://');
  });

  test('TLS older than 1.2 is refused', async () => {
    const socket = connectTls({
      port: host.port,
      host: '127.0.0.1',
      ca: host.ca,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const error = await new Promise<string | null>((resolve) => {
      socket.once('error', (reason) => resolve(reason.message));
      socket.once('secureConnect', () => resolve(null));
    });
    socket.destroy();
    // The server's own alert: the client was willing.
    expect(error).toMatch(/alert protocol version/);
  });

  test('a port that is taken is said so', async () => {
    const second = startHeadless({
      services: standIn().services,
      certificates: join(host.folder, 'certificates'),
      rendererFolder: join(host.folder, 'renderer'),
      port: host.port,
    });
    await expect(second).rejects.toMatchObject({ code: 'headless/cannot-listen' });
  });

  test.each(['0.0.0.0', '::', '*', 'a b', '-x'])('the host %j is refused', async (name) => {
    const started = startHeadless({
      services: standIn().services,
      certificates: join(host.folder, 'certificates'),
      rendererFolder: join(host.folder, 'renderer'),
      port: 0,
      host: name,
    });
    await expect(started).rejects.toMatchObject({ code: 'headless/bad-host' });
  });
});

describe('a renderer that is not built', () => {
  test('is said so, and served once it is', async () => {
    const host = await startHost(standIn().services, { rendererFolder: '/nowhere/renderer' });
    expect(await get(host)).toMatchObject({ status: 503, body: expect.stringContaining('npm start') });
    await host.stop();
  });
});

let linked = false;
function symlinkLinkOnce(host: Host): void {
  if (linked) return;
  linked = true;
  writeFileSync(join(host.folder, 'renderer', 'plain.txt'), 'x');
  symlinkSync(join(host.folder, 'certificates', 'authority.key'), join(host.folder, 'renderer', 'link.key'));
}
