import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { SottoError } from '../base/index.ts';

/** A public key, and what people compare. */
export interface PublicKey {
  readonly key: KeyObject;
  /** SHA-256 of the SubjectPublicKeyInfo, hex: `openssl pkey -pubin -in KEY -outform DER | sha256sum`. */
  readonly fingerprint: string;
  readonly pem: string;
}

export interface KeyPair {
  readonly publicKey: PublicKey;
  /** PKCS #8; encrypted (PBES2, AES-256) when a passphrase was given. */
  readonly privatePem: string;
}

/** A new Ed25519 key pair (RFC 8410), in the forms that OpenSSL reads. */
export function generateKeyPair(passphrase?: string): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const protection = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem', ...protection }).toString();
  return { publicKey: publicKeyOf(publicKey), privatePem };
}

/** @throws SottoError `models/bad-key`. */
export function readPublicKey(pem: string): PublicKey {
  if (/PRIVATE KEY/.test(pem))
    throw new SottoError('models/bad-key', 'That is the private key, which only signs.', {
      remedy: 'Name the public key (….pub.pem). Keep the private one away from the appliance.',
    });
  try {
    return publicKeyOf(createPublicKey({ key: pem, format: 'pem' }));
  } catch {
    throw badKey();
  }
}

/** True where a passphrase is needed to read the key. */
export function isEncrypted(pem: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----/.test(pem);
}

/** @throws SottoError `models/bad-key`, `models/wrong-passphrase`. */
export function readPrivateKey(pem: string, passphrase?: string): KeyObject {
  try {
    const key = createPrivateKey({
      key: pem,
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    if (isEncrypted(pem))
      throw new SottoError('models/wrong-passphrase', 'The passphrase does not open the signing key.', {
        remedy: 'Run it again with the passphrase that the key was made with.',
      });
  }
  throw badKey();
}

export function publicKeyOf(key: KeyObject): PublicKey {
  const ofPublic = key.type === 'private' ? createPublicKey(key) : key;
  if (ofPublic.asymmetricKeyType !== 'ed25519') throw badKey();
  const der = ofPublic.export({ type: 'spki', format: 'der' });
  return {
    key: ofPublic,
    fingerprint: createHash('sha256').update(der).digest('hex'),
    pem: ofPublic.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function badKey(): SottoError {
  return new SottoError('models/bad-key', 'That is no Ed25519 key in PEM.', {
    remedy: 'Make one with `sotto pack keygen`, or `openssl genpkey -algorithm ed25519`.',
  });
}
