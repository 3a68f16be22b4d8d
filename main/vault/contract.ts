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

/** What a data key is for. */
export interface KeyScope {
  readonly kind: 'conversation' | 'subject';
  readonly id: string;
}

/**
 * Keys below the database key, so that one conversation or one subject can be forgotten: once the key is destroyed,
 * what was sealed under it cannot be read again, in the database or in any copy of it. AES-256-GCM; each call joins the
 * transaction that it stands in. All throw SottoError `vault/damaged` for what was changed.
 */
export interface DataKeys {
  /**
   * Makes the key if there is none; a conversation's key may be made under its subject's, which must exist.
   * @throws SottoError `vault/key-destroyed`: what was erased does not come back.
   */
  create(scope: KeyScope, subject?: string | null): void;
  has(scope: KeyScope): boolean;
  /**
   * Encrypts under the newest key of the scope; `context` says what it is (`turn/3/text`) and must be given to open it.
   * @throws SottoError `vault/no-data-key`, `vault/key-destroyed`.
   */
  seal(scope: KeyScope, plain: Uint8Array, context: string): Buffer;
  /** @throws SottoError `vault/key-destroyed`, `vault/damaged`. */
  open(scope: KeyScope, sealed: Buffer, context: string): Buffer;
  /** Puts a conversation under its subject, whose key is made if need be: with the one goes the other. */
  moveUnder(subject: string, conversation: string): void;
  /**
   * A new key in place of the present one. For a conversation `reseal` opens and seals again all that it holds, and
   * the old key is destroyed; a subject's conversations are only wrapped anew and `reseal` is not called.
   */
  rotate(scope: KeyScope, reseal: () => void): void;
  /** Destroys the key for good; a subject's with those of all its conversations. */
  destroy(scope: KeyScope): void;
}

/** An open vault: the encrypted database, and the secrets kept inside it. */
export interface Vault {
  readonly keySource: KeySourceKind;
  readonly db: Database;
  /**
   * Runs `work` in one immediate transaction; nested calls join it. What the disk refuses is a SottoError
   * (`vault/disk-full`, `vault/damaged`, `vault/read-only`, …).
   */
  transaction<T>(work: () => T): T;
  readonly keys: DataKeys;
  /** A named secret kept in the database, made on first use. Callers zero their copy when done. */
  secret(name: string, make: () => Buffer): Buffer;
  close(): void;
}

/** What a data folder holds, without opening it. */
export type VaultState = 'absent' | 'locked';
