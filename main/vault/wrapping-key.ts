import { argon2, hkdfSync, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { SottoError } from '../base/index.ts';
import type { KeySource } from './contract.ts';
import { readCredential } from './credential.ts';
import type { Argon2Parameters, HeaderKey } from './header.ts';

const argon2Async = promisify(argon2);

/** RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes. */
const ARGON2: Argon2Parameters = { memory: 65_536, passes: 3, parallelism: 4 };
const LEAST_PASSPHRASE = 12;

/** A key source that outlives the process. */
export type LastingSource = Exclude<KeySource, { kind: 'ephemeral' }>;

export interface WrappingKey {
  readonly header: HeaderKey;
  /** 32 bytes; the caller zeroes it. */
  readonly key: Buffer;
}

/**
 * Makes a new wrapping key for a new vault and leaves it where the operator chose.
 * @throws SottoError `vault/weak-passphrase`, `vault/keychain-unavailable`, `vault/key-missing`, `vault/credential-unsafe`.
 */
export async function makeWrappingKey(source: LastingSource, vaultId: string): Promise<WrappingKey> {
  if (source.kind === 'keychain') return storeInKeychain(source.keychain, vaultId);
  const salt = randomBytes(16).toString('base64');
  if (source.kind === 'credential') {
    const header: HeaderKey = { kind: 'credential', salt };
    return { header, key: fromCredential(source.file, salt) };
  }
  if ([...source.passphrase].length < LEAST_PASSPHRASE)
    throw new SottoError('vault/weak-passphrase', 'The passphrase of the vault is too short.', {
      remedy: `Choose at least ${LEAST_PASSPHRASE} characters; four or five unrelated words are good.`,
    });
  const header: HeaderKey = { kind: 'passphrase', salt, argon2: ARGON2 };
  return { header, key: await fromPassphrase(source.passphrase, salt, ARGON2) };
}

/**
 * Finds the wrapping key of an existing vault again. The caller zeroes it.
 * @throws SottoError `vault/other-key-source`, `vault/key-missing`, `vault/keychain-unavailable`, `vault/credential-unsafe`.
 */
export async function findWrappingKey(source: LastingSource, header: HeaderKey): Promise<Buffer> {
  if (source.kind === 'keychain' && header.kind === 'keychain') return fromKeychain(source, header.account);
  if (source.kind === 'passphrase' && header.kind === 'passphrase')
    return fromPassphrase(source.passphrase, header.salt, header.argon2);
  if (source.kind === 'credential' && header.kind === 'credential')
    return fromCredential(source.file, header.salt);
  throw new SottoError(
    'vault/other-key-source',
    `This vault is opened with a ${header.kind}, not with a ${source.kind}.`,
    { remedy: `Start Sotto with the ${header.kind} that was chosen when the vault was made.` },
  );
}

/** Takes the entry of a vault that did not come to be out of the keychain again, where the keychain still answers. */
export async function forgetWrappingKey(source: LastingSource, header: HeaderKey): Promise<void> {
  if (source.kind === 'keychain' && header.kind === 'keychain')
    await source.keychain.delete(header.account).catch(() => {});
}

async function storeInKeychain(
  keychain: Extract<KeySource, { kind: 'keychain' }>['keychain'],
  vaultId: string,
): Promise<WrappingKey> {
  const account = `vault:${vaultId}:${randomBytes(4).toString('hex')}`;
  const key = randomBytes(32);
  await keychain.set(account, key.toString('base64'));
  const kept = await keychain.get(account);
  if (kept !== key.toString('base64'))
    throw new SottoError('vault/keychain-unavailable', `${keychain.label} did not keep the vault's key.`, {
      remedy: 'Unlock the keychain, or choose a passphrase for the vault.',
    });
  return { header: { kind: 'keychain', account }, key };
}

async function fromKeychain(
  source: Extract<KeySource, { kind: 'keychain' }>,
  account: string,
): Promise<Buffer> {
  const secret = await source.keychain.get(account);
  if (secret === null)
    throw new SottoError('vault/key-missing', `${source.keychain.label} holds no key for this vault.`, {
      remedy: 'Sign in as the user that set Sotto up, or restore the keychain. The data was left untouched.',
    });
  const key = Buffer.from(secret, 'base64');
  if (key.length === 32) return key;
  throw new SottoError(
    'vault/wrong-key',
    `The entry in ${source.keychain.label} is not a key of this vault.`,
    {
      remedy: 'Restore the keychain from its backup. The data was left untouched.',
    },
  );
}

/** Typed on different keyboards, the same passphrase must be the same bytes: NFKC, as NIST SP 800-63B asks. */
async function fromPassphrase(
  passphrase: string,
  salt: string,
  parameters: Argon2Parameters,
): Promise<Buffer> {
  const message = Buffer.from(passphrase.normalize('NFKC'));
  const nonce = Buffer.from(salt, 'base64');
  try {
    return await argon2Async('argon2id', { message, nonce, tagLength: 32, ...parameters });
  } finally {
    message.fill(0);
  }
}

function fromCredential(file: string, salt: string): Buffer {
  const secret = readCredential(file);
  try {
    return Buffer.from(
      hkdfSync('sha256', secret, Buffer.from(salt, 'base64'), 'sotto vault wrapping key', 32),
    );
  } finally {
    secret.fill(0);
  }
}
