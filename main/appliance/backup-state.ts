import { z } from 'zod';
import { lastBackupAt, readSetting, type Vault } from '../vault/index.ts';

const recoveryKeySchema = z.object({ kid: z.string() });

/** The recovery key that backups are encrypted to, by its id, and when the last backup was made, epoch milliseconds. */
export function backupState(vault: Vault): {
  readonly recoveryKey: string | null;
  readonly lastBackupAt: number | null;
} {
  return {
    recoveryKey: readSetting(vault, 'backup.recoveryKey', recoveryKeySchema)?.kid ?? null,
    lastBackupAt: lastBackupAt(vault),
  };
}
