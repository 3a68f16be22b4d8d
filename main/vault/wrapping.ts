import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SottoError } from '../base/index.ts';
import type { Wrapped } from './header.ts';

/** Encrypts a key under another with AES-256-GCM (NIST SP 800-38D), bound to `context`. */
export function wrapKey(key: Buffer, wrappingKey: Buffer, context: Buffer): Wrapped {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce, { authTagLength: 16 });
  cipher.setAAD(context);
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final()]);
  return {
    nonce: nonce.toString('base64'),
    ciphertext: ciphertext.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
}

/** @throws SottoError `vault/wrong-key` when the wrapping key or the context is another. */
export function unwrapKey(wrapped: Wrapped, wrappingKey: Buffer, context: Buffer): Buffer {
  try {
    const nonce = Buffer.from(wrapped.nonce, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', wrappingKey, nonce, { authTagLength: 16 });
    decipher.setAAD(context);
    decipher.setAuthTag(Buffer.from(wrapped.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(wrapped.ciphertext, 'base64')), decipher.final()]);
  } catch {
    throw new SottoError('vault/wrong-key', 'The vault does not open with this passphrase or key.', {
      remedy: 'Check the passphrase, or that this is the key that belongs to this data folder.',
    });
  }
}
