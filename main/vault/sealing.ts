import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What sealing puts before the ciphertext: a random nonce. */
export const NONCE_BYTES = 12;
/** What it puts behind: the authentication tag. */
export const TAG_BYTES = 16;

/** Encrypts with AES-256-GCM (NIST SP 800-38D) under a 32-byte key: nonce, ciphertext, tag; bound to `context`. */
export function sealBytes(plain: Uint8Array, key: Buffer, context: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(context);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The plain bytes, or null when the key or the context is another, or a bit has changed. */
export function openBytes(sealed: Buffer, key: Buffer, context: Uint8Array): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(context);
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
