import { z } from 'zod';
import type { AuditLog } from '../audit/index.ts';
import { type Clock, SottoError } from '../base/index.ts';
import { readSetting, type Vault, writeSetting } from '../vault/index.ts';
import type { PublicKey } from './keys.ts';
import { keyMeant, type TrustedKey, trustedKey, trustedKeySchema, validKey } from './trusted.ts';

const TRUSTED = 'models.trustedKeys';
const MOST_KEYS = 32;

/** How a key is trusted: under which name, and for how long (epoch milliseconds; from now on, without end). */
export interface KeyTerms {
  readonly name: string;
  readonly validFrom?: number;
  readonly validUntil?: number;
}

interface Site {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** The keys that a site trusts to sign model packs. Each change and its entry in the log stand in one transaction. */
export class SiteKeys {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  all(): readonly TrustedKey[] {
    return readSetting(this.#site.vault, TRUSTED, z.array(trustedKeySchema)) ?? [];
  }

  /** A key that opens what is installed. @throws SottoError `models/untrusted-key`. */
  trusted(fingerprint: string): PublicKey {
    return trustedKey(this.all(), fingerprint);
  }

  /** A key that may bring something new now. @throws SottoError `models/untrusted-key`, `models/key-not-valid`. */
  valid(fingerprint: string): PublicKey {
    return validKey(this.all(), fingerprint, this.#site.clock);
  }

  /** @throws SottoError `models/already-trusted`, `models/too-many-keys`, `models/bad-validity`. */
  trust(
    { fingerprint, pem }: PublicKey,
    { name, validFrom, validUntil }: KeyTerms,
    actor: string,
  ): TrustedKey {
    const keys = this.all();
    if (keys.some((key) => key.fingerprint === fingerprint))
      throw new SottoError('models/already-trusted', 'This key is trusted already.', {
        remedy: 'To change its name or time, take it away with `sotto pack trust remove` first.',
      });
    if (keys.length >= MOST_KEYS)
      throw new SottoError('models/too-many-keys', 'The site trusts too many keys.', {
        remedy: 'Take those away that nobody signs with any more.',
      });
    const now = this.#site.clock.now();
    const key = trustedKeySchema.safeParse({
      name,
      fingerprint,
      pem,
      validFrom: validFrom ?? now,
      validUntil: validUntil ?? null,
      addedAt: now,
    });
    if (!key.success || (validUntil !== undefined && validUntil <= (validFrom ?? now)))
      throw new SottoError('models/bad-validity', 'The name or the times of the key cannot be used.', {
        remedy: 'Give a name of up to 80 characters, and an end that is after the beginning.',
      });
    const detail = { name, validFrom: key.data.validFrom, validUntil: key.data.validUntil };
    this.#site.audit.record(
      { action: 'model.trust', actor, target: `key:${fingerprint}`, outcome: 'success', detail },
      () => this.#write([...keys, key.data]),
    );
    return key.data;
  }

  /** @throws SottoError `models/no-such-key`. */
  distrust(prefix: string, actor: string): TrustedKey {
    const keys = this.all();
    const key = keyMeant(keys, prefix);
    const target = `key:${key.fingerprint}`;
    this.#site.audit.record(
      { action: 'model.distrust', actor, target, outcome: 'success', detail: { name: key.name } },
      () => this.#write(keys.filter((each) => each !== key)),
    );
    return key;
  }

  #write(keys: readonly TrustedKey[]): void {
    writeSetting(this.#site.vault, TRUSTED, keys, this.#site.clock);
  }
}
