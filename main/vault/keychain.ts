import { randomBytes } from 'node:crypto';
import { codeOf, SottoError } from '../base/index.ts';
import type { Keychain } from './contract.ts';

const SERVICE = 'sotto';
const LABELS: Readonly<Record<string, string>> = {
  darwin: 'macOS Keychain',
  win32: 'Windows Credential Manager',
};

/** The keychain of the machine: Secret Service (GNOME Keyring, KWallet), macOS Keychain or Windows Credential Manager. */
export function osKeychain(): Keychain {
  const label = LABELS[process.platform] ?? 'GNOME Keyring';
  return {
    label,
    get: (account) => reach(label, (keytar) => keytar.getPassword(SERVICE, account)),
    set: (account, secret) => reach(label, (keytar) => keytar.setPassword(SERVICE, account, secret)),
    delete: async (account) => {
      await reach(label, (keytar) => keytar.deletePassword(SERVICE, account));
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

type Keytar = typeof import('@napi-rs/keyring/keytar.js');

/** Loaded on use: a machine without the native library still opens a vault with a passphrase. */
async function reach<T>(label: string, use: (keytar: Keytar) => Promise<T>): Promise<T> {
  try {
    return await use(await import('@napi-rs/keyring/keytar.js'));
  } catch (cause) {
    throw new SottoError('vault/keychain-unavailable', `${label} cannot be reached or is locked.`, {
      remedy: 'Sign in to the desktop and unlock the keychain, or choose a passphrase for the vault.',
      cause,
    });
  }
}
