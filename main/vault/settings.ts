import type { ZodType } from 'zod';
import { type Clock, canonicalJson, type Json, SottoError } from '../base/index.ts';
import type { Vault } from './contract.ts';

/**
 * A setting of the site kept in the vault, or null when it was never set.
 * @throws SottoError `vault/bad-setting` when what is kept does not fit the schema.
 */
export function readSetting<T>(vault: Vault, name: string, schema: ZodType<T>): T | null {
  const json = vault.db
    .prepare<[string], string>('SELECT json FROM settings WHERE name = ?')
    .pluck()
    .get(name);
  if (json === undefined) return null;
  const parsed = schema.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  throw new SottoError('vault/bad-setting', `The setting ${name} in the vault cannot be read.`, {
    remedy: 'Set it again.',
  });
}

export function writeSetting(vault: Vault, name: string, value: Json, clock: Clock): void {
  vault.db
    .prepare(
      `INSERT INTO settings (name, json, changed_at) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET json = excluded.json, changed_at = excluded.changed_at`,
    )
    .run(name, canonicalJson(value), clock.now());
}
