import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { SottoError } from '../base/index.ts';
import { privateKeyOf, publicKeyOf, RAW_KEY_BYTES, rawPublicKeyOf } from './ed25519.ts';

/** Knows the notes of one key, as C2SP signed-note describes; Ed25519, signature type 1. */
export interface NoteVerifier {
  /** The key's name: for a log, its origin. */
  readonly name: string;
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
  /** `name+keyid+key`. */
  readonly verifierKey: string;
}

export interface NoteSigner extends NoteVerifier {
  sign(text: string): string;
}

const ED25519 = Buffer.from([1]);
const NAME = /^[^\s+]{1,200}$/u;

/** @throws SottoError `audit/bad-origin` for a name with white space or `+`. */
export function noteSigner(name: string, seed: Buffer): NoteSigner {
  const privateKey = privateKeyOf(seed);
  const verifier = verifierOf(name, rawPublicKeyOf(privateKey));
  return {
    ...verifier,
    sign: (text) => {
      const signature = Buffer.concat([verifier.keyId, sign(null, Buffer.from(text), privateKey)]);
      return `${text}\n\u2014 ${name} ${signature.toString('base64')}\n`;
    },
  };
}

/**
 * The verifier that a verifier key (`name+keyid+key`) describes.
 * @throws SottoError `audit/bad-verifier-key`.
 */
export function noteVerifier(verifierKey: string): NoteVerifier {
  const [, name = '', keyId = '', encoded = ''] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(verifierKey) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (NAME.test(name) && key.length === 1 + RAW_KEY_BYTES && key[0] === ED25519[0]) {
    const verifier = verifierOf(name, key.subarray(1));
    if (verifier.verifierKey === verifierKey && verifier.keyId.toString('hex') === keyId) return verifier;
  }
  throw new SottoError('audit/bad-verifier-key', 'This is not the verifier key of a log.', {
    remedy:
      'It is one line, NAME+KEYID+KEY: the .vkey file of an export, or as `sotto audit verify --json` prints it.',
  });
}

/** The text of a note if it bears this key's valid signature (others beside it are passed over), else null. */
export function openNote(note: string, verifier: NoteVerifier): string | null {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  return lines.some((line) => bears(line, text, verifier)) ? text : null;
}

function bears(line: string, text: string, verifier: NoteVerifier): boolean {
  const [dash, name, encoded, ...rest] = line.split(' ');
  if (dash !== '\u2014' || name !== verifier.name || encoded === undefined || rest.length > 0) return false;
  const signature = Buffer.from(encoded, 'base64');
  if (signature.toString('base64') !== encoded) return false;
  if (signature.length !== 68 || !signature.subarray(0, 4).equals(verifier.keyId)) return false;
  return verify(null, Buffer.from(text), verifier.publicKey, signature.subarray(4));
}

function verifierOf(name: string, raw: Buffer): NoteVerifier {
  if (!NAME.test(name))
    throw new SottoError(
      'audit/bad-origin',
      'The name of the audit log may hold no white space and no plus.',
    );
  const keyId = keyIdOf(name, raw);
  const key = Buffer.concat([ED25519, raw]).toString('base64');
  return {
    name,
    keyId,
    publicKey: publicKeyOf(raw),
    verifierKey: `${name}+${keyId.toString('hex')}+${key}`,
  };
}

function keyIdOf(name: string, rawPublicKey: Buffer): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(ED25519)
    .update(rawPublicKey)
    .digest()
    .subarray(0, 4);
}
