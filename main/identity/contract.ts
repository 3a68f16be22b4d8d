export const ROLES = ['staff', 'supervisor', 'admin', 'auditor', 'privacy'] as const;
export type Role = (typeof ROLES)[number];

export interface Member {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly createdAt: number;
}

export interface Session {
  /** Shown to nobody: 32 random bytes, base64url; kept hashed. */
  readonly token: string;
  readonly member: Member;
  readonly expiresAt: number;
}

export interface Identity {
  /** True until the first administrator exists. */
  readonly empty: boolean;
  /**
   * @throws SottoError `identity/weak-passphrase`, `identity/name-taken`, `identity/bad-name`.
   */
  createMember(
    input: {
      readonly username: string;
      readonly displayName: string;
      readonly passphrase: string;
      readonly roles: readonly Role[];
    },
    actor: string,
  ): Promise<Member>;
  /**
   * Takes the same time whether the name exists or not.
   * @throws SottoError `identity/refused` (wrong name or passphrase), `identity/slow-down` (too many attempts; says for how long).
   */
  signIn(username: string, passphrase: string): Promise<Session>;
  /** The session behind a token, or null when unknown or expired. Extends it. */
  resume(token: string): Session | null;
  signOut(token: string): void;
  members(): readonly Member[];
}
