import { type AuditLog, openAuditLog } from '../audit/index.ts';
import { defaultDataFolder, type Paths, pathsIn, SottoError, systemClock } from '../base/index.ts';
import { type KeySource, openVault, osKeychain, vaultKeySource } from '../vault/index.ts';
import { findPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

/** The data folder: `--data`, `SOTTO_HOME`, or the platform's place. */
export function dataPaths(data: string | undefined): Paths {
  return pathsIn(data ?? defaultDataFolder());
}

/**
 * Opens the audit log of a data folder, for as long as the command runs.
 * @throws SottoError what `openVault` and `findPassphrase` throw.
 */
export async function openLog(terminal: Terminal, paths: Paths): Promise<AuditLog> {
  const vault = await openVault(paths, await keySource(terminal, paths, process.env), {
    clock: systemClock,
    log: terminal.log,
  });
  terminal.closing.defer(() => vault.close());
  const audit = openAuditLog(vault, { clock: systemClock });
  terminal.closing.defer(() => audit.close());
  return audit;
}

async function keySource(terminal: Terminal, paths: Paths, env: NodeJS.ProcessEnv): Promise<KeySource> {
  switch (vaultKeySource(paths)) {
    case 'passphrase':
      return { kind: 'passphrase', passphrase: await findPassphrase(terminal, env) };
    case 'credential':
      return { kind: 'credential', file: credentialFile(env) };
    default:
      return { kind: 'keychain', keychain: osKeychain() };
  }
}

function credentialFile(env: NodeJS.ProcessEnv): string {
  const file = env.SOTTO_CREDENTIAL_FILE;
  if (file) return file;
  throw new SottoError('vault/key-missing', 'The vault is under a credential file, and none is named.', {
    remedy: 'Name it in SOTTO_CREDENTIAL_FILE.',
  });
}
