import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { SottoError } from '../base/index.ts';

/** Signs notes as C2SP signed-note describes; Ed25519, signature type 1. */
export interface NoteSigner {
  /** The key's name: for a log, its origin. */
  readonly name: string;
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
  /** `name+keyid+key`. */
  readonly verifierKey: string;
  sign(text: string): string;
}

const ED25519 = Buffer.from([1]);
/** An Ed25519 private key in PKCS #8 (RFC 8410) is these bytes and then its 32-byte seed. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const NAME = /^[^\s+]{1,200}$/u;

/** @throws SottoError `audit/bad-origin` for a name with white space or `+`. */
export function noteSigner(name: string, seed: Buffer): NoteSigner {
  if (!NAME.test(name))
    throw new SottoError(
      'audit/bad-origin',
      'The name of the audit log may hold no white space and no plus.',
    );
  const privateKey = privateKeyOf(seed);
  const publicKey = createPublicKey(privateKey);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const keyId = keyIdOf(name, raw);
  return {
    name,
    keyId,
    publicKey,
    verifierKey: `${name}+${keyId.toString('hex')}+${Buffer.concat([ED25519, raw]).toString('base64')}`,
    sign: (text) => {
      const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)]);
      return `${text}\n\u2014 ${name} ${signature.toString('base64')}\n`;
    },
  };
}

/** The text of a note if it bears this signer's valid signature (others beside it are passed over), else null. */
export function openNote(note: string, signer: NoteSigner): string | null {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  return lines.some((line) => bears(line, text, signer)) ? text : null;
}

function bears(line: string, text: string, signer: NoteSigner): boolean {
  const [dash, name, encoded, ...rest] = line.split(' ');
  if (dash !== '\u2014' || name !== signer.name || encoded === undefined || rest.length > 0) return false;
  const signature = Buffer.from(encoded, 'base64');
  if (signature.toString('base64') !== encoded) return false;
  if (signature.length !== 68 || !signature.subarray(0, 4).equals(signer.keyId)) return false;
  return verify(null, Buffer.from(text), signer.publicKey, signature.subarray(4));
}

function keyIdOf(name: string, rawPublicKey: Buffer): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(ED25519)
    .update(rawPublicKey)
    .digest()
    .subarray(0, 4);
}

function privateKeyOf(seed: Buffer): KeyObject {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}
