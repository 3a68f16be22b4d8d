import type { Database } from 'better-sqlite3';

/** The operating system's keychain, as a port. Values are short base64 strings. */
export interface Keychain {
  /** For messages: `GNOME Keyring`, `macOS Keychain`, `Windows Credential Manager`. */
  readonly label: string;
  /** @throws SottoError `vault/keychain-unavailable`. */
  get(account: string): Promise<string | null>;
  set(account: string, secret: string): Promise<void>;
  delete(account: string): Promise<void>;
}

/** How the database key is protected; the operator chooses, nothing falls back silently. */
export type KeySource =
  | { readonly kind: 'keychain'; readonly keychain: Keychain }
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  /** A file that systemd (LoadCredential) or IT put there, readable by this user alone. */
  | { readonly kind: 'credential'; readonly file: string }
  /** A random key in memory: the vault dies with the process. */
  | { readonly kind: 'ephemeral' };

export type KeySourceKind = KeySource['kind'];

/** An open vault: the encrypted database, and the secrets kept inside it. */
export interface Vault {
  readonly keySource: KeySourceKind;
  readonly db: Database;
  /**
   * Runs `work` in one immediate transaction; nested calls join it. What the disk refuses is a SottoError
   * (`vault/disk-full`, `vault/damaged`, `vault/read-only`, …).
   */
  transaction<T>(work: () => T): T;
  /** A named secret kept in the database, made on first use. Callers zero their copy when done. */
  secret(name: string, make: () => Buffer): Buffer;
  close(): void;
}

/** What a data folder holds, without opening it. */
export type VaultState = 'absent' | 'locked';
