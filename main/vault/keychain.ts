import { randomBytes } from 'node:crypto';
import { codeOf, SottoError } from '../base/index.ts';
import type { Keychain } from './contract.ts';

const SERVICE = 'sotto';
const LABELS: Readonly<Record<string, string>> = {
  darwin: 'macOS Keychain',
  win32: 'Windows Credential Manager',
};

/** The time a person has to unlock the keychain when the system asks for it. */
const PATIENCE_MS = 60_000;

/** The keychain of the machine: Secret Service (GNOME Keyring, KWallet), macOS Keychain or Windows Credential Manager. */
export function osKeychain(): Keychain {
  const label = LABELS[process.platform] ?? 'GNOME Keyring';
  return {
    label,
    get: (account) => reach(label, account, (entry, signal) => entry.getPassword(signal)),
    set: (account, secret) => reach(label, account, (entry, signal) => entry.setPassword(secret, signal)),
    delete: async (account) => {
      await reach(label, account, (entry, signal) => entry.deletePassword(signal));
    },
  };
}

/** Writes, reads and deletes a probe: only that shows that the keychain is there and unlocked. */
export async function keychainAvailable(keychain: Keychain): Promise<boolean> {
  const account = `probe:${randomBytes(8).toString('hex')}`;
  const secret = randomBytes(8).toString('base64');
  try {
    await keychain.set(account, secret);
    const kept = await keychain.get(account);
    await keychain.delete(account);
    return kept === secret && (await keychain.get(account)) === null;
  } catch (error) {
    if (codeOf(error) === 'vault/keychain-unavailable') return false;
    throw error;
  }
}

type Entry = import('@napi-rs/keyring').AsyncEntry;

/**
 * The library is loaded on use: a machine without it still opens a vault with a passphrase. On Linux the store is
 * pinned: left to itself (and through its keytar entry always) the library falls back without a word to the kernel's
 * keyring, which forgets everything at the next boot, and the vault's only key with it.
 */
async function reach<T>(
  label: string,
  account: string,
  use: (entry: Entry, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    const entry = new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } });
    return await use(entry, AbortSignal.timeout(PATIENCE_MS));
  } catch (cause) {
    throw new SottoError('vault/keychain-unavailable', `${label} cannot be reached or is locked.`, {
      remedy: 'Sign in to the desktop and unlock the keychain, or choose a passphrase for the vault.',
      cause,
    });
  }
}
