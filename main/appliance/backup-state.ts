import { lastBackupAt, recoveryKeyOf, type Vault } from '../vault/index.ts';

/** The recovery key that backups are encrypted to, by its id, and when the last backup was made, epoch milliseconds. */
export function backupState(vault: Vault): {
  readonly recoveryKey: string | null;
  readonly lastBackupAt: number | null;
} {
  return { recoveryKey: recoveryKeyOf(vault)?.kid ?? null, lastBackupAt: lastBackupAt(vault) };
}
