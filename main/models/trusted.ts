import { z } from 'zod';
import { type Clock, SottoError } from '../base/index.ts';
import { type PublicKey, readPublicKey } from './keys.ts';
import { untrusted } from './verify.ts';

/** A public key that the site trusts to sign model packs. */
export const trustedKeySchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(80)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u),
  /** SHA-256 of its SubjectPublicKeyInfo, hex. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  pem: z.string().max(400),
  /** Installs from this time on and up to that, epoch milliseconds. */
  validFrom: z.int(),
  validUntil: z.int().nullable(),
  addedAt: z.int(),
});
export type TrustedKey = z.infer<typeof trustedKeySchema>;

/** @throws SottoError `models/untrusted-key`. */
export function trustedKey(keys: readonly TrustedKey[], fingerprint: string): PublicKey {
  const found = keys.find((key) => key.fingerprint === fingerprint);
  if (!found) throw untrusted(fingerprint);
  return readPublicKey(found.pem);
}

/** A key that may bring something new now. @throws SottoError `models/untrusted-key`, `models/key-not-valid`. */
export function validKey(keys: readonly TrustedKey[], fingerprint: string, clock: Clock): PublicKey {
  const key = trustedKey(keys, fingerprint);
  const found = keys.find((each) => each.fingerprint === fingerprint);
  const now = clock.now();
  if (found && (now < found.validFrom || (found.validUntil !== null && now >= found.validUntil)))
    throw new SottoError(
      'models/key-not-valid',
      `The key "${found.name}" is trusted, but not at this time.`,
      {
        remedy: 'Have the pack signed with the present key. Is the clock of this machine right?',
      },
    );
  return key;
}

/** The one key that a person means by the beginning of its fingerprint. @throws SottoError `models/no-such-key`. */
export function keyMeant(keys: readonly TrustedKey[], prefix: string): TrustedKey {
  const found = keys.filter(({ fingerprint }) => fingerprint.startsWith(prefix.toLowerCase()));
  const [only] = found;
  if (prefix.length >= 8 && only && found.length === 1) return only;
  throw new SottoError('models/no-such-key', 'No trusted key, or more than one, begins like this.', {
    remedy: 'Give at least 8 digits of the fingerprint that `sotto pack trust list` prints.',
  });
}
