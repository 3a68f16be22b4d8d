import { type Appliance, startAppliance } from '../../appliance.ts';
import type { Log, Paths } from '../../base/index.ts';
import { shieldProcessMemory, vaultKeySource } from '../../vault/index.ts';
import { deskFolder } from '../desk-folder.ts';
import { readPassphrase } from '../passphrase.ts';
import type { Terminal } from '../terminal.ts';

export interface Hosting {
  readonly paths: Paths;
  readonly host: 'electron' | 'headless';
  readonly desk: string | undefined;
  readonly credential: string | undefined;
  readonly mediaAddress: string | undefined;
  readonly log: Log;
}

/**
 * Starts the appliance for as long as the command runs. A vault under a passphrase is opened here only when
 * SOTTO_PASSPHRASE_FILE names it; otherwise the window asks for it.
 * @throws SottoError what `startAppliance` and `readPassphrase` throw.
 */
export async function runAppliance(terminal: Terminal, hosting: Hosting): Promise<Appliance> {
  const { paths, host, desk, mediaAddress, log } = hosting;
  shieldProcessMemory(); // before the engines start: they inherit that they leave no core files
  const key = await givenKey(hosting);
  const appliance = await startAppliance({
    paths,
    host,
    log,
    ...(desk === undefined ? {} : { deskFolder: deskFolder(desk) }),
    ...(mediaAddress === undefined ? {} : { mediaAddress }),
    ...(key === null ? {} : { unlockWith: key }),
  });
  terminal.closing.defer(() => appliance.close('stopped'));
  return appliance;
}

async function givenKey({ paths, credential }: Hosting) {
  const kind = vaultKeySource(paths);
  const file = process.env.SOTTO_PASSPHRASE_FILE;
  if (kind === 'passphrase' && file) return { kind, passphrase: await readPassphrase(file) } as const;
  if (kind === 'credential' && credential !== undefined) return { kind, file: credential } as const;
  return null;
}
