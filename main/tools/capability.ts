import { createHash, createHmac, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { type Clock, canonicalJson, type Json, newId, SottoError } from '../base/index.ts';

/** Long enough for a busy machine, too short to be kept for later. */
const LIFE_SECONDS = 15;
/** What precedes the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** What one capability is good for. */
export interface Grant {
  readonly server: string;
  readonly tool: string;
  readonly conversationId: string;
  readonly proposalId: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

/**
 * Mints capabilities: EdDSA JWTs (RFC 7519, 8037), each for one call of one tool with exactly these arguments, in
 * one conversation, for seconds. The tool server checks them by itself with the public key it is started with.
 */
export class CapabilityMint {
  readonly #key: KeyObject;
  readonly #hashKey: Buffer;
  readonly #issuer: string;
  readonly #clock: Clock;
  /** JWK, JSON: what servers verify with. */
  readonly publicKey: string;

  /** @throws SottoError `tools/bad-key` when it is no Ed25519 private key (or 32-byte seed of one). */
  constructor(key: KeyObject | Uint8Array, issuer: string, clock: Clock) {
    this.#key = privateKey(key);
    this.#issuer = issuer;
    this.#clock = clock;
    this.publicKey = JSON.stringify(createPublicKey(this.#key).export({ format: 'jwk' }));
    this.#hashKey = createHash('sha256')
      .update('sotto arguments hash')
      .update(this.#key.export({ format: 'der', type: 'pkcs8' }))
      .digest();
  }

  mint(grant: Grant): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1000);
    return new SignJWT({
      arg: createHash('sha256').update(canonicalJson(grant.arguments)).digest('base64url'),
      conversation: grant.conversationId,
      proposal: grant.proposalId,
    })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'sotto-capability+jwt' })
      .setIssuer(this.#issuer)
      .setAudience(`${grant.server}/${grant.tool}`)
      .setJti(newId())
      .setIssuedAt(now)
      .setExpirationTime(now + LIFE_SECONDS)
      .sign(this.#key);
  }

  /** Stands for the arguments in the log. Keyed: a four digit code could be found again from a plain hash. */
  argumentsHash(given: Readonly<Record<string, Json>>): string {
    return createHmac('sha256', this.#hashKey).update(canonicalJson(given)).digest('hex');
  }
}

function privateKey(key: KeyObject | Uint8Array): KeyObject {
  if (key instanceof Uint8Array) {
    if (key.length !== 32) throw badKey();
    return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, key]), format: 'der', type: 'pkcs8' });
  }
  if (key.type !== 'private' || key.asymmetricKeyType !== 'ed25519') throw badKey();
  return key;
}

function badKey(): SottoError {
  return new SottoError('tools/bad-key', 'Capabilities are signed with an Ed25519 private key.');
}
