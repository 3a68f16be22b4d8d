import {
  CompactEncrypt,
  calculateJwkThumbprint,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
} from 'jose';
import { z } from 'zod';
import { type Clock, SottoError } from '../../base/index.ts';
import type { Vault } from '../contract.ts';
import { readSetting, writeSetting } from '../settings.ts';

/** X25519 key agreement and AES-256 key wrap (RFC 7518, RFC 8037): what any JOSE library opens. */
const ALGORITHM = 'ECDH-ES+A256KW';
const ENCRYPTION = 'A256GCM';
const SETTING = 'backup.recoveryKey';

const publicShape = { kty: z.literal('OKP'), crv: z.literal('X25519'), x: z.base64url(), kid: z.string() };

/** The site's recovery key, the half that stays on the appliance: it encrypts backups and opens nothing. */
export const recoveryPublicKeySchema = z.strictObject(publicShape);
export type RecoveryPublicKey = z.infer<typeof recoveryPublicKeySchema>;

/** The half that is kept offline. */
export const recoveryPrivateKeySchema = z.strictObject({ ...publicShape, d: z.base64url() });
export type RecoveryPrivateKey = z.infer<typeof recoveryPrivateKeySchema>;

/** Makes a recovery key. The private half is for a safe, not for this machine. */
export async function makeRecoveryKey(): Promise<{
  readonly publicKey: RecoveryPublicKey;
  readonly privateKey: RecoveryPrivateKey;
}> {
  const pair = await generateKeyPair(ALGORITHM, { crv: 'X25519', extractable: true });
  const jwk = await exportJWK(pair.privateKey);
  const privateKey = recoveryPrivateKeySchema.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
  const { d: _secret, ...publicKey } = privateKey;
  return { publicKey, privateKey };
}

/** The half that backups are encrypted to; null while the site has made none. @throws SottoError `vault/bad-setting` */
export function recoveryKeyOf(vault: Vault): RecoveryPublicKey | null {
  return readSetting(vault, SETTING, recoveryPublicKeySchema);
}

/** From now on backups are encrypted to this key. */
export function setRecoveryKey(vault: Vault, key: RecoveryPublicKey, clock: Clock): void {
  writeSetting(vault, SETTING, key, clock);
}

/** A JWE (RFC 7516, compact) that only the private half opens. */
export async function encryptForRecovery(plain: Uint8Array, key: RecoveryPublicKey): Promise<string> {
  return await new CompactEncrypt(plain)
    .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, kid: key.kid })
    .encrypt(await importJWK(key, ALGORITHM));
}

/** @throws SottoError `backup/wrong-key` when it was encrypted for another key, or has been changed. */
export async function decryptForRecovery(jwe: string, key: RecoveryPrivateKey): Promise<Buffer> {
  try {
    const opened = await compactDecrypt(jwe, await importJWK(key, ALGORITHM), {
      keyManagementAlgorithms: [ALGORITHM],
      contentEncryptionAlgorithms: [ENCRYPTION],
    });
    return Buffer.from(opened.plaintext);
  } catch {
    throw new SottoError('backup/wrong-key', 'The backup does not open with this recovery key.', {
      remedy: 'Take the recovery key that was in force when the backup was made: backup.json names its kid.',
    });
  }
}
