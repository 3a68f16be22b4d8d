import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** Bytes that sealing adds: a random nonce before, the authentication tag behind. */
export const SEAL_OVERHEAD = NONCE + TAG;

/** Encrypts with AES-256-GCM (NIST SP 800-38D) under a 32-byte key: nonce, ciphertext, tag; bound to `context`. */
export function sealBytes(plain: Uint8Array, key: Buffer, context: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(context);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The plain bytes, or null when the key or the context is another, or a bit has changed. */
export function openBytes(sealed: Buffer, key: Buffer, context: Uint8Array): Buffer | null {
  if (sealed.length < SEAL_OVERHEAD) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAAD(context);
    decipher.setAuthTag(sealed.subarray(-TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
  } catch {
    return null;
  }
}
