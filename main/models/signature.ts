import { type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, SottoError } from '../base/index.ts';
import { type PublicKey, publicKeyOf } from './keys.ts';

/** Names what the signature is over, so that one made for another purpose can never stand for a pack. */
export const PAYLOAD_TYPE = 'application/vnd.sotto.model-pack.manifest.v1+json';

const signatureSchema = z.strictObject({
  payloadType: z.literal(PAYLOAD_TYPE),
  signatures: z.tuple([
    z.strictObject({ keyid: z.string().regex(/^[0-9a-f]{64}$/), sig: z.base64().length(88) }),
  ]),
});

/** DSSE's pre-authentication encoding (github.com/secure-systems-lab/dsse, protocol v1.0.2). */
function preAuthentication(manifest: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${manifest.length} `;
  return Buffer.concat([Buffer.from(head), manifest]);
}

/** A DSSE envelope without its payload, which is the manifest beside it. */
export function signManifest(manifest: Buffer, key: KeyObject): Buffer {
  const sig = sign(null, preAuthentication(manifest), key).toString('base64');
  const keyid = publicKeyOf(key).fingerprint;
  return Buffer.from(canonicalJson({ payloadType: PAYLOAD_TYPE, signatures: [{ keyid, sig }] }));
}

/** The fingerprint of the key that is said to have signed. @throws SottoError `models/bad-signature`. */
export function signerOf(signature: Buffer): string {
  return parse(signature).keyid;
}

/** @throws SottoError `models/bad-signature` unless this key made this signature over these bytes. */
export function checkSignature(manifest: Buffer, signature: Buffer, key: PublicKey): void {
  const { keyid, sig } = parse(signature);
  const ok =
    keyid === key.fingerprint &&
    verify(null, preAuthentication(manifest), key.key, Buffer.from(sig, 'base64'));
  if (!ok) throw badSignature('does not belong to its manifest: the pack was changed after it was signed');
}

function parse(signature: Buffer): { readonly keyid: string; readonly sig: string } {
  const text = signature.toString('utf8');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw badSignature('cannot be read');
  }
  const parsed = signatureSchema.safeParse(raw);
  if (!parsed.success || canonicalJson(parsed.data) !== text) throw badSignature('has another form');
  const [{ keyid, sig }] = parsed.data.signatures;
  // Base64 has spare bits; only one spelling is the signature.
  if (Buffer.from(sig, 'base64').toString('base64') !== sig) throw badSignature('has another form');
  return { keyid, sig };
}

function badSignature(what: string): SottoError {
  return new SottoError('models/bad-signature', `The signature of the pack ${what}.`, {
    remedy: 'Do not use this pack. Fetch it again from who signed it, and compare.',
  });
}
