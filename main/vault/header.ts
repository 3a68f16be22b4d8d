import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson, SottoError } from '../base/index.ts';
import { writeAtomically } from './files.ts';

const base64 = z.base64();

/** Argon2id as RFC 9106 names its parameters; memory in KiB. The bounds keep a forged header from eating the machine. */
const argon2Schema = z.strictObject({
  memory: z.int().min(19_456).max(1_048_576),
  passes: z.int().min(1).max(16),
  parallelism: z.int().min(1).max(16),
});
export type Argon2Parameters = z.infer<typeof argon2Schema>;

const keySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keychain'), account: z.string() }),
  z.strictObject({ kind: z.literal('passphrase'), salt: base64, argon2: argon2Schema }),
  z.strictObject({ kind: z.literal('credential'), salt: base64 }),
]);
/** How the key that wraps the database key is found again. */
export type HeaderKey = z.infer<typeof keySchema>;

const wrappedSchema = z.strictObject({ nonce: base64, ciphertext: base64, tag: base64 });
export type Wrapped = z.infer<typeof wrappedSchema>;

const headerSchema = z.strictObject({
  format: z.literal('sotto-vault'),
  version: z.literal(1),
  id: z.uuid(),
  createdAt: z.int(),
  key: keySchema,
  wrapped: wrappedSchema,
  /** While the database is given a new key: that key. One of the two opens it, whenever the power went. */
  next: wrappedSchema.optional(),
});
/** `vault.json`: everything needed to open the vault but the secret itself. */
export type VaultHeader = z.infer<typeof headerSchema>;

const fileSchema = z.strictObject({ ...headerSchema.shape, checksum: z.string() });
const versionSchema = z.looseObject({ format: z.literal('sotto-vault'), version: z.int() });

/** What the wrapped key is bound to: all of the header but the wrapping itself. */
export function boundPart(header: Omit<VaultHeader, 'wrapped' | 'next'>): Buffer {
  const { format, version, id, createdAt, key } = header;
  return Buffer.from(canonicalJson({ format, version, id, createdAt, key }));
}

export function writeHeader(file: string, header: VaultHeader): void {
  writeAtomically(file, `${JSON.stringify({ ...header, checksum: checksumOf(header) }, null, 2)}\n`);
}

/**
 * Reads and checks the header; null when there is none.
 * @throws SottoError `vault/bad-header`, `vault/newer`, `vault/unreadable`.
 */
export function readHeader(file: string): VaultHeader | null {
  if (!existsSync(file)) return null;
  const value = parse(read(file));
  const version = versionSchema.safeParse(value);
  if (version.success && version.data.version > 1)
    throw new SottoError('vault/newer', 'The vault was written by a newer version of Sotto.', {
      remedy: 'Install that version or a later one.',
    });
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) throw badHeader();
  const { checksum, ...header } = parsed.data;
  if (checksum !== checksumOf(header)) throw badHeader();
  return header;
}

/** Tells a damaged file from a wrong passphrase; against forgery stands the authenticated wrapping. */
function checksumOf(header: VaultHeader): string {
  const { next, ...settled } = header;
  const whole = next === undefined ? settled : { ...settled, next };
  return createHash('sha256').update(canonicalJson(whole)).digest('hex');
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new SottoError('vault/unreadable', 'vault.json cannot be read.', {
      remedy: 'Check the permissions of the data folder.',
      cause,
    });
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badHeader();
  }
}

function badHeader(): SottoError {
  return new SottoError('vault/bad-header', 'vault.json is damaged or is not a vault header of Sotto.', {
    remedy: 'Restore vault.json from a backup. The database was left untouched.',
  });
}
