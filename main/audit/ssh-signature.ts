import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { publicKeyOf, RAW_KEY_BYTES, rawPublicKeyOf } from './ed25519.ts';

/**
 * Signatures that `ssh-keygen -Y verify` accepts: OpenSSH's PROTOCOL.sshsig with an Ed25519 key and SHA-512.
 * A signature is bound to a namespace, so that one made for this purpose is good for no other.
 */
const MAGIC = Buffer.from('SSHSIG');
const VERSION = Buffer.from([0, 0, 0, 1]);
const KEY_TYPE = 'ssh-ed25519';
const HASH = 'sha512';
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
const SIGNATURE_BYTES = 64;
/** Where the key's 32 bytes stand: after magic, version, and the lengths of blob, type and key. */
const KEY_AT = MAGIC.length + VERSION.length + 4 + 4 + KEY_TYPE.length + 4;

/**
 * @param sha512 the digest of what is signed
 * @returns the armoured signature
 */
export function signSsh(sha512: Buffer, namespace: string, privateKey: KeyObject): string {
  const signature = sign(null, signedBytes(sha512, namespace), privateKey);
  const blob = signatureBlob(rawPublicKeyOf(privateKey), namespace, signature);
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? [];
  return `${[BEGIN, ...lines, END].join('\n')}\n`;
}

/** The raw key of a valid signature over this digest in this namespace, else null. Whose key it is, others must say. */
export function openSsh(armoured: string, sha512: Buffer, namespace: string): Buffer | null {
  const body = armoured.trim();
  if (!body.startsWith(BEGIN) || !body.endsWith(END)) return null;
  const blob = Buffer.from(body.slice(BEGIN.length, -END.length).replaceAll(/\s/g, ''), 'base64');
  // With one key type and one hash, all but the key and the signature has one form and a fixed place.
  const raw = Buffer.from(blob.subarray(KEY_AT, KEY_AT + RAW_KEY_BYTES));
  const signature = blob.subarray(-SIGNATURE_BYTES);
  if (raw.length !== RAW_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return null;
  if (!signatureBlob(raw, namespace, signature).equals(blob)) return null;
  return verify(null, signedBytes(sha512, namespace), publicKeyOf(raw), signature) ? raw : null;
}

/** `ssh-ed25519 AAAA…`, as it stands in an `allowed_signers` file. */
export function sshPublicKey(raw: Buffer): string {
  return `${KEY_TYPE} ${publicKeyBlob(raw).toString('base64')}`;
}

/** `SHA256:…`, as `ssh-keygen -l` prints it. */
export function sshFingerprint(raw: Buffer): string {
  return `SHA256:${createHash('sha256').update(publicKeyBlob(raw)).digest('base64').replace(/=+$/, '')}`;
}

function signedBytes(sha512: Buffer, namespace: string): Buffer {
  return Buffer.concat([MAGIC, field(namespace), field(''), field(HASH), field(sha512)]);
}

function signatureBlob(raw: Buffer, namespace: string, signature: Buffer): Buffer {
  return Buffer.concat([
    MAGIC,
    VERSION,
    field(publicKeyBlob(raw)),
    field(namespace),
    field(''),
    field(HASH),
    field(Buffer.concat([field(KEY_TYPE), field(signature)])),
  ]);
}

function publicKeyBlob(raw: Buffer): Buffer {
  return Buffer.concat([field(KEY_TYPE), field(raw)]);
}

/** A string on the wire (RFC 4251, section 5): its length, then itself. */
function field(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
