import { randomBytes } from 'node:crypto';
import { type Paths, SottoError } from '../base/index.ts';
import type { KeySource, Vault } from './contract.ts';
import { encryptAnew, refusePlaintext } from './database.ts';
import { boundPart, readHeader, type VaultHeader, writeHeader } from './header.ts';
import { OpenVault } from './open-vault.ts';
import { unwrapKey, wrapKey } from './wrapping.ts';
import { findWrappingKey, type LastingSource, makeWrappingKey } from './wrapping-key.ts';

/**
 * Gives the database a new random key while it is in use. Killed at any moment, the vault opens: both keys stand in
 * the header until the database has wholly taken the new one.
 * @throws SottoError `vault/other-key-source`, `vault/wrong-key`, `vault/key-missing`, `vault/cipher`, `vault/disk-full`.
 */
export async function rotateDatabaseKey(vault: Vault, paths: Paths, source: KeySource): Promise<void> {
  const { header, wrappingKey } = await proveKey(vault, paths, source);
  const key = randomBytes(32);
  try {
    const wrapped = wrapKey(key, wrappingKey, boundPart(header));
    writeHeader(paths.vaultHeader, { ...header, next: wrapped });
    encryptAnew(vault.db, key);
    refusePlaintext(paths.database);
    writeHeader(paths.vaultHeader, { ...header, wrapped });
  } finally {
    key.fill(0);
    wrappingKey.fill(0);
  }
}

/**
 * Puts the database key under another passphrase, credential or keychain entry (a new one, where it was the keychain
 * already). The header is replaced in one step; until then the present source opens the vault, from then on the next.
 * @throws SottoError as `rotateDatabaseKey`, and `vault/weak-passphrase`, `vault/keychain-unavailable`.
 */
export async function changeKeySource(
  vault: Vault,
  paths: Paths,
  present: KeySource,
  next: LastingSource,
): Promise<void> {
  const { header, wrappingKey } = await proveKey(vault, paths, present);
  const databaseKey = unwrapKey(header.wrapped, wrappingKey, boundPart(header));
  wrappingKey.fill(0);
  try {
    const wrapping = await makeWrappingKey(next, header.id);
    const changed = { ...header, key: wrapping.header };
    const wrapped = wrapKey(databaseKey, wrapping.key, boundPart(changed));
    wrapping.key.fill(0);
    writeHeader(paths.vaultHeader, { ...changed, wrapped });
  } finally {
    databaseKey.fill(0);
  }
  if (vault instanceof OpenVault) vault.keySource = next.kind;
  if (present.kind === 'keychain' && header.key.kind === 'keychain')
    // What is left behind opens nothing any more.
    await present.keychain.delete(header.key.account).catch(() => {});
}

/** Whoever changes a key shows that they hold the present one, though the vault is open. */
async function proveKey(
  vault: Vault,
  paths: Paths,
  source: KeySource,
): Promise<{ header: VaultHeader; wrappingKey: Buffer }> {
  if (vault.keySource === 'ephemeral' || source.kind === 'ephemeral')
    throw new SottoError('vault/other-key-source', 'A throwaway vault keeps the key that it was made with.');
  const header = readHeader(paths.vaultHeader);
  if (header === null)
    throw new SottoError('vault/header-missing', 'The database is there, but vault.json is not.', {
      remedy: 'Restore vault.json from a backup before Sotto is stopped.',
    });
  // Which of the two keys is in force is found out by opening; to forget one of them before that could lose the vault.
  if (header.next !== undefined)
    throw new SottoError('vault/change-unfinished', 'An earlier change of keys did not come to its end.', {
      remedy: 'Restart Sotto, which ends it, and try again.',
    });
  const wrappingKey = await findWrappingKey(source, header.key);
  unwrapKey(header.wrapped, wrappingKey, boundPart(header)).fill(0);
  return { header, wrappingKey };
}
