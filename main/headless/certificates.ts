/**
 * The installation's own certificate authority, and the certificate that the headless host shows. IT trusts the
 * authority once; certificates under it are made and renewed here, with no network and nobody's help.
 */
import 'reflect-metadata';
import { createHash, createPrivateKey, KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { type Clock, SottoError } from '../base/index.ts';
import { NAME_CONSTRAINTS_OID, nameConstraints } from './name-constraints.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 5 * 365;
/** Browsers refuse server certificates that live longer than 398 days. */
const SERVER_DAYS = 397;
const RENEW_BEFORE_MS = 30 * DAY_MS;
/** Clocks of air-gapped machines disagree a little. */
const BACKDATE_MS = 3_600_000;
const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

export interface ServerCertificate {
  /** The server's certificate and its authority's, PEM. */
  readonly chain: string;
  /** PEM, PKCS 8. */
  readonly key: string;
  /** What IT installs as trusted. */
  readonly authorityFile: string;
  /** SHA-256 of the authority's certificate, as browsers show it. */
  readonly fingerprint: string;
  readonly expiresAt: number;
}

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/**
 * The certificate for these names: the one in `folder` while it is good, else a new one; and a new authority
 * where there is none, it has run out, or it may not speak for these names.
 * @throws SottoError `headless/key-exposed`, `headless/certificates-unusable`.
 */
export async function ensureCertificate(options: {
  readonly folder: string;
  readonly names: readonly string[];
  readonly clock: Clock;
}): Promise<ServerCertificate> {
  const { folder, names, clock } = options;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const ca = await ensurePair(
      join(folder, 'authority'),
      (pair) => authorityGood(pair, names, clock),
      () => makeAuthority(names, clock),
    );
    const server = await ensurePair(
      join(folder, 'server'),
      (pair) => serverGood(pair, ca, names, clock),
      () => makeServer(ca, names, clock),
    );
    return {
      chain: `${server.certificate}\n${ca.certificate}\n`,
      key: server.key,
      authorityFile: join(folder, 'authority.crt'),
      fingerprint: fingerprintOf(ca.certificate),
      expiresAt: new X509Certificate(server.certificate).validToDate.getTime(),
    };
  } catch (cause) {
    if (cause instanceof SottoError) throw cause;
    throw new SottoError('headless/certificates-unusable', 'The certificates cannot be read or written.', {
      remedy: 'See that the data folder belongs to the user that runs Sotto and that the disk is not full.',
      cause,
    });
  }
}

async function ensurePair(
  path: string,
  good: (pair: Pair) => boolean,
  make: () => Promise<Pair>,
): Promise<Pair> {
  const kept = read(path);
  if (kept !== null && isGood(kept, good)) return kept;
  const made = await make();
  // The key first: a crash in between leaves a pair that does not match, and so is made anew.
  write(`${path}.key`, made.key, 0o600);
  write(`${path}.crt`, made.certificate, 0o644);
  return made;
}

function read(path: string): Pair | null {
  if (!existsSync(`${path}.key`) || !existsSync(`${path}.crt`)) return null;
  if (process.platform !== 'win32' && (statSync(`${path}.key`).mode & 0o077) !== 0)
    throw new SottoError(
      'headless/key-exposed',
      'Others on this machine can read a private key of the host.',
      {
        remedy:
          'Delete the folder `certificates` in the data folder, start again, and trust the new authority.',
      },
    );
  return { certificate: readFileSync(`${path}.crt`, 'utf8'), key: readFileSync(`${path}.key`, 'utf8') };
}

/** A pair that cannot even be parsed is not good. */
function isGood(pair: Pair, good: (pair: Pair) => boolean): boolean {
  try {
    return new X509Certificate(pair.certificate).checkPrivateKey(createPrivateKey(pair.key)) && good(pair);
  } catch {
    return false;
  }
}

function write(file: string, text: string, mode: number): void {
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(fresh, text, { mode, flag: 'wx' });
  renameSync(fresh, file);
}

function authorityGood(pair: Pair, names: readonly string[], clock: Clock): boolean {
  const certificate = new x509.X509Certificate(pair.certificate);
  const constraints = certificate.getExtension(NAME_CONSTRAINTS_OID);
  if (constraints === null || !inTime(pair, clock)) return false;
  return Buffer.from(constraints.value).equals(Buffer.from(nameConstraints(names).value));
}

function serverGood(pair: Pair, ca: Pair, names: readonly string[], clock: Clock): boolean {
  const certificate = new X509Certificate(pair.certificate);
  const covers = (name: string) =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  return (
    inTime(pair, clock) &&
    certificate.verify(new X509Certificate(ca.certificate).publicKey) &&
    names.every(covers)
  );
}

function inTime(pair: Pair, clock: Clock): boolean {
  const { validFromDate, validToDate } = new X509Certificate(pair.certificate);
  const now = clock.now();
  return validFromDate.getTime() <= now && now < validToDate.getTime() - RENEW_BEFORE_MS;
}

async function makeAuthority(names: readonly string[], clock: Clock): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Sotto authority ${randomBytes(4).toString('hex')}, O=Sotto`,
    ...validity(clock, AUTHORITY_DAYS),
    keys,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      nameConstraints(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: pem(keys.privateKey) };
}

async function makeServer(ca: Pair, names: readonly string[], clock: Clock): Promise<Pair> {
  const authority = new x509.X509Certificate(ca.certificate);
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const { notBefore, notAfter } = validity(clock, SERVER_DAYS);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=Sotto',
    issuer: authority.subjectName,
    notBefore,
    notAfter: notAfter < authority.notAfter ? notAfter : authority.notAfter,
    publicKey: keys.publicKey,
    signingKey: await signingKey(ca.key),
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: pem(keys.privateKey) };
}

function validity(clock: Clock, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const from = clock.now() - BACKDATE_MS;
  return { notBefore: new Date(from), notAfter: new Date(from + days * DAY_MS) };
}

/** 16 random bytes, positive. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function signingKey(text: string): Promise<CryptoKey> {
  const der = createPrivateKey(text).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), EC, false, ['sign']);
}

function pem(key: CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function fingerprintOf(certificate: string): string {
  const digest = createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex');
  return (digest.toUpperCase().match(/../g) ?? []).join(':');
}
