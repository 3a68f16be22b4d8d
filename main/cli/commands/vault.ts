import type { Commands } from '../command.ts';
import { addVaultBackups } from './vault-backups.ts';
import { addVaultKeys } from './vault-keys.ts';

/** `sotto vault …`: the keys of the vault, its backups, and how to come back from one. */
export function addVault(commands: Commands): void {
  const program = commands.program
    .command('vault')
    .summary('change the keys of the vault, back it up, restore it')
    .description(
      'Changes the keys of the vault, backs it up and restores it. These commands need the vault to themselves: stop Sotto first.',
    );
  const vault = { ...commands, program };
  addVaultKeys(vault);
  addVaultBackups(vault);
}
