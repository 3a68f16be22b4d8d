/**
 * Vault: the keys and the encrypted database. All that Sotto keeps lies in one SQLite file, encrypted from its first
 * byte under a random key; that key lies wrapped in `vault.json`, under a key which the operator's keychain,
 * passphrase or credential file holds. Opening refuses, with a code for each cause, everything that is not exactly the
 * vault that was made; it never makes a new one in its place. The schema of every room is a numbered migration here.
 */
export { type Backup, type BackupRequest, backUp, lastBackupAt, renewKeyring } from './backup/backup.ts';
export type { BackupManifest } from './backup/format.ts';
export {
  makeRecoveryKey,
  type RecoveryPrivateKey,
  type RecoveryPublicKey,
  recoveryKeyOf,
  recoveryPrivateKeySchema,
  recoveryPublicKeySchema,
  setRecoveryKey,
} from './backup/recovery-key.ts';
export { type Restored, type RestoreRequest, restoreBackup, verifyBackup } from './backup/restore.ts';
export type * from './contract.ts';
export { keychainAvailable, osKeychain } from './keychain.ts';
export { toolTables } from './migrations/0005-tools.ts';
export { type ProcessShield, shieldProcessMemory } from './process-memory.ts';
export { changeKeySource, rotateDatabaseKey } from './rotation.ts';
export { readSetting, writeSetting } from './settings.ts';
export { createVault, openVault, type VaultPorts, vaultKeySource, vaultState } from './vault.ts';
