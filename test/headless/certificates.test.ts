import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { connect, createServer } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../main/base/index.ts';
import { type Headless, startHeadless } from '../../main/headless/index.ts';
import { standIn } from '../support/services.ts';

const DAY_MS = 86_400_000;

interface ForgedName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

describe("the installation's certificates", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sotto-certificates-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (now = Date.now(), host = '127.0.0.1'): Promise<Headless> =>
    startHeadless({
      services: standIn().services,
      certificates: folder,
      rendererFolder: folder,
      port: 0,
      host,
      clock: { now: () => now, monotonicMs: () => performance.now() } satisfies Clock,
    });
  const startAndStop = async (now?: number) => {
    const headless = await start(now);
    await headless.close();
    return headless;
  };
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const certificate = (name: string) => new X509Certificate(read(name));

  test('are kept where only this user reads the keys', async () => {
    await startAndStop();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const key of ['authority.key', 'server.key'])
      expect(statSync(join(folder, key)).mode & 0o777).toBe(0o600);
  });

  test('live at most 397 days and name loopback only', async () => {
    await startAndStop();
    const server = certificate('server.crt');
    const lives = server.validToDate.getTime() - server.validFromDate.getTime();
    expect(lives).toBeLessThanOrEqual(397 * DAY_MS);
    expect(server.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(server.ca).toBe(false);
  });

  test('are the same at the next start', async () => {
    const first = await startAndStop();
    const server = read('server.crt');
    const second = await startAndStop();
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(read('server.crt')).toBe(server);
  });

  test('are renewed before they run out, under the same authority', async () => {
    const first = await startAndStop();
    const later = Date.now() + 380 * DAY_MS;
    const second = await startAndStop(later);
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(certificate('server.crt').validToDate.getTime()).toBeGreaterThan(later + 300 * DAY_MS);
  });

  test('a new authority is made when the old one has run out', async () => {
    const first = await startAndStop();
    const second = await startAndStop(Date.now() + 6 * 365 * DAY_MS);
    expect(second.fingerprint).not.toBe(first.fingerprint);
  });

  test('a new authority is made when the host has a name that the old may not speak for', async () => {
    const first = await startAndStop();
    const second = await start(Date.now(), 'localhost');
    await second.close();
    expect(second.fingerprint).toBe(first.fingerprint);
    const third = await start(Date.now(), '127.0.0.2');
    await third.close();
    expect(third.fingerprint).not.toBe(first.fingerprint);
    expect(certificate('server.crt').checkIP('127.0.0.2')).toBe('127.0.0.2');
  });

  test('a damaged certificate is made anew', async () => {
    await startAndStop();
    writeFileSync(join(folder, 'server.crt'), 'damaged');
    await startAndStop();
    expect(certificate('server.crt').checkHost('localhost')).toBe('localhost');
  });

  test('a key that others can read is refused', async () => {
    await startAndStop();
    chmodSync(join(folder, 'authority.key'), 0o644);
    await expect(start()).rejects.toMatchObject({ code: 'headless/key-exposed' });
  });

  test('the fingerprint is that of the authority', async () => {
    const { fingerprint, authorityFile } = await startAndStop();
    expect(new X509Certificate(readFileSync(authorityFile)).fingerprint256).toBe(fingerprint);
  });

  test.each([
    [
      'another name',
      { type: 'dns', value: 'bank.example' },
      { host: '127.0.0.1', servername: 'bank.example' },
    ],
    ['another address', { type: 'ip', value: '127.0.0.9' }, { host: '127.0.0.9' }],
  ] as const)('a stolen authority key cannot speak for %s', async (_, name, target) => {
    await startAndStop();
    expect(await shake(name, target)).toMatch(/permitted subtree violation/);
  });

  test('what is forged for the tests above is refused for its name and for nothing else', async () => {
    await startAndStop();
    expect(await shake({ type: 'ip', value: '127.0.0.1' }, { host: '127.0.0.1' })).toBeNull();
  });

  /** A TLS handshake with a server that shows a forged certificate: null, or why it failed. */
  async function shake(
    name: ForgedName,
    target: { readonly host: string; readonly servername?: string },
  ): Promise<string | null> {
    const rogue = await forge(name);
    const server = createServer({ cert: rogue.chain, key: rogue.key });
    await new Promise<void>((resolve) => server.listen(0, target.host, resolve));
    const { port } = server.address() as { port: number };
    const socket = connect({ ...target, port, ca: read('authority.crt') });
    const failure = await new Promise<string | null>((resolve) => {
      socket.once('error', (error) => resolve(error.message));
      socket.once('secureConnect', () => resolve(null));
    });
    socket.destroy();
    server.close();
    return failure;
  }

  /** A server certificate for `name`, signed by the authority's own key. */
  async function forge(name: ForgedName) {
    const ec = { name: 'ECDSA', namedCurve: 'P-256' };
    const authority = new x509.X509Certificate(read('authority.crt'));
    const der = createPrivateKey(read('authority.key')).export({ type: 'pkcs8', format: 'der' });
    const keys = await crypto.subtle.generateKey(ec, true, ['sign', 'verify']);
    const leaf = await x509.X509CertificateGenerator.create({
      subject: 'CN=rogue',
      issuer: authority.subjectName,
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + DAY_MS),
      publicKey: keys.publicKey,
      signingKey: await crypto.subtle.importKey('pkcs8', new Uint8Array(der), ec, false, ['sign']),
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [new x509.SubjectAlternativeNameExtension([name])],
    });
    const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    return {
      chain: `${leaf.toString('pem')}\n${read('authority.crt')}`,
      key: `-----BEGIN PRIVATE KEY-----\n${key.toString('base64')}\n-----END PRIVATE KEY-----\n`,
    };
  }
});
