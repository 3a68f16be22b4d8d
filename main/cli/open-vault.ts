import { type AuditLog, openAuditLog } from '../audit/index.ts';
import { defaultDataFolder, type Paths, pathsIn, SottoError, systemClock } from '../base/index.ts';
import { type KeySource, openVault, osKeychain, type Vault, vaultKeySource } from '../vault/index.ts';
import { findPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

const VAULTS = { variable: 'SOTTO_PASSPHRASE_FILE', of: 'of the vault' } as const;

/** The data folder: `--data`, `SOTTO_HOME`, or the platform's place. */
export function dataPaths(data: string | undefined): Paths {
  return pathsIn(data ?? defaultDataFolder());
}

/**
 * Opens the vault of a data folder; the caller closes it.
 * @throws SottoError what `openVault` and `findPassphrase` throw.
 */
export async function openSiteVault(terminal: Terminal, paths: Paths, credential?: string): Promise<Vault> {
  const source = await keySource(terminal, paths, credential);
  return await openVault(paths, source, { clock: systemClock, log: terminal.log });
}

/** An open site: its vault, what opened it, and its log; all closed when the command ends. */
export interface OpenSite {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly source: KeySource;
}

/**
 * Opens the vault and the log of a data folder, for as long as the command runs.
 * @throws SottoError what `openVault` and `findPassphrase` throw.
 */
export async function openSite(terminal: Terminal, paths: Paths, credential?: string): Promise<OpenSite> {
  const source = await keySource(terminal, paths, credential);
  const vault = await openVault(paths, source, { clock: systemClock, log: terminal.log });
  terminal.closing.defer(() => vault.close());
  const audit = openAuditLog(vault, { clock: systemClock });
  terminal.closing.defer(() => audit.close());
  return { vault, audit, source };
}

/**
 * As `openSite`, with whatever opens the vault without asking anybody.
 * @throws SottoError `cli/no-passphrase` where somebody would have to be asked; what `openSite` throws.
 */
export async function openSiteUnasked(
  terminal: Terminal,
  paths: Paths,
  credential?: string,
): Promise<OpenSite> {
  if (vaultKeySource(paths) === 'passphrase' && !process.env[VAULTS.variable])
    throw new SottoError(
      'cli/no-passphrase',
      'The vault opens with a passphrase, and nobody is asked for it here.',
      {
        remedy: `Name a private file with it in ${VAULTS.variable}.`,
      },
    );
  return await openSite(terminal, paths, credential);
}

/**
 * Opens the audit log of a data folder, for as long as the command runs.
 * @throws SottoError what `openSite` throws.
 */
export async function openLog(terminal: Terminal, paths: Paths, credential?: string): Promise<AuditLog> {
  return (await openSite(terminal, paths, credential)).audit;
}

async function keySource(terminal: Terminal, paths: Paths, credential?: string): Promise<KeySource> {
  switch (vaultKeySource(paths)) {
    case 'passphrase':
      return { kind: 'passphrase', passphrase: await findPassphrase(terminal, VAULTS) };
    case 'credential':
      return { kind: 'credential', file: credential ?? noCredential() };
    default:
      return { kind: 'keychain', keychain: osKeychain() };
  }
}

function noCredential(): never {
  throw new SottoError('vault/key-missing', 'The vault is under a credential file, and none is named.', {
    remedy: 'Name it with --credential FILE, or in SOTTO_CREDENTIAL_FILE.',
  });
}
