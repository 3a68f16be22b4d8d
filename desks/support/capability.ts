/**
 * The check that a Sotto tool server makes by itself, before it does anything: that the call carries a capability
 * which the gateway minted for exactly this call. Needs only `jose` and `canonicalize`; copy it into your server.
 *
 * A capability is an EdDSA JWT in the request's `_meta["sotto/capability"]`:
 *   iss  `sotto/<desk id>`              aud  `<server>/<tool>`
 *   arg  base64url SHA-256 of the arguments in canonical JSON (RFC 8785)
 *   conversation, proposal              which conversation it is for, and what was approved there
 *   iat, exp                            seconds to live
 *   jti                                 good for one call
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { importJWK, type JWK, jwtVerify } from 'jose';

/** What a capability said, once it was checked. */
export interface Holder {
  readonly conversation: string;
  /** The same when a call is sent again: the key under which to remember what was done. */
  readonly proposal: string;
}

/** The call carries no capability that is good for it. `code` says why, for the server's own log. */
export class CapabilityRefused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`capability refused: ${code}`);
    this.code = code;
  }
}

/** Remembers which capabilities were used; `use` is false when this one was used before. */
export interface UsedCapabilities {
  use(id: string, expiresAtSeconds: number): boolean;
}

export type CapabilityCheck = (tool: string, args: unknown, token: unknown) => Promise<Holder>;

/**
 * @param server The server's name in tools.yaml (`SOTTO_SERVER`).
 * @param publicKey The gateway's public key, a JWK (`SOTTO_CAPABILITY_KEY`).
 */
export function capabilityCheck(
  server: string,
  publicKey: string,
  used: UsedCapabilities = rememberInMemory(),
): CapabilityCheck {
  const key = importJWK(JSON.parse(publicKey) as JWK, 'EdDSA');
  return async (tool, args, token) => {
    if (typeof token !== 'string') throw new CapabilityRefused('missing');
    const claims = await verified(token, await key, `${server}/${tool}`);
    if (claims.arg !== hashOf(args)) throw new CapabilityRefused('other-arguments');
    const { conversation, proposal, jti, exp } = claims;
    if (typeof conversation !== 'string' || typeof proposal !== 'string' || !jti || exp === undefined)
      throw new CapabilityRefused('incomplete');
    // Last, so that a capability which was refused for another reason is not used up.
    if (!used.use(jti, exp)) throw new CapabilityRefused('replayed');
    return { conversation, proposal };
  };
}

async function verified(token: string, key: Awaited<ReturnType<typeof importJWK>>, audience: string) {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      typ: 'sotto-capability+jwt',
      audience,
      requiredClaims: ['iss', 'iat', 'exp', 'jti', 'arg', 'conversation', 'proposal'],
    });
    // An audience list would make one capability good for several tools.
    if (payload.aud !== audience) throw new CapabilityRefused('other-tool');
    return payload;
  } catch (error) {
    if (error instanceof CapabilityRefused) throw error;
    throw new CapabilityRefused(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ERR_JWT_EXPIRED') return 'expired';
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED')
    return error instanceof Error && 'claim' in error && error.claim === 'aud' ? 'other-tool' : 'claims';
  return 'signature';
}

function hashOf(args: unknown): string {
  return createHash('sha256')
    .update(canonicalize(args ?? {}) ?? '')
    .digest('base64url');
}

function rememberInMemory(): UsedCapabilities {
  const used = new Map<string, number>();
  return {
    use(id, expiresAtSeconds) {
      const now = Date.now() / 1000;
      for (const [old, until] of used) if (until < now) used.delete(old);
      if (used.has(id)) return false;
      used.set(id, expiresAtSeconds);
      return true;
    },
  };
}
