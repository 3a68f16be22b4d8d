import { SottoError } from '../base/index.ts';
import type { Wrapped } from './header.ts';
import { NONCE_BYTES, openBytes, sealBytes, TAG_BYTES } from './sealing.ts';

/** Encrypts a key under another, bound to `context`; in the parts that the header names. */
export function wrapKey(key: Buffer, wrappingKey: Buffer, context: Buffer): Wrapped {
  const sealed = sealBytes(key, wrappingKey, context);
  return {
    nonce: sealed.subarray(0, NONCE_BYTES).toString('base64'),
    ciphertext: sealed.subarray(NONCE_BYTES, -TAG_BYTES).toString('base64'),
    tag: sealed.subarray(-TAG_BYTES).toString('base64'),
  };
}

/** @throws SottoError `vault/wrong-key` when the wrapping key or the context is another. */
export function unwrapKey({ nonce, ciphertext, tag }: Wrapped, wrappingKey: Buffer, context: Buffer): Buffer {
  const sealed = [nonce, ciphertext, tag].map((part) => Buffer.from(part, 'base64'));
  const key =
    sealed[0]?.length === NONCE_BYTES && sealed[2]?.length === TAG_BYTES
      ? openBytes(Buffer.concat(sealed), wrappingKey, context)
      : null;
  if (key !== null) return key;
  throw new SottoError('vault/wrong-key', 'The vault does not open with this passphrase or key.', {
    remedy: 'Check the passphrase, or that this is the key that belongs to this data folder.',
  });
}
