import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** An Ed25519 private key in PKCS #8 (RFC 8410) is these bytes and then its 32-byte seed. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** A public key in SubjectPublicKeyInfo (RFC 8410) is these bytes and then the 32 bytes of the key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
export const RAW_KEY_BYTES = 32;

export function privateKeyOf(seed: Buffer): KeyObject {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

/** The 32 bytes of the public half of a key. */
export function rawPublicKeyOf(key: KeyObject): Buffer {
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-RAW_KEY_BYTES);
}

/** @throws RangeError when these are not 32 bytes. */
export function publicKeyOf(raw: Buffer): KeyObject {
  if (raw.length !== RAW_KEY_BYTES) throw new RangeError('an Ed25519 key has 32 bytes');
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}
